//! No table crashes the tool, uses memory out of proportion, or passes unread: each has a finding, or was read.

use std::io::{self, Read};

use mlspec_lint::data::check::{CheckOptions, check};
use mlspec_lint::data::infer::{InferHead, infer};
use mlspec_lint::data::profile::{ProfileDocument, ProfileHead, profile, to_json};
use mlspec_lint::data::read::{MOST_COLUMNS, MOST_ROW_BYTES, NextRow, RowFault, Table, TableFormat};
use mlspec_lint::data::sorted::spill_to_memory;
use proptest::prelude::*;

use crate::data_check::{checked, found, prepared};

/// Returns the number of rows that were read, and the faults with their lines.
fn read(format: TableFormat, input: impl Read) -> (u64, Vec<(u64, RowFault)>) {
    let mut table = Table::new(format, input);
    let (mut rows, mut faults) = (0, Vec::new());
    loop {
        match table.next_row().unwrap() {
            NextRow::Row(_) => rows += 1,
            NextRow::Bad(bad) => faults.push((bad.place.line, bad.fault)),
            NextRow::End => return (rows, faults),
        }
    }
}

fn csv(text: &[u8]) -> (u64, Vec<(u64, RowFault)>) {
    read(TableFormat::Csv, text)
}

#[test]
fn every_row_that_cannot_be_read_is_told_and_all_others_are_read() {
    let counts = |found| RowFault::FieldCount { found, expected: 2 };
    assert_eq!(csv(b"a,b\n1,2\n3\n4,5,6\n7,8\n"), (2, vec![(3, counts(1)), (4, counts(3))]));
    assert_eq!(csv(b"a,b\n1,\"2\n3,4\n5,6\n"), (2, vec![(2, RowFault::OpenQuote)]));
    // The quote of one row closes that of another: what is between them is no value.
    let two = csv(b"a,b\n1,\"2\n3,4\n5,\"6\n7,8\n");
    assert_eq!(two, (2, vec![(2, RowFault::AfterQuote), (4, RowFault::OpenQuote)]));
    assert_eq!(csv(b"a,b\n1,\"2\"x\n3,4\n"), (1, vec![(2, RowFault::AfterQuote)]));
    assert_eq!(csv(b"a,b\n1,5\" pipe\n3,4\n"), (1, vec![(2, RowFault::QuoteInside)]));
    assert_eq!(csv(b"a,b\n1,\xff\n3,4\n"), (1, vec![(2, RowFault::NotUtf8)]));
    assert_eq!(csv(b"a,b\n1,x\0y\n3,4\n"), (1, vec![(2, RowFault::NulByte)]));
    assert_eq!(csv(b"\xef\xbb\xbfa,b\n1,2"), (1, vec![]));
    let json = |text: &[u8]| read(TableFormat::JsonLines, text);
    assert_eq!(json(b"{\"a\": 1}\n{'a': 1}\n{\"a\": NaN}\n[1]\n{\"a\": 1, \"a\": 2}\n{\"a\": 2}\n").0, 2);
    let faults = json(b"{\"a\": 1}\n{'a': 1}\n[1]\n{\"a\": 1, \"a\": 2}\n{\"a\":\n").1;
    let kinds: Vec<_> = faults.iter().map(|(line, fault)| (*line, fault.kind())).collect();
    let not_json = RowFault::NotJson(String::new()).kind();
    let expected = [(2, not_json), (3, RowFault::NotAnObject.kind()), (4, RowFault::RepeatedKey.kind()), (5, not_json)];
    assert_eq!(kinds, expected);
}

#[test]
fn a_file_that_is_no_table_is_told_at_once() {
    for (bytes, fault) in [
        (&b""[..], RowFault::Empty),
        (b"\n\n", RowFault::Empty),
        (b"\xff\xfea\0,\0b\0", RowFault::OtherEncoding("UTF-16")),
        (b"a\0,\0b\0\n\0", RowFault::OtherEncoding("UTF-16")),
        (b"\x1f\x8b\x08\0", RowFault::OtherEncoding("gzip")),
        (b"PAR1....", RowFault::OtherEncoding("Parquet")),
        (b"a,b,a\n1,2,3\n", RowFault::RepeatedName("a".to_owned())),
        (b"a,,b\n1,2,3\n", RowFault::EmptyName),
    ] {
        assert_eq!(csv(bytes), (0, vec![(1, fault)]), "{bytes:?}");
    }
    assert_eq!(read(TableFormat::JsonLines, &b""[..]), (0, vec![(1, RowFault::Empty)]));
}

/// An input that is made while it is read, and counts how much was asked for at once.
struct Endless {
    piece: &'static [u8],
    left: u64,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        assert!(buffer.len() <= 4 * MOST_ROW_BYTES, "{} bytes are kept", buffer.len());
        let count = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        for byte in &mut buffer[..count] {
            *byte = self.piece[self.at];
            self.at = (self.at + 1) % self.piece.len();
        }
        self.left -= count as u64;
        Ok(count)
    }
}

fn endless(piece: &'static [u8], length: u64) -> Endless {
    Endless { piece, left: length, at: 0 }
}

#[test]
fn a_row_of_any_length_is_skipped_in_little_memory() {
    const LONG: u64 = 100 << 20;
    let rest = &b"\n3,4\n"[..];
    let table = |piece| b"a,b\n1,".chain(endless(piece, LONG)).chain(rest);
    assert_eq!(read(TableFormat::Csv, table(b"x")), (1, vec![(2, RowFault::TooLong)]));
    let (rows, faults) = read(TableFormat::Csv, table(b"x,"));
    assert_eq!((rows, &faults[..]), (1, &[(2, RowFault::TooLong)][..]));
    let json = b"{\"a\": \"".chain(endless(b"x", LONG)).chain(&b"\"}\n{\"a\": 1}\n"[..]);
    assert_eq!(read(TableFormat::JsonLines, json), (1, vec![(1, RowFault::TooLong)]));
    // A header without an end is none.
    let (rows, faults) = read(TableFormat::Csv, endless(b"x", LONG));
    assert_eq!((rows, faults), (0, vec![(1, RowFault::TooLong)]));
}

#[test]
fn a_million_columns_are_told_and_not_read() {
    let header = b"c,".repeat(1_000_000);
    let (rows, faults) = csv(&header);
    assert_eq!((rows, faults.len()), (0, 1));
    assert_eq!(faults[0].1, RowFault::TooManyFields);
    let wide = format!("a,b\n{}\n1,2\n", ",".repeat(1_000_000));
    assert_eq!(csv(wide.as_bytes()), (1, vec![(2, RowFault::FieldCount { found: 1_000_001, expected: 2 })]));
    let keys: String = (0..=MOST_COLUMNS).map(|key| format!("{{\"k{key}\": 1}}\n")).collect();
    let (rows, faults) = read(TableFormat::JsonLines, keys.as_bytes());
    assert_eq!((rows, faults), (MOST_COLUMNS as u64, vec![(MOST_COLUMNS as u64 + 1, RowFault::TooManyFields)]));
}

/// A quote that opens and never closes swallows the rest: reading goes on behind it, but not again and again.
#[test]
fn open_quotes_cost_no_more_than_a_few_readings() {
    struct Counting<'a>(&'a [u8], u64);
    impl Read for Counting<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(buffer)?;
            self.1 += read as u64;
            Ok(read)
        }
    }
    let table = format!("a,b\n{}", "1,\"x\"\"\n".repeat(50_000));
    let mut input = Counting(table.as_bytes(), 0);
    let (rows, faults) = read(TableFormat::Csv, &mut input);
    assert!(!faults.is_empty() && faults.len() < 200_000, "{rows} {}", faults.len());
    assert_eq!(input.1, table.len() as u64);
}

#[test]
fn numbers_beyond_all_bounds_are_findings_and_no_crash() {
    let schema = prepared("fields: [{name: a, type: number, constraints: {maximum: 5}}]\n", None);
    let table =
        "a\n1e999\n-1e999\n1e-999\n0.0000000000000000000000000000000000000001\n99999999999999999999999999\n--1\n1e\n";
    let report = checked(&schema, TableFormat::Csv, table.as_bytes(), &[]);
    let rules: Vec<_> = report.findings.iter().map(|own| own.rule.id).collect();
    let expected = ["data/not-finite", "data/not-finite", "data/out-of-range", "data/wrong-type", "data/wrong-type"];
    assert_eq!(rules, expected, "{:?}", found(&report));
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_reason() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let options =
        CheckOptions { schema: None, no_schema: None, references: &[], also: &[], new_spill: &spill_to_memory };
    let report = check("t.csv", TableFormat::Csv, b"a\n1\n".chain(Broken), options).unwrap();
    let found: Vec<_> = report.findings.iter().map(|own| (own.rule.id, own.message.as_str())).collect();
    assert_eq!(found, [("document/unreadable", "the table cannot be read beyond byte 4: the disk is gone")]);
    assert_eq!(report.statistics.rows, 1);
    assert!(profile(TableFormat::JsonLines, Broken).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever the bytes: nothing panics, each line is a row or a fault at most, and the places lie in the file.
    #[test]
    fn any_bytes_are_read_to_their_end(
        bytes in prop::collection::vec(prop::sample::select(b"a,1\"\n\r{}:. \xff\0-e;x".to_vec()), 0..300),
        is_json in any::<bool>(),
    ) {
        let format = if is_json { TableFormat::JsonLines } else { TableFormat::Csv };
        let options = CheckOptions { schema: None, no_schema: None, references: &[], also: &[], new_spill: &spill_to_memory };
        let report = check("t", format, &bytes[..], options).unwrap();
        let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
        prop_assert!(report.statistics.rows + report.unread <= lines);
        prop_assert!(report.statistics.rows > 0 || !report.findings.is_empty() || report.unread == 0);
        for finding in &report.findings {
            let place = report.source.line_col(finding.place.span.start);
            prop_assert!(u64::from(place.line) <= lines && place.line > 0 && place.column > 0);
            prop_assert!(report.source.whole_offset(finding.place.span.start) <= bytes.len() as u64);
        }
        // What is written of the statistics is all of them.
        let document = ProfileDocument::new(ProfileHead::default(), &report.statistics);
        let read = document.statistics().unwrap();
        let again = ProfileDocument::new(ProfileHead::default(), &read);
        prop_assert_eq!(to_json(&document).unwrap(), to_json(&again).unwrap());
        let head = InferHead { id: "x".into(), name: "x".into(), dataset: None };
        let _ = infer(format, &bytes[..], Some(5), &head).unwrap();
    }
}
