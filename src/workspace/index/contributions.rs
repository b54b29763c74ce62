//! The keys under which a document is entered in the index.

use rustc_hash::FxHashSet;

use super::{DocId, Index};
use crate::documents::Kind;
use crate::workspace::data::algorithm;
use crate::workspace::document::Member;
use crate::workspace::keys::{Key, KeyHash};
use crate::workspace::metric_index::letters;
use crate::workspace::names::lower;
use crate::workspace::view::{Resolution, Workspace, target};

/// A key under which a document is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::workspace) struct Contribution {
    pub(in crate::workspace) key: KeyHash,
    pub(in crate::workspace) at: u32,
}

impl Index {
    /// Returns the entries of a document's own content.
    pub(super) fn own_contributions(&self, member: &Member) -> Vec<Contribution> {
        let mut contributions = Vec::new();
        let mut add = |key: Key<'_>, at: u32| contributions.push(Contribution { key: self.hash(key), at });
        add(Key::OfKind(member.kind), 0);
        if let Some(id) = member.id() {
            add(Key::Id(&lower(id)), 0);
        }
        for name in member.names() {
            add(Key::Name(member.kind, &name), 0);
        }
        member.with_identity(|key| add(key, 0));
        match member.kind {
            Kind::InferenceLog | Kind::InferenceRequest | Kind::InferencePrediction => {
                if let Some((request, _)) = member.about_request("requestId") {
                    let is_prediction = member.kind == Kind::InferencePrediction;
                    add(if is_prediction { Key::Predictions(request) } else { Key::Requests(request) }, 0);
                    add(Key::EqualRecords(member.kind, member.written()), 0);
                }
            }
            Kind::Artifact | Kind::Dataset | Kind::Model | Kind::PipelineRun | Kind::Run | Kind::Transformation => {
                for digest in member.content_digests() {
                    add(Key::ContentDigest(member.kind, &digest), 0);
                    add(Key::DigestAlgorithm(member.kind, algorithm(&digest)), 0);
                }
            }
            _ => {}
        }
        let mut seen = FxHashSet::default();
        for (name, node) in member.logged_metrics().filter(|(name, _)| seen.insert(*name)) {
            add(Key::Metric(name), node.to_raw());
            add(Key::MetricLetters(&letters(name)), node.to_raw());
        }
        contributions
    }
}

impl Workspace<'_> {
    /// Returns the entries that the references of a document imply for others.
    pub(super) fn linked_contributions(self, id: DocId) -> Vec<Contribution> {
        let mut contributions = Vec::new();
        let Some(member) = self.member(id) else { return contributions };
        let mut add = |key: Key<'_>, at: u32| contributions.push(Contribution { key: self.index().hash(key), at });
        for (number, (reference, resolution)) in (0..).zip(self.references_of(id)) {
            add(Key::Meaning(&target(member, reference, resolution), reference.role, member.kind), number);
            if let Resolution::Unread(text) = resolution {
                add(Key::MaybeIn(*text), number);
            }
        }
        if matches!(member.kind, Kind::Evaluation | Kind::Test) {
            let belongs_to = if member.has("objectives") { Kind::Objectives } else { Kind::Model };
            if let Some(target) = self.target_of_kind(id, belongs_to) {
                add(Key::Measured(&target, member.kind), 0);
            }
        }
        if matches!(member.kind, Kind::Evaluation | Kind::Test | Kind::Run | Kind::PipelineRun | Kind::Split) {
            for data in self.data_read_by(id) {
                if let Some(digest) = &data.digest {
                    add(Key::Digest(digest), data.node.to_raw());
                }
                if let Some(place) = &data.place {
                    add(Key::Place(place), data.node.to_raw());
                }
            }
        }
        contributions
    }
}
