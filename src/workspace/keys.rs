//! The queries of a workspace as keys: they index documents, and answers that depend on a key are outdated when its
//! list changes.

use crate::documents::roles::ReferenceRole;
use std::borrow::Cow;
use std::hash::{BuildHasher, Hash, RandomState};

use super::index::{DocId, UnreadId};
use crate::documents::Kind;

/// A query of the workspace.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) enum Key<'k> {
    /// The content of a document.
    Content(DocId),
    /// The targets of the references of a document.
    Resolutions(DocId),
    /// The documents of a kind.
    OfKind(Kind),
    /// Whether there is none, exactly one, or several documents of a kind.
    FewOfKind(Kind),
    /// The documents with an id, in lower case.
    Id(&'k str),
    /// The objects of a kind with a name, in lower case. The preferred one comes last.
    Name(Kind, &'k str),
    /// The non-archived objects that must be unique: their kind, name in lower case, scope and version.
    Unique(Kind, &'k str, &'k str, &'k str),
    /// The logged requests with an id.
    Requests(&'k str),
    /// The predictions for a request.
    Predictions(&'k str),
    /// The inference records of a kind with exactly this text.
    EqualRecords(Kind, &'k str),
    /// Where a metric is logged.
    Metric(&'k str),
    /// Where a metric is logged, by the letters and digits of its name.
    MetricLetters(&'k str),
    /// The names of all logged metrics.
    MetricNames,
    /// The references with a role, from documents of a kind, to the same object.
    Meaning(&'k MeantObject<'k>, ReferenceRole, Kind),
    /// The evaluations or tests that belong to some objectives or a model. The newest comes last.
    Measured(&'k MeantObject<'k>, Kind),
    /// Where data with a digest, in lower case, is read.
    Digest(&'k str),
    /// Where data at a location is read.
    Place(&'k str),
    /// The documents of a kind that are about the content with a digest, in lower case.
    ContentDigest(Kind, &'k str),
    /// The documents of a kind that are about content with a digest of an algorithm.
    DigestAlgorithm(Kind, &'k str),
    /// The newest record.
    NewestRecord,
    /// The runs that are their own ancestors.
    RunCycles,
    /// The texts that could not be read and contain a word, in lower case.
    Word(&'k str),
    /// The references that may be to a document in a text that could not be read.
    MaybeIn(UnreadId),
}

/// The target of references: the object, or if it is not known, their text in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum MeantObject<'a> {
    Object(DocId),
    Text(&'static [Kind], Cow<'a, str>),
}

/// A key as a hash. The hash function is seeded per process, so that a document cannot provoke collisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct KeyHash(u64);

/// The order of a key's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By file and position.
    Place,
    /// Archived objects first, then by version.
    Precedence,
    /// By the date of the record.
    Date,
    /// Texts that could not be read, by name.
    Unread,
}

impl Key<'_> {
    fn order(&self) -> Order {
        match self {
            Self::Name(..) => Order::Precedence,
            Self::Measured(..) => Order::Date,
            Self::Word(_) => Order::Unread,
            _ => Order::Place,
        }
    }

    pub(super) fn hash_with(&self, hasher: &RandomState) -> KeyHash {
        KeyHash((hasher.hash_one(self) & !3) | self.order() as u64)
    }
}

impl KeyHash {
    /// Returns the order of the key's entries.
    pub(super) fn order(self) -> Order {
        match self.0 & 3 {
            0 => Order::Place,
            1 => Order::Precedence,
            2 => Order::Date,
            _ => Order::Unread,
        }
    }
}
