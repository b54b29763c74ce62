//! Any bytes as a table: nothing panics, and the statistics of a profile are those that it is read as: `cargo fuzz run table`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlspec_lint::data::check::{CheckOptions, check};
use mlspec_lint::data::infer::{InferHead, infer};
use mlspec_lint::data::profile::{ProfileDocument, ProfileHead, profile, to_json};
use mlspec_lint::data::read::TableFormat;
use mlspec_lint::data::sorted::spill_to_memory;

fuzz_target!(|input: (u8, &[u8])| {
    let (format, bytes) = input;
    let format =
        [TableFormat::Csv, TableFormat::Tsv, TableFormat::JsonLines, TableFormat::Parquet][usize::from(format) % 4];
    let options =
        CheckOptions { schema: None, no_schema: None, references: &[], also: &[], new_spill: &spill_to_memory };
    let _ = check("t", format, bytes, options).expect("bytes can be read");
    let head = InferHead { id: "x".into(), name: "x".into(), dataset: None };
    let _ = infer(format, bytes, Some(10), &head).expect("bytes can be read");
    let own = profile(format, bytes).expect("bytes can be read").statistics;
    let document = ProfileDocument::new(ProfileHead::default(), &own);
    let read = document.statistics().expect("what is written can be read");
    let again = ProfileDocument::new(ProfileHead::default(), &read);
    assert_eq!(to_json(&document).ok(), to_json(&again).ok());
});
