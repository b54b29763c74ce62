//! What is asked of a workspace, as keys: documents are found by them, and answers that rest on them are known to be outdated when what
//! they lead to changes.

use crate::documents::roles::ReferenceRole;
use std::borrow::Cow;
use std::hash::{BuildHasher, Hash, RandomState};

use super::index::{DocId, UnreadId};
use crate::documents::Kind;

/// A question about the workspace.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) enum Key<'k> {
    /// What a document says.
    Content(DocId),
    /// What the references of a document lead to.
    Resolutions(DocId),
    /// The documents of a kind.
    OfKind(Kind),
    /// Whether there is no document of a kind, exactly one, or more.
    FewOfKind(Kind),
    /// The documents with an id.
    Id(&'k str),
    /// The objects of a kind with a name, in lower case. The one that is meant comes last.
    Name(Kind, &'k str),
    /// The objects that are not archived and that must be unique: their kind, name in lower case, scope and version.
    Unique(Kind, &'k str, &'k str, &'k str),
    /// The logged requests with an id.
    Requests(&'k str),
    /// The predictions for a request.
    Predictions(&'k str),
    /// Where a metric is logged.
    Metric(&'k str),
    /// Where a metric is logged whose name has these letters and digits.
    MetricLetters(&'k str),
    /// The names of all metrics that are logged.
    MetricNames,
    /// The references of a role, from documents of a kind, that mean the same.
    Meaning(&'k MeantObject<'k>, ReferenceRole, Kind),
    /// The evaluations or tests that belong to some objectives or a model. The newest comes last.
    Measured(&'k MeantObject<'k>, Kind),
    /// Where data with a digest, in lower case, is read.
    Digest(&'k str),
    /// Where data at a place is read.
    Place(&'k str),
    /// The datasets with a digest, in lower case.
    DatasetDigest(&'k str),
    /// The datasets with a digest of an algorithm.
    DigestAlgorithm(&'k str),
    /// The newest record.
    NewestRecord,
    /// The runs that are their own ancestors.
    RunCycles,
    /// The texts that could not be read and hold a word, in lower case.
    Word(&'k str),
    /// The references that may be to what is in a text that could not be read.
    MaybeIn(UnreadId),
}

/// What references have in common that mean the same: the object, or where it is not known, the text without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum MeantObject<'a> {
    Object(DocId),
    Text(&'static [Kind], Cow<'a, str>),
}

/// A key as a number. The hash function is keyed anew in each process, so that no document can bring two keys to one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct KeyHash(u64);

/// The order of what a key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By file and position.
    Place,
    /// What is archived first, then by version.
    Precedence,
    /// By the date of the record.
    Date,
    /// Texts that could not be read, by their names.
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
    /// The order of what the key leads to.
    pub(super) fn order(self) -> Order {
        match self.0 & 3 {
            0 => Order::Place,
            1 => Order::Precedence,
            2 => Order::Date,
            _ => Order::Unread,
        }
    }
}
