//! When texts change one by one, the reports are the same as those of a fresh analysis of all of them.

use std::collections::BTreeMap;

use mlspec_lint::analysis::{Analysis, Examined, FileReport, Options, conclude, examine};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;

use crate::support::generate;

/// A change of a workspace.
#[derive(Clone, Debug)]
enum Change {
    /// A document is added, or restored in a file of its own.
    Add(u64),
    /// A document is appended to another in one file.
    Append(Index, u64),
    Remove(Index),
    /// The text of a file is edited: a word of it is replaced everywhere.
    Replace(Index, &'static str, &'static str),
    /// A line of a file is removed.
    Cut(Index, Index),
    /// Two files are exchanged.
    Swap(Index, Index),
    /// A run names another as its parent, which may close a circle, on the day of a month: what all runs decide together changes.
    Kin(u8, u8, u8),
}

const EDITS: [(&str, &str); 12] = [
    ("kind: test", "kind: evaluation"),
    ("status: Active", "status: Archived"),
    ("state: Active", "state: Archived"),
    ("version: ", "version: 9"),
    ("name: ", "name: x"),
    ("id: ", "id: x"),
    ("digest: sha256:", "digest: sha256:0"),
    ("2026-01", "2026-07"),
    ("metrics:", "metrics: ["),
    ("credit-portal", "other-portal"),
    ("key: ", "key: m_"),
    ("\n", "\n\n"),
];

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        3 => (0..400_u64).prop_map(Change::Add),
        1 => (index(), 0..400_u64).prop_map(|(file, number)| Change::Append(file, number)),
        2 => index().prop_map(Change::Remove),
        4 => (index(), prop::sample::select(&EDITS[..])).prop_map(|(file, (from, to))| Change::Replace(file, from, to)),
        3 => (index(), index()).prop_map(|(file, line)| Change::Cut(file, line)),
        1 => (index(), index()).prop_map(|(a, b)| Change::Swap(a, b)),
        2 => (0..4_u8, 0..5_u8, 1..9_u8).prop_map(|(run, parent, day)| Change::Kin(run, parent, day)),
    ]
}

/// Returns the texts by the names of their files after a change, and the names of those that were changed.
fn apply(texts: &mut BTreeMap<String, String>, change: &Change) -> Vec<String> {
    let names: Vec<String> = texts.keys().cloned().collect();
    let named = |index: &Index| names.get(index.index(names.len().max(1))).cloned();
    let changed = match change {
        Change::Add(number) => {
            let document = generate::document(*number);
            texts.insert(document.path.clone(), document.text);
            Some(vec![document.path])
        }
        Change::Append(file, number) => named(file).map(|name| {
            let text = texts.get_mut(&name).expect("there is such a file");
            *text = format!("{text}\n---\n{}", generate::document(*number).text);
            vec![name]
        }),
        Change::Remove(file) => named(file).map(|name| {
            texts.remove(&name);
            vec![name]
        }),
        Change::Replace(file, from, to) => named(file).map(|name| {
            let text = texts.get_mut(&name).expect("there is such a file");
            *text = text.replace(from, to);
            vec![name]
        }),
        Change::Cut(file, line) => named(file).map(|name| {
            let text = texts.get_mut(&name).expect("there is such a file");
            let mut lines: Vec<&str> = text.lines().collect();
            if !lines.is_empty() {
                lines.remove(line.index(lines.len()));
            }
            *text = lines.join("\n") + "\n";
            vec![name]
        }),
        Change::Swap(a, b) => named(a).zip(named(b)).map(|(a, b)| {
            let (first, second) = (texts[&a].clone(), texts[&b].clone());
            texts.insert(a.clone(), second);
            texts.insert(b.clone(), first);
            vec![a, b]
        }),
        Change::Kin(run, parent, day) => {
            let id = |number: u8| format!("0000000{number}-7e0f-4a39-b1d4-2f96c35e7a08");
            let parent = if *parent == 4 { String::new() } else { format!("parent_run_id: {}\n", id(*parent)) };
            let text = format!(
                "mlSpecVersion: 0.1.0\nkind: run\nid: {}\nname: kin-{run}\nexperiment_id: kin\n{parent}submittedDate: 2026-11-0{day}T08:00:00Z\n",
                id(*run)
            );
            let name = format!("kin/{run}.yml");
            texts.insert(name.clone(), text);
            Some(vec![name])
        }
    };
    changed.unwrap_or_default()
}

fn look(name: &str, text: &str) -> Examined {
    examine(name, text, &Options { explicit: false, ..Options::default() })
}

/// Returns the complete contents of a report.
fn told(report: &FileReport) -> String {
    format!("{} {:?} {} {:#?}", report.source.name(), report.documents, report.suppressed, report.findings)
}

/// Makes changes, and compares the reports after each batch of them.
fn assert_reports_are_fresh(start: u64, changes: &[Vec<Change>]) {
    let mut texts: BTreeMap<String, String> =
        (0..start).map(generate::document).map(|document| (document.path, document.text)).collect();
    // Each text is examined again only if it has changed: the result does not depend on the others.
    let mut examined: BTreeMap<String, Examined> =
        texts.iter().map(|(name, text)| (name.clone(), look(name, text))).collect();
    let same = texts.iter().map(|(name, text)| look(name, text)).collect();
    let mut analysis = Analysis::new(same, &[], Options::default());
    analysis.settle();
    for batch in changes {
        for change in batch {
            for name in apply(&mut texts, change) {
                match texts.get(&name) {
                    Some(text) => {
                        examined.insert(name.clone(), look(&name, text));
                        analysis.update(look(&name, text));
                    }
                    None => {
                        examined.remove(&name);
                        analysis.remove(&name);
                    }
                }
            }
        }
        let found: Vec<String> = analysis.reports().map(told).collect();
        let expected: Vec<String> = conclude(examined.values(), &[], &Options::default()).iter().map(told).collect();
        let differing = expected.iter().zip(&found).find(|(expected, found)| expected != found);
        assert!(differing.is_none() && expected.len() == found.len(), "{batch:#?}\n{differing:#?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn changes_leave_the_reports_of_a_fresh_look(
        changes in prop::collection::vec(prop::collection::vec(change(), 1..4), 1..16)
    ) {
        assert_reports_are_fresh(40, &changes);
    }
}

#[test]
fn a_thousand_changes_leave_the_reports_of_a_fresh_look() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = prop::collection::vec(prop::collection::vec(change(), 50), 20);
    let changes = strategy.new_tree(&mut runner).expect("changes can be made").current();
    assert_reports_are_fresh(300, &changes);
}

#[test]
fn a_change_renews_the_reports_that_it_touches_and_no_others() {
    let documents: Vec<_> = (0..400).map(generate::document).collect();
    let examined = documents.iter().map(|document| look(&document.path, &document.text)).collect();
    let mut analysis = Analysis::new(examined, &[], Options::default());
    assert_eq!(analysis.settle(), 400);
    assert_eq!(analysis.settle(), 0);
    // Adds a comment to each file in turn: that file is renewed, and those that show a place in it or read from it.
    let mut renewed = 0;
    for document in &documents {
        analysis.update(look(&document.path, &format!("# edited\n{}", document.text)));
        renewed += analysis.settle();
    }
    assert!(renewed < 400 * 12, "{renewed} reports were made for 400 changes");
}
