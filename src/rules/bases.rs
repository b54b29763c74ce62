//! Documents that the examples of rule pages extend, so that an example holds only the lines that matter.
//!
//! The code block `yaml base:credit-launch,credit-test` is completed from the documents with these names. A document in the block extends
//! the base of its `kind`, or the first base if it has no `kind`. Its keys replace those of the base. If a key holds an indented collection
//! in both, its entries replace those with the same name, and the others are added. A base that no document of the block extends is kept as
//! it is, and a document of another kind is added. Several documents of one kind each extend the same base.

use std::collections::BTreeSet;

/// The bases: name and text of one document each.
pub const BASES: &[(&str, &str)] = &[
    ("credit-features", include_str!("bases/credit-features.yml")),
    ("credit-fit", include_str!("bases/credit-fit.yml")),
    ("credit-ingestion", include_str!("bases/credit-ingestion.yml")),
    ("credit-launch", include_str!("bases/credit-launch.yml")),
    ("credit-model", include_str!("bases/credit-model.yml")),
    ("credit-monitoring", include_str!("bases/credit-monitoring.yml")),
    ("credit-profile", include_str!("bases/credit-profile.yml")),
    ("credit-rollout", include_str!("bases/credit-rollout.yml")),
    ("credit-schema", include_str!("bases/credit-schema.yml")),
    ("credit-split", include_str!("bases/credit-split.yml")),
    ("credit-test", include_str!("bases/credit-test.yml")),
    ("credit-validation", include_str!("bases/credit-validation.yml")),
    ("production", include_str!("bases/production.yml")),
];

/// Returns the complete text of an example. `bases` are names separated by commas. `None` if one of them does not exist.
#[must_use]
pub fn complete(example: &str, bases: &str) -> Option<String> {
    let base = |name: &str| BASES.iter().find(|(own, _)| *own == name).map(|(_, text)| text.lines().collect());
    let bases: Vec<Vec<&str>> = bases.split(',').map(base).collect::<Option<_>>()?;
    let lines: Vec<&str> = example.lines().collect();
    let first_kind = bases.first().and_then(|base| kind(base));
    let documents: Vec<(Option<&str>, &[&str])> = lines
        .split(|line| *line == "---")
        .filter(|document| !document.is_empty())
        .map(|document| (kind(document).or(first_kind), document))
        .collect();
    let mut whole = Vec::new();
    for base in &bases {
        let own = documents.iter().filter(|(own, _)| *own == kind(base));
        let completed: Vec<_> = own.map(|(_, document)| merged(base, document, 0).join("\n")).collect();
        if completed.is_empty() { whole.push(base.join("\n")) } else { whole.extend(completed) }
    }
    let is_base = |kind_of: Option<&str>| bases.iter().any(|base| kind(base) == kind_of);
    whole.extend(documents.iter().filter(|(own, _)| !is_base(*own)).map(|(_, document)| document.join("\n")));
    Some(whole.join("\n---\n") + "\n")
}

fn kind<'t>(document: &[&'t str]) -> Option<&'t str> {
    document.iter().find_map(|line| line.strip_prefix("kind: "))
}

/// Returns the lines of a collection in which the entries of `own` replace those with the same name.
fn merged<'t>(base: &[&'t str], own: &[&'t str], indent: usize) -> Vec<&'t str> {
    let own = entries(own, indent);
    let (mut lines, mut names) = (Vec::<&'t str>::new(), BTreeSet::new());
    for entry in entries(base, indent) {
        names.insert(name(entry));
        let mut replacing = own.iter().filter(|own| name(own) == name(entry)).copied().peekable();
        match (entry, replacing.peek()) {
            (_, None) => lines.extend(entry),
            ([_, inner @ ..], Some([key, own @ ..])) if indent == 0 && !inner.is_empty() && !own.is_empty() => {
                lines.push(key);
                lines.extend(merged(inner, own, 2));
            }
            (_, Some(_)) => lines.extend(replacing.flatten()),
        }
    }
    lines.extend(own.iter().filter(|own| !names.contains(name(own))).copied().flatten());
    lines
}

/// Splits a collection into its entries. Each begins with a line of this indentation.
fn entries<'l, 't>(lines: &'l [&'t str], indent: usize) -> Vec<&'l [&'t str]> {
    let begins = |line: &&str| line.len() - line.trim_start().len() == indent;
    lines.chunk_by(|_, next| !begins(next)).collect()
}

/// Returns the name of an entry: its key or, for a list item, its first field.
fn name<'t>(entry: &[&'t str]) -> &'t str {
    let line = entry.first().map_or("", |line| line.trim_start());
    let end: &[char] = if line.starts_with("- ") { &[',', '}'] } else { &[':'] };
    line.split(end).next().unwrap_or(line).trim_start_matches(['-', ' ', '{'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::assert_found;

    #[test]
    fn the_bases_have_no_findings() {
        let all: Vec<&str> = BASES.iter().map(|(_, text)| *text).collect();
        // Together they record many steps of a lifecycle, and not all; nor is there an older version of the model.
        let expected = [
            ("lifecycle/lifecycle-step-missing", "mlSpecVersion"),
            ("monitoring/rollback-untested", "credit-default@2.0.0"),
        ];
        assert_found(&all.join("---\n"), &expected);
        for (_, text) in BASES {
            assert_eq!(complete("", BASES[0].0).as_deref(), Some(BASES[0].1));
            assert!(kind(&text.lines().collect::<Vec<_>>()).is_some());
        }
        assert_eq!(complete("a: 1", "credit-lunch"), None);
    }

    #[test]
    fn keys_and_entries_replace_those_of_the_same_name_and_others_are_added() {
        let base = "kind: objectives\nowner: a\nmetrics:\n  recall: {unit: fraction}\nobjectives:\n  - id: one\n    why: x\n  - id: two\n";
        let merged = |own: &str| {
            let (base, own): (Vec<_>, Vec<_>) = (base.lines().collect(), own.lines().collect());
            merged(&base, &own, 0).join("\n") + "\n"
        };
        assert_eq!(merged("owner: b"), base.replace("owner: a", "owner: b"));
        assert_eq!(merged("waivers:\n  - x"), format!("{base}waivers:\n  - x\n"));
        assert_eq!(merged("metrics:\n  f1: {}"), base.replace("fraction}\n", "fraction}\n  f1: {}\n"));
        assert_eq!(
            merged("metrics: {f1: {}}"),
            base.replace("metrics:\n  recall: {unit: fraction}", "metrics: {f1: {}}")
        );
        assert_eq!(
            merged("objectives:\n  - id: one\n    aim: y\n  - {id: one}"),
            base.replace("    why: x\n", "    aim: y\n  - {id: one}\n")
        );
    }

    #[test]
    fn documents_complete_the_base_of_their_kind() {
        let text = |wanted| BASES.iter().find(|(name, _)| *name == wanted).unwrap().1;
        let (launch, test) = (text("credit-launch"), text("credit-test"));
        let all = |example| complete(example, "credit-launch,credit-test").unwrap();
        assert_eq!(all("owner: b"), format!("{}---\n{test}", launch.replace("owner: risk-ml@contoso.com", "owner: b")));
        let renamed = |name| test.replace("name: credit-test", name);
        assert_eq!(
            all("kind: test\nname: a\n---\nkind: test\nname: b\n---\nkind: run\nname: c\n"),
            format!("{launch}---\n{}---\n{}---\nkind: run\nname: c\n", renamed("name: a"), renamed("name: b"))
        );
    }
}
