//! The records of all logs and documents, on their way to being compared.

use std::io;

use rustc_hash::FxHashMap;

use crate::cli::check_data::new_spill;
use crate::cli::output;
use crate::documents::Kind;
use crate::records::{ComparedRecords, MOST_IN_MEMORY, RecordComparison, RecordEntry, TextHasher, entry_of};
use crate::workspace::Member;

/// The comparison of all records, until something goes wrong.
pub(super) struct AcrossLogs {
    comparison: RecordComparison<'static>,
    error: Option<io::Error>,
}

impl AcrossLogs {
    pub fn new() -> Self {
        Self { comparison: RecordComparison::new(&new_spill, MOST_IN_MEMORY), error: None }
    }

    /// Notes that there are requests.
    pub fn keep_requests(&mut self) {
        self.comparison.keep_requests();
    }

    /// Adds the records of a file with this number.
    pub fn add(&mut self, entries: Vec<RecordEntry>, file: Option<&u32>) {
        let Some(file) = file else { return };
        for entry in entries {
            if self.error.is_none() {
                self.error = self.comparison.add(RecordEntry { file: *file, ..entry }).err();
            }
        }
    }

    /// Adds a record that was read as a document.
    pub fn add_member(&mut self, member: &Member, numbers: &FxHashMap<String, u32>, hasher: &TextHasher) {
        if matches!(member.kind, Kind::InferenceLog | Kind::InferenceRequest) {
            self.comparison.keep_requests();
        }
        let entry = entry_of(member, u64::from(member.position), |_| false, hasher);
        self.add(entry.into_iter().collect(), numbers.get(member.file()));
    }

    /// Compares all records. If they could not be stored, nothing is compared, which is told.
    pub fn finish(self) -> ComparedRecords {
        let result = match self.error {
            Some(error) => Err(error),
            None => self.comparison.finish(),
        };
        result.unwrap_or_else(|error| {
            output::notice(format_args!(
                "warning: records are not compared with each other, since they cannot be stored in {}: {error}",
                std::env::temp_dir().display()
            ));
            ComparedRecords::default()
        })
    }
}
