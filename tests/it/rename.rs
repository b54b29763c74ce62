//! Renaming: nothing else is found afterwards, renaming back restores every byte, and what would bring a finding is refused with it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mlspec_lint::analysis::{Analysis, Options, examine};
use mlspec_lint::ide::{RenameError, renamable, rename};
use mlspec_lint::text::{Edit, apply};
use proptest::prelude::*;
use proptest::sample::Index;

type Texts = BTreeMap<String, String>;

/// The documents of an example, by their names.
fn example(name: &str) -> Texts {
    fn add(folder: &Path, texts: &mut Texts) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                add(&path, texts);
            } else if path.extension().is_some_and(|own| own == "yml") {
                texts.insert(path.to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut texts = Texts::new();
    add(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name), &mut texts);
    texts
}

fn analysis(texts: &Texts) -> Analysis<'static> {
    let examined = texts.iter().map(|(name, text)| examine(name, text.as_str(), &Options::default())).collect();
    Analysis::new(examined, &[], Options::default())
}

/// How often each rule finds something in each file.
fn counts(texts: &Texts) -> BTreeMap<(String, &'static str), usize> {
    let mut counts = BTreeMap::new();
    for report in analysis(texts).reports() {
        for finding in &report.findings {
            *counts.entry((report.source.name().to_owned(), finding.rule.id)).or_default() += 1;
        }
    }
    counts
}

fn applied(texts: &Texts, edits: &BTreeMap<String, Vec<Edit>>) -> Texts {
    let mut texts = texts.clone();
    for (file, edits) in edits {
        let text = apply(&texts[file], edits).expect("edits do not overlap");
        texts.insert(file.clone(), text);
    }
    texts
}

/// The place of a byte after edits of its text; of one within an edit, that of its start.
fn moved(at: u32, edits: &[Edit]) -> u32 {
    let before = edits.iter().filter(|edit| edit.span.end <= at && edit.span.start < at);
    let by: i64 = before.map(|edit| edit.text.len() as i64 - i64::from(edit.span.len())).sum();
    u32::try_from(i64::from(at) + by).unwrap()
}

fn examples() -> [Texts; 3] {
    ["credit-default", "documents", "gate"].map(example)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn findings_stay_and_renaming_back_restores_every_byte(
        which in 0..3_usize, file in any::<Index>(), place in any::<Index>(), new in "[a-z][a-z0-9_]{0,8}( [a-z]|-[a-z]|@|'|\u{e9}|)",
    ) {
        let texts = &examples()[which];
        let names: Vec<&String> = texts.keys().collect();
        let file = *file.get(&names);
        let at = u32::try_from(place.index(texts[file].len() + 1)).unwrap();
        let mut own = analysis(texts);
        let Some(found) = renamable(&own, file, at) else { return Ok(()) };
        prop_assert!(found.span.start <= at && at <= found.span.end);
        prop_assert_eq!(&texts[file][found.span.range()], &found.name);
        let before = counts(texts);
        let result = rename(&mut own, file, at, &new);
        // What was tried leaves nothing behind.
        let after_trial = own.reports().map(|report| report.findings.len()).sum::<usize>();
        prop_assert_eq!(after_trial, before.values().sum::<usize>());
        let Ok(edits) = result else { return Ok(()) };
        prop_assert!(edits.contains_key(file), "{:?}", edits);
        let renamed = applied(texts, &edits);
        let after = counts(&renamed);
        prop_assert!(after.iter().all(|(key, count)| before.get(key).is_some_and(|former| former >= count)), "{:?}", after);
        let back_at = moved(found.span.start, &edits[file]);
        let back = rename(&mut analysis(&renamed), file, back_at, &found.name);
        let Ok(back) = back else { return Err(TestCaseError::fail(format!("{file}: '{}' to '{new}' and back: {back:?}", found.name))) };
        prop_assert_eq!(&applied(&renamed, &back), texts);
    }
}

fn texts(own: &[(&str, &str)]) -> Texts {
    own.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// Renames what a mark stands before in the first text. Returns the texts afterwards, or why not.
fn renamed(own: &[(&str, &str)], marked: &str, new: &str) -> Result<Texts, RenameError> {
    let texts = texts(own);
    let (file, text) = own[0];
    let at = text.find(marked).unwrap_or_else(|| panic!("{marked} is not in {text}"));
    let edits = rename(&mut analysis(&texts), file, u32::try_from(at).unwrap(), new)?;
    Ok(applied(&texts, &edits))
}

const DATASET: &str = "mlSpecVersion: 0.1.0\nkind: dataset\nid: 0d0a0c5e-2b1c-4f6e-9a35-6d0c2f1e7a11\nname: train # train\nversion: 1.0.0\nlocation: s3://b/train.parquet\n";
const OTHER: &str = "mlSpecVersion: 0.1.0\nkind: dataset\nid: 1d0a0c5e-2b1c-4f6e-9a35-6d0c2f1e7a12\nname: \"train\"\nversion: 2.0.0\nlocation: s3://b/train.parquet\n";
const RUN: &str = "mlSpecVersion: 0.1.0\nkind: run\nid: 8d1c6b52-7e0f-4a39-b1d4-2f96c35e7a08\nname: fit\nexperiment_id: e\ndatasets:\n  - {dataset: train@1.0.0, role: training}\n  - {dataset: 'train@2.0.0', role: validation}\nmetrics: []\n";

#[test]
fn a_name_is_changed_in_all_files_whatever_its_quotes() {
    let own = [("a.yml", DATASET), ("b.yml", OTHER), ("run.yml", RUN)];
    let after = renamed(&own, "train #", "learn").unwrap();
    // All versions of an object have one name.
    assert_eq!(after["a.yml"], DATASET.replace("name: train #", "name: learn #"));
    assert_eq!(after["b.yml"], OTHER.replace("\"train\"", "\"learn\""));
    assert_eq!(after["run.yml"], RUN.replace("train@", "learn@"));
    // Where it is referred to, too.
    let own = [("run.yml", RUN), ("a.yml", DATASET), ("b.yml", OTHER)];
    assert_eq!(renamed(&own, "train@2", "learn").unwrap(), after);
}

#[test]
fn what_would_bring_a_finding_is_refused_with_it() {
    let taken = DATASET.replace("train", "taken").replace("0d0a", "2d0a");
    let own = [
        ("a.yml", DATASET),
        ("run.yml", &RUN.replace("  - {dataset: 'train@2.0.0', role: validation}\n", "")),
        ("c.yml", &taken),
    ];
    let Err(error) = renamed(&own, "train #", "taken") else { panic!("it is done") };
    assert!(matches!(error, RenameError::Finding(..)), "{error}");
    assert!(error.to_string().starts_with("it would bring a finding in '"), "{error}");
    for (new, why) in [("", "empty"), (" a", "blanks"), ("a: b", "quotes"), ("1.5", "quotes"), ("a\nb", "invisible")] {
        let Err(error @ RenameError::BadName { .. }) = renamed(&own, "train #", new) else { panic!("{new} is a name") };
        assert!(error.to_string().contains(why), "{error}");
    }
    // Nothing that has a name is here.
    assert!(matches!(renamed(&own, "mlSpecVersion", "x"), Err(RenameError::Nothing)));
    assert!(matches!(renamed(&own, "s3://", "x"), Err(RenameError::Nothing)));
    // Nothing changes.
    assert_eq!(renamed(&own, "train #", "train").unwrap(), texts(&own));
}

const PIPELINE: &str = "mlSpecVersion: 0.1.0\nkind: pipeline\nname: p\ndata:\n  raw: {location: s3://b/raw}\nsteps:\n  prepare:\n    cmd: python prepare.py\n    inputs: {x: {from: data.raw}}\n    outputs: {out: {}}\n  train:\n    cmd: python train.py\n    inputs: {x: {from: prepare.out}}\npipeline: [prepare, train]\n";

#[test]
fn steps_and_their_outputs_are_renamed_in_edges() {
    let own = [("p.yml", PIPELINE)];
    let Ok(after) = renamed(&own, "prepare:", "clean") else { panic!("{:?}", renamed(&own, "prepare:", "clean")) };
    let expected =
        PIPELINE.replace("prepare:", "clean:").replace("prepare.out", "clean.out").replace("[prepare", "[clean");
    assert_eq!(after["p.yml"], expected);
    let error = renamed(&own, "prepare:", "train").unwrap_err();
    assert!(matches!(error, RenameError::Finding(..)), "{error}");
}

const POLICY: &str = "mlSpecVersion: 0.2.0\nkind: objectives\nname: launch\nlanguage: mlspec-objectives/1\ndatasets:\n  holdback: {stage: test}\nmetrics:\n  recall: {unit: fraction, range: [0, 1], better: higher}\ndefinitions:\n  miss: 1 - recall\nobjectives:\n  - id: one\n    why: recall matters\n    expect: 'recall >= 90% on holdback'\n  - id: two\n    why: because\n    expect: miss <= 10% on holdback\n    aim: >-\n      recall >= 95%\n      on holdback\n";

#[test]
fn what_objectives_declare_is_renamed_in_expressions() {
    let own = [("o.yml", POLICY)];
    let after = renamed(&own, "recall:", "sensitivity").unwrap();
    let expected = POLICY.replace("recall", "sensitivity").replace("sensitivity matters", "recall matters");
    assert_eq!(after["o.yml"], expected);
    let after = renamed(&own, "holdback:", "kept").unwrap();
    assert_eq!(after["o.yml"], POLICY.replace("holdback", "kept"));
    // A word of the language.
    let refused = renamed(&own, "recall:", "on").unwrap_err();
    assert!(matches!(refused, RenameError::Finding(..)), "{refused}");
    let refused = renamed(&own, "recall:", "miss").unwrap_err();
    assert!(matches!(refused, RenameError::Finding(..)), "{refused}");
}

#[test]
fn anchors_are_renamed_with_their_aliases() {
    let text = "mlSpecVersion: 0.1.0\nkind: run\nname: a\nexperiment_id: e\nparameters: &own {a: 1}\ntags: *own\nmetrics: []\n";
    let own = [("a.yml", text)];
    let found = renamed(&own, "own", "shared-1").unwrap();
    assert_eq!(found["a.yml"], text.replace("own", "shared-1"));
}
