//! What records of inferences are among all others, where there are more of them than are kept in memory.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::index::DocId;
use super::view::Workspace;

/// What decides about rules that compare a record with all others.
#[derive(Clone, Debug, Default)]
pub enum AcrossRecords {
    /// All records are in the index.
    #[default]
    InIndex,
    /// Nothing is known yet, and nothing is said.
    Elsewhere,
    /// All records were compared; these stand out. The index has the records that each is compared with.
    Judged(FxHashMap<RecordPosition, JudgedRecord>),
}

/// The file and the 0-based position of a record among the documents of the file that are in the index.
pub type RecordPosition = (Arc<str>, u32);

/// What a record is among all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JudgedRecord {
    /// Whether it is a prediction that belongs to no request, to one of another application, or to a later one.
    pub is_uncorrelated: bool,
    /// If it is the first of several predictions for a request, none of which is final: their number.
    pub repeated: Option<u64>,
    /// If it is the first of several equal records: their number.
    pub duplicated: Option<u64>,
}

impl Workspace<'_> {
    /// Returns what a record is among all others; the outer `None` if that follows from the index.
    #[must_use]
    pub fn judged(self, id: DocId) -> Option<JudgedRecord> {
        match &self.index().across {
            AcrossRecords::InIndex => None,
            AcrossRecords::Elsewhere => Some(JudgedRecord::default()),
            AcrossRecords::Judged(records) => {
                let place = self.member(id).map(|member| (Arc::from(member.file()), member.position));
                Some(place.and_then(|place| records.get(&place).copied()).unwrap_or_default())
            }
        }
    }
}
