//! Logs of inference records, line by line and without a limit of size.
//!
//! ```text
//!  bytes ──▶ decode ──▶ chunks of whole lines ──▶ recogniser ── sure ──────▶ counts ──▶ report
//!          (one thread)    (1 MiB, in order)        └─ not sure ──▶ document ┘
//! ```
//!
//! Most lines of a log are clean. The [`Recogniser`] is sure of them at the cost of reading them; the others are checked as documents, which
//! alone makes findings. All findings are counted, and the lines of the first ones are [kept](KeptLine): the report is made of these few
//! lines, as if they were the file, by the same code that checks any other document. Memory does not depend on the length of a log.

mod across;
mod batch;
mod chunk_check;
mod chunks;
mod fields;
mod format_in_force;
mod formatted_lines;
mod kept;
mod key_memo;
mod line_format;
mod lines;
mod log;
mod moment;
mod observe;
mod pick;
mod range;
mod reading;
mod recognise;
mod scan;
mod statistics;
mod strings;
mod summary;
mod values;
mod view;
mod whole;

pub use across::{
    ComparedRecords, EntryPlace, MOST_IN_MEMORY, RecordComparison, RecordEntry, RequestKey, TextHasher, role_of,
};
pub use batch::entry_of;
pub use chunks::LONGEST_LINE;
pub use fields::{FieldDemand, RecordSection, fields_of};
pub use kept::{KeptLine, LogExcerpt, UnreadLine, excerpt_of, in_order};
pub use line_format::{FormatError, LineField, LineFormat, LineKind, NAMED_FORMATS, WrittenLine, kind_of_lines};
pub use lines::looks_like_lines;
pub use log::{CheckedLog, Log, OnRecords};
pub use observe::{ObservedEnd, ObservedPart, RecordObserver, SeenRecord};
pub use pick::pick;
pub use range::{ByteRange, WholeLines};
pub use recognise::{Recogniser, SureRecord};
pub use statistics::{MOST_FIELDS, RecordStatistics, StatisticsPart, UNTOLD, add_value};
pub use summary::{LogSummary, SUMMARY_VERSION, SummaryError, SummaryRange, SummedLog};
pub use view::{RecordField, RecordValue, RecordView};
pub use whole::complete;
