//! Data is checked against its schema: every row, at the exact place, with exact counts, in bounded memory.

use mlspec_lint::analysis::{Options, members};
use mlspec_lint::data::check::{CheckOptions, DataReport, PreparedSchema, ReferenceData, check};
use mlspec_lint::data::profile::profile;
use mlspec_lint::data::read::TableFormat;
use mlspec_lint::data::sorted::spill_to_memory;
use mlspec_lint::diagnostics::MOST_PLACES;
use mlspec_lint::documents::Document;

const HEAD: &str = "mlSpecVersion: 0.2.0\nkind: data-schema\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a05\nname: loans\nversion: 1.0.0\n\
                    status: Active\nenvironments: [training, serving]\n";

pub(crate) fn prepared(rest: &str, environment: Option<&str>) -> PreparedSchema {
    let text = format!("{HEAD}{rest}");
    let member = members("schema.yml", &text, &Options::default()).pop().unwrap();
    let Some(Document::DataSchema(typed)) = member.typed() else { panic!("{text}") };
    PreparedSchema::new(typed, &member.tree, environment)
}

pub(crate) fn checked(
    schema: &PreparedSchema,
    format: TableFormat,
    table: &[u8],
    references: &[ReferenceData],
) -> DataReport {
    let options =
        CheckOptions { schema: Some(schema), no_schema: None, references, also: &[], new_spill: &spill_to_memory };
    check("t", format, table, options).unwrap()
}

/// Returns place, rule and message of each finding.
pub(crate) fn found(report: &DataReport) -> Vec<String> {
    let line = |own: &mlspec_lint::diagnostics::Finding| {
        format!("{} {}: {}", report.source.line_col(own.place.span.start), own.rule.id, own.message)
    };
    report.findings.iter().map(line).collect()
}

fn of(rest: &str, table: &str) -> Vec<String> {
    found(&checked(&prepared(rest, None), TableFormat::Csv, table.as_bytes(), &[]))
}

#[test]
fn places_are_those_of_the_file_whatever_stands_before() {
    let schema = "fields: [{name: a, type: string}, {name: b, type: integer}]\n";
    for (table, place) in [
        ("a,b\nx,y\n", "2:3"),
        ("a,b\r\nx,1\r\nx,y\r\n", "3:3"),
        ("a,b\rx,1\rx,y\r", "3:3"),
        ("\u{feff}a,b\n\n\nxé,y\n", "4:4"),
        ("a,b\n\"x\ny\",y\n", "3:4"),
        ("a,b\n\"x, \"\"\",\"y\"\n", "2:9"),
        ("b,a\ny,x\n", "2:1"),
        ("a;b\nx,1;y\n", "2:5"),
    ] {
        let found = of(schema, table);
        assert_eq!(found.len(), 1, "{table:?} {found:?}");
        assert!(found[0].starts_with(&format!("{place} data/wrong-type")), "{table:?} {found:?}");
    }
    let json = "{\"b\": 1, \"a\": \"x\"}\n\n{ \"a\": \"é\\u0041\", \"b\": \"y\" }\n";
    let report = checked(&prepared(schema, None), TableFormat::JsonLines, json.as_bytes(), &[]);
    assert_eq!(found(&report), ["3:24 data/wrong-type: 'y' is not an integer ('b', row 2)"]);
    assert_eq!(report.source.whole_offset(report.findings[0].place.span.start), json.find("\"y\"").unwrap() as u64);
}

#[test]
fn counts_are_exact_and_the_first_places_are_listed() {
    let mut table = "a\n".to_owned();
    (0..30_000).for_each(|row| table.push_str(if row % 100 == 7 { "9\n" } else { "50\n" }));
    let schema = prepared("fields: [{name: a, type: integer, constraints: {minimum: 18}}]\n", None);
    let report = checked(&schema, TableFormat::Csv, table.as_bytes(), &[]);
    let all = found(&report);
    assert_eq!((all.len(), report.unlisted.len()), (300, 0));
    assert_eq!(all[0], "9:1 data/out-of-range: '9' is below the minimum 18 ('a', row 8)");
    assert_eq!(all[299], "29909:1 data/out-of-range: '9' is below the minimum 18 ('a', row 29908)");
    // Beyond the places that are kept, findings are counted.
    let report = checked(&schema, TableFormat::Csv, table.replace("50", "5").as_bytes(), &[]);
    let unlisted: Vec<_> = report.unlisted.iter().map(|own| (own.rule.id, own.pointer.as_str(), own.count)).collect();
    assert_eq!((report.findings.len(), unlisted), (MOST_PLACES, vec![("data/out-of-range", "/a", 29_000)]));
}

#[test]
fn memory_does_not_grow_with_what_is_wrong() {
    let schema = prepared("fields: [{name: a, type: integer}, {name: b, type: boolean}]\n", None);
    let size = |rows: usize| {
        let table = format!("a,b\n{}", "x,maybe\n1,2,3\n\"y\"z,1\n".repeat(rows));
        let report = checked(&schema, TableFormat::Csv, table.as_bytes(), &[]);
        assert_eq!(report.unread, 2 * rows as u64);
        (report.source.text().len(), report.findings.iter().map(|own| 1 + own.related.len()).sum::<usize>())
    };
    assert_eq!(size(1000), size(10_000));
}

#[test]
fn uniqueness_is_exact() {
    let mut rows: Vec<String> = (0..600_000).map(|row| format!("k{row}")).collect();
    rows[599_999] = "k3".to_owned();
    rows[400_000] = "k3".to_owned();
    rows[500_000] = "k17".to_owned();
    let table = format!("id\n{}\n", rows.join("\n"));
    let found = of("fields: [{name: id, type: string, constraints: {unique: true}}]\n", &table);
    assert_eq!(
        found,
        ["400002:1 data/not-unique: 2 values of 'id' occur more than once, in 5 rows; first in rows 4 and 400001"]
    );
    let keys = "primaryKey: [a, b]\nfields: [{name: a, type: string}, {name: b, type: number}]\n";
    assert_eq!(of(keys, "a,b\nx,1\nx,2\ny,1\n"), [""; 0]);
    assert_eq!(
        of(keys, "a,b\nx,1\nx,1.0\n"),
        ["3:1 data/not-unique: a value of 'a' and 'b' occurs 2 times; first in rows 1 and 2"]
    );
}

#[test]
fn fields_match_as_table_schema_says() {
    let fields = "fields: [{name: a, type: string}, {name: b, type: string}]\n";
    for (how, header, wrong) in [
        ("exact", "a,b", 0),
        ("exact", "b,a", 1),
        ("equal", "b,a", 0),
        ("equal", "a", 1),
        ("equal", "a,b,c", 1),
        ("subset", "a", 0),
        ("subset", "a,c", 1),
        ("superset", "a,b,c", 0),
        ("superset", "a,c", 1),
        ("partial", "a,c", 0),
        ("partial", "c", 1),
    ] {
        let found = of(&format!("fieldsMatch: {how}\nrows: {{minimum: 0}}\n{fields}"), &format!("{header}\n"));
        assert_eq!(found.len(), wrong, "{how} {header}: {found:?}");
    }
}

#[test]
fn environments_have_fields_of_their_own() {
    let fields = "rows: {minimum: 0}\nfields: [{name: a, type: string}, {name: label, type: integer, role: label, notIn: [serving]}]\n";
    for (environment, header, rule) in [
        (None, "a", None),
        (None, "a,label", None),
        (Some("training"), "a", Some("data/missing-field")),
        (Some("serving"), "a", None),
        (Some("serving"), "a,label", Some("data/unexpected-field")),
    ] {
        let schema = prepared(fields, environment);
        let found = found(&checked(&schema, TableFormat::Csv, format!("{header}\n").as_bytes(), &[]));
        assert_eq!(found.len(), usize::from(rule.is_some()), "{environment:?} {header}: {found:?}");
        assert!(rule.is_none_or(|rule| found[0].contains(rule)), "{found:?}");
    }
}

#[test]
fn values_about_persons_are_not_shown() {
    let schema = "fields: [{name: email, type: string, format: email}, {name: salary, type: integer, classification: sensitive}, \
                  {name: code, type: integer}]\n";
    let report =
        checked(&prepared(schema, None), TableFormat::Csv, b"email,salary,code\nnobody,12k,jo@example.org\n", &[]);
    let text = format!("{:?}", found(&report));
    for secret in ["nobody", "12k", "jo@"] {
        assert!(!text.contains(secret), "{text}");
        let at = report.source.text().find(secret).unwrap() as u32;
        assert!(report.secrets.iter().any(|span| span.start <= at && at < span.end), "{secret}");
    }
    let rules: Vec<_> = report.findings.iter().map(|own| own.rule.id).collect();
    assert_eq!(rules, ["data/looks-personal", "data/pattern-mismatch", "data/wrong-type", "data/wrong-type"]);
}

#[test]
fn a_label_that_another_field_tells_is_found() {
    let schema = "fields: [{name: paid_on, type: date}, {name: income, type: integer}, {name: default, type: integer, role: label, categories: [0, 1]}]\n";
    let row = |row: u32| {
        if row.is_multiple_of(3) { format!(",{},1\n", row + 5) } else { format!("2026-03-04,{},0\n", row + 5) }
    };
    let leak = format!("paid_on,income,default\n{}", (0..90).map(row).collect::<String>());
    let found = of(schema, &leak);
    assert!(
        found.contains(&"1:1 data/label-leak: 'paid_on' is missing exactly where 'default' is 1".to_owned()),
        "{found:?}"
    );
    let row = |row: u32| {
        if row.is_multiple_of(5) {
            format!(",{},{}\n", row + 5, row % 2)
        } else {
            format!("2026-03-{:02},{},{}\n", row % 28 + 1, row + 5, row % 2)
        }
    };
    assert_eq!(of(schema, &format!("paid_on,income,default\n{}", (0..90).map(row).collect::<String>())), [""; 0]);
}

fn reference(table: &str, is_same_environment: bool) -> ReferenceData {
    let statistics = profile(TableFormat::Csv, table.as_bytes()).unwrap().statistics;
    ReferenceData { name: "training".to_owned(), statistics, is_same_environment }
}

fn incomes(range: std::ops::Range<u32>) -> String {
    format!("income\n{}", range.map(|own| format!("{own}\n")).collect::<String>())
}

#[test]
fn drift_and_skew_are_found_beyond_chance() {
    let schema =
        prepared("fields: [{name: income, type: integer, drift: {js_divergence: 0.1}, skew: {linf: 0.2}}]\n", None);
    let of = |current: &str, before: &ReferenceData| {
        found(&checked(&schema, TableFormat::Csv, current.as_bytes(), std::slice::from_ref(before)))
    };
    let is = |found: &[String], rule: &str| found.iter().any(|own| own.contains(rule));
    let (before, elsewhere) = (reference(&incomes(0..1000), true), reference(&incomes(0..1000), false));
    let moved = of(&incomes(600..1600), &before);
    assert!(
        is(
            &moved,
            "data/drift: js_divergence of 'income' is 0.483, above 0.1 (chance alone: 0.00613); compared with training"
        ),
        "{moved:?}"
    );
    assert!(is(&of(&incomes(600..1600), &elsewhere), "data/skew: linf of 'income' is 0.6, above 0.2"));
    let same = of(&incomes(0..1000), &before);
    assert!(
        !is(&same, "data/drift") && is(&same, "data/not-compared: the schema limits the skew of 'income'"),
        "{same:?}"
    );
    // Twenty rows tell neither that there is drift, nor that there is none.
    let few = of(&incomes(100..120), &reference(&incomes(0..20), true));
    assert!(is(&few, "data/drift"), "no chance makes two ranges disjoint: {few:?}");
    let few = of(&incomes(3..23), &reference(&incomes(0..20), true));
    assert!(
        is(&few, "data/not-compared: 20 and 20 rows cannot tell whether js_divergence of 'income' is above 0.1"),
        "{few:?}"
    );
    let text = of("income\nhigh\nlow\n", &before);
    assert!(is(&text, "data/schema-skew: 'income' is string here, and integer in training"), "{text:?}");
    let other = of(&incomes(0..1000), &reference("age\n1\n", true));
    assert!(is(&other, "data/not-compared: 'income' is not in training"), "{other:?}");
}
