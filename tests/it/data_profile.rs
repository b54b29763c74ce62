//! Statistics of the parts of a table add up to those of the whole, byte by byte, and a profile is a document that checks clean.

use mlspec_lint::analysis::{Options, lint_text, members};
use mlspec_lint::data::profile::{ProfileDocument, ProfileHead, profile, to_json, to_yaml};
use mlspec_lint::data::read::TableFormat;
use mlspec_lint::data::statistics::TableStatistics;

use crate::data_infer::Random;

fn head() -> ProfileHead {
    ProfileHead {
        ml_spec_version: "0.2.0".into(),
        kind: "profile".into(),
        id: "0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a03".into(),
        name: "loans-profile".into(),
        dataset: "loans".into(),
        performed_on: "2026-08-02T05:00:00Z".into(),
        ..ProfileHead::default()
    }
}

fn statistics(format: TableFormat, text: &str) -> TableStatistics {
    let read = profile(format, text.as_bytes()).unwrap();
    assert_eq!(read.unread, 0, "{:?}", read.first_unread);
    read.statistics
}

fn written(statistics: &TableStatistics) -> String {
    to_json(&ProfileDocument::new(head(), statistics)).unwrap()
}

/// Reads the statistics of a profile from its text, as `profile merge` does.
fn read(text: &str) -> TableStatistics {
    let member = members("p.yml", text, &Options::default()).pop().expect("a profile");
    ProfileDocument::read(&member.tree, member.root).unwrap().statistics().unwrap()
}

const HEADER: &str = "id,income,tiny,purpose,email,note,opened,flag,key";

/// Rows in which values are many and few, long and short, missing, not finite, personal and secret.
fn rows(count: u64) -> Vec<String> {
    let mut random = Random(42);
    let income = |random: &mut Random| match random.below(12) {
        0 => String::new(),
        1 => "NaN".to_owned(),
        2 => "1e999".to_owned(),
        3 => format!("-{}.25", random.below(1_000_000)),
        _ => format!("{}e{}", random.below(1000), random.below(40)),
    };
    let row = |row: u64| {
        let income = income(&mut random);
        let purpose = ["car", "house", "", "other", "süß"][random.below(5) as usize];
        let note = if row == 777 { "x".repeat(200) } else { format!("n{}", random.below(3)) };
        let opened = if random.below(2) == 0 { "2026-03-04" } else { "03/04/2026" };
        let key = if row == 1500 { "ghp_abcdefghijklmnopqrstuvwxyz0123456789" } else { "none" };
        format!(
            "L{row},{income},{}e-320,{purpose},u{row}@example.org,{note},{opened},{},{key}",
            random.below(99),
            ["yes", "no"][random.below(2) as usize]
        )
    };
    (0..count).map(row).collect()
}

#[test]
fn any_partition_adds_up_to_the_same_bytes() {
    let rows = rows(3000);
    let whole = statistics(TableFormat::Csv, &format!("{HEADER}\n{}\n", rows.join("\n")));
    let expected = written(&whole);
    let mut random = Random(1);
    for partition in 0..100 {
        let count = 1 + random.below(12) as usize;
        let mut parts = vec![format!("{HEADER}\n"); count];
        for row in &rows {
            let part = random.below(count as u64) as usize;
            parts[part].push_str(row);
            parts[part].push('\n');
        }
        // Those of half of the partitions are written and read again, as on several machines.
        let of = |part: &String| {
            let own = statistics(TableFormat::Csv, part);
            if partition % 2 == 0 { read(&written(&own)) } else { own }
        };
        let mut all: Vec<TableStatistics> = parts.iter().map(of).collect();
        // In another order each time.
        let first = random.below(count as u64) as usize;
        all.rotate_left(first);
        let mut sum = all.remove(0);
        all.iter().for_each(|part| sum.merge(part));
        let own = written(&sum);
        let difference = own.lines().zip(expected.lines()).find(|(own, expected)| own != expected);
        assert!(own == expected, "partition {partition} of {count}: {difference:?}");
    }
}

#[test]
fn a_profile_checks_clean_in_both_forms_whatever_the_data() {
    let hostile = "\"a, \"\"b\"\"\",<<,x-note,on,\"TODO\"\n\"TODO\",\"\u{7f}\u{2028}\",1,2026-02-30,http://example.org\n\
                   \"${x}\",no,1.50,007,'\n~,{a: 1},-0,1e5,# b\n";
    for text in [format!("{HEADER}\n{}\n", rows(50).join("\n")), hostile.to_owned()] {
        let own = ProfileDocument::new(head(), &statistics(TableFormat::Csv, &text));
        for (name, text) in [("p.json", to_json(&own).unwrap()), ("p.yml", to_yaml(&own).unwrap())] {
            let report = lint_text(name, &text, &Options::default());
            // That all values are alike is said of the data, and true.
            let others = report.findings.iter().filter(|own| own.rule.id != "profile/constant-field");
            let said: Vec<_> = others.map(|own| format!("{}: {}", own.rule.id, own.message)).collect();
            assert!(said.is_empty(), "{said:#?}\n{text}");
        }
    }
}

#[test]
fn the_numbers_of_a_profile_are_those_of_the_data() {
    let own = statistics(TableFormat::Csv, "x,y\n1,a\n2,a\n3,b\n4,\n10,a\n");
    let text = written(&own);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let x = &json["fields"]["x"];
    assert_eq!((x["mean"].as_f64(), x["minimum"].as_f64(), x["maximum"].as_f64()), (Some(4.0), Some(1.0), Some(10.0)));
    assert_eq!((x["std"].as_f64(), x["median"].as_f64()), (Some(10.0_f64.sqrt()), Some(3.0)));
    let y = &json["fields"]["y"];
    assert_eq!((y["missing"].as_u64(), y["distinct"].as_u64()), (Some(1), Some(2)));
    assert_eq!(y["top"], serde_json::json!([{"value": "a", "count": 3}, {"value": "b", "count": 1}]));
}

#[test]
fn values_about_persons_and_credentials_are_not_in_a_profile() {
    let text = "email,api_key,comment,income\njo@example.org,hunter2hunter2,ask jo@example.org,3\n\
                al@example.org,swordfish99,token=ghp_abcdefghijklmnopqrstuvwxyz0123456789,4\n";
    let written = written(&statistics(TableFormat::Csv, text));
    for secret in ["jo@", "al@", "hunter2", "swordfish", "ghp_"] {
        assert!(!written.contains(secret), "{secret}: {written}");
    }
    assert!(written.contains("\"emails\": 1"), "{written}");
}

#[test]
fn objects_may_leave_fields_out() {
    let parts = ["{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2}\n", "{\"c\": null, \"a\": 3.5}\n"];
    let mut sum = statistics(TableFormat::JsonLines, parts[0]);
    sum.merge(&statistics(TableFormat::JsonLines, parts[1]));
    let whole = statistics(TableFormat::JsonLines, &parts.concat());
    assert_eq!(written(&sum), written(&whole));
    assert_eq!((whole.fields["b"].missing, whole.fields["c"].missing, whole.fields["a"].missing), (2, 3, 0));
}

#[test]
fn a_profile_written_by_hand_says_what_it_lacks() {
    let text = include_str!("../../examples/documents/profile.yml");
    let member = members("p.yml", text, &Options::default()).pop().unwrap();
    let error = ProfileDocument::read(&member.tree, member.root).unwrap().statistics().unwrap_err();
    assert!(error.to_string().starts_with("'limit_balance' has no usable 'forms'"), "{error}");
}
