//! A schema that is inferred from thirty rows reports nothing on the further rows of the same source, whatever its shape.

use std::fmt::Write;

use mlspec_lint::analysis::{Options, lint_text, members};
use mlspec_lint::data::check::{CheckOptions, PreparedSchema, check};
use mlspec_lint::data::infer::{InferHead, infer};
use mlspec_lint::data::read::TableFormat;
use mlspec_lint::data::sorted::spill_to_memory;
use mlspec_lint::documents::Document;

/// Random numbers that are the same in each run (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn is(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

type WriteRow = fn(&mut Random, u64, &mut String);

/// Ten tables: name, header, and what writes a row.
const SHAPES: &[(&str, &str, WriteRow)] = &[
    ("loans.csv", "id,income,purpose,defaulted", |random, row, out| {
        let income = if random.is(2) { String::new() } else { random.below(9000).to_string() };
        let purpose = ["car", "house", "other"][(random.below(10) / 4) as usize];
        let _ = writeln!(out, "L{row},{income},{purpose},{}", u64::from(random.is(20)));
    }),
    ("prices.csv", "item,price,quantity,day", |random, row, out| {
        let cents = if random.is(5) { random.below(100) } else { 0 };
        let (price, day) = (random.below(500), random.below(28) + 1);
        let price = if cents > 0 { format!("{price}.{cents:02}") } else { price.to_string() };
        let _ = writeln!(out, "{},{price},{},2026-03-{day:02}", row % 977, random.below(40));
    }),
    ("people.csv", "email,first_name,zip,age,active", |random, row, out| {
        let active = if random.is(60) { "yes" } else { "no" };
        let _ = writeln!(
            out,
            "u{row}@example.org,N{},{:05},{},{active}",
            random.below(90),
            random.below(99_999),
            random.below(90)
        );
    }),
    ("sensors.tsv", "at\tsensor\tcelsius\tstate", |random, row, out| {
        let value = if random.is(3) { "NA".to_owned() } else { format!("{}.{}", random.below(40), random.below(10)) };
        let state = if random.is(1) { "fault" } else { "ok" };
        let _ = writeln!(
            out,
            "2026-01-01T{:02}:{:02}:00Z\ts{}\t{value}\t{state}",
            row / 60 % 24,
            row % 60,
            random.below(4)
        );
    }),
    ("texts.csv", "id,text,stars", |random, row, out| {
        let words = ["good", "\"\"fine\"\"", "so, so", "bad\nand worse", "süß"];
        let text: Vec<&str> = (0..=random.below(6)).map(|_| words[random.below(5) as usize]).collect();
        let _ = writeln!(out, "{row},\"{}\",{}", text.join(" "), random.below(5) + 1);
    }),
    ("codes.csv", "code;country;amount", |random, _, out| {
        let country = ["DE", "FR", "NA", "US"][random.below(4) as usize];
        let _ = writeln!(out, "{:06};{country};{}", random.below(999_999), random.below(1_000_000) as f64 / 100.0);
    }),
    ("rare.csv", "kind,value", |random, row, out| {
        let kind = if random.is(1) {
            format!("rare{}", random.below(50))
        } else {
            ["a", "b"][random.below(2) as usize].to_owned()
        };
        let _ = writeln!(out, "{kind},{}", (row as f64).ln());
    }),
    ("events.jsonl", "", |random, row, out| {
        let extra = if random.is(1) { ", \"debug\": {\"a\": [1, 2]}" } else { "" };
        let score = if random.is(5) { "null".to_owned() } else { format!("{}.5", random.below(9)) };
        let ok = random.is(90);
        let _ = writeln!(out, "{{\"id\": \"e{row}\", \"score\": {score}, \"tags\": [{row}], \"ok\": {ok}{extra}}}");
    }),
    ("wide.csv", "a,b,c,d,e,f,g,h", |random, _, out| {
        let cells: Vec<String> =
            (0..8).map(|at| if random.is(at * 10) { String::new() } else { random.below(7).to_string() }).collect();
        let _ = writeln!(out, "{}", cells.join(","));
    }),
    ("flags.csv", "flag,label,when", |random, _, out| {
        let flag = if random.is(50) { "TRUE" } else { "FALSE" };
        let _ = writeln!(
            out,
            "{flag},{},{}/{:02}/2026",
            u64::from(random.is(10)),
            random.below(12) + 1,
            random.below(28) + 1
        );
    }),
];

fn table(shape: &(&str, &str, WriteRow), seed: u64, rows: u64) -> String {
    let (_, header, write) = shape;
    let mut random = Random(seed);
    let mut text = if header.is_empty() { String::new() } else { format!("{header}\n") };
    (0..rows).for_each(|row| write(&mut random, row, &mut text));
    text
}

#[test]
fn further_rows_of_the_same_source_have_no_findings() {
    let mut false_alarms = Vec::new();
    for shape in SHAPES {
        let name = shape.0;
        let format = TableFormat::by_name(name).unwrap();
        for seed in 0..4 {
            let text = table(shape, seed, 10_000);
            let head =
                InferHead { id: "0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a05".into(), name: "inferred".into(), dataset: None };
            let inferred = infer(format, text.as_bytes(), Some(30), &head).unwrap();
            assert_eq!((inferred.rows, inferred.unread), (30, 0), "{name}: {:?}", inferred.first_unread);
            let document = lint_text("schema.yml", &inferred.text, &Options::default());
            let said: Vec<_> = document.findings.iter().map(|own| own.rule.id).collect();
            assert_eq!(said, ["data-schema/not-reviewed"], "{}\n{:#?}", inferred.text, document.findings);
            let member = members("schema.yml", &inferred.text, &Options::default()).pop().unwrap();
            let Some(Document::DataSchema(schema)) = member.typed() else { panic!("{}", inferred.text) };
            let prepared = PreparedSchema::new(schema, &member.tree, None);
            let options = CheckOptions {
                schema: Some(&prepared),
                no_schema: None,
                references: &[],
                also: &[],
                new_spill: &spill_to_memory,
            };
            let checked = check(name, format, text.as_bytes(), options).unwrap();
            assert_eq!(checked.statistics.rows, 10_000, "{name}");
            let messages =
                checked.findings.iter().map(|own| format!("{name} {seed}: {}: {}", own.rule.id, own.message));
            false_alarms.extend(messages);
        }
    }
    assert!(false_alarms.is_empty(), "{}", false_alarms.join("\n"));
}

/// Types and categories are there, so that a schema that says nothing at all would not pass.
#[test]
fn what_a_sample_supports_is_written_and_the_rest_is_a_comment() {
    let head = InferHead {
        id: "0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a05".into(),
        name: "loans".into(),
        dataset: Some("loans@1.0.0".into()),
    };
    let text = table(&SHAPES[0], 7, 30);
    let inferred = infer(TableFormat::Csv, text.as_bytes(), Some(30), &head).unwrap().text;
    for line in [
        "inferredFrom: {numExamples: 30}",
        "  - name: \"purpose\"\n    type: string\n    presence: {minimum: 0.86} # never missing; at most 13.8 % are, with 99 % confidence\n    \
         categories: [\"car\", \"house\", \"other\"]\n    domain: {minimum: 0.86} # others were not seen",
        "    categories: [0, 1]\n",
        "    # constraints: {unique: true} # all 30 differ, as of 145 or more different ones",
        "# seen; the next one is outside with 6.5 %",
    ] {
        assert!(inferred.contains(line), "{line}\n{inferred}");
    }
    assert!(!inferred.lines().any(|line| !line.contains('#') && line.contains("minimum")), "{inferred}");
    assert!(!inferred.contains("required: true"), "{inferred}");
}
