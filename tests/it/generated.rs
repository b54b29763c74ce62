//! The generated files are current: the schemas, the rule pages and their index, and the generated parts of the specification.
//!
//! `MLSPEC_LINT_UPDATE=1 cargo test --test it generated::` writes them instead.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use mlspec_lint::documents::{ForeignFormat, Kind};
use mlspec_lint::rules::page::{published, summary};
use mlspec_lint::rules::{self, Rule};
use mlspec_lint::{published, schema};

const UPDATE: &str = "MLSPEC_LINT_UPDATE=1 cargo test --test it generated::";

/// Folders in which every file is generated.
const GENERATED_FOLDERS: &[&str] = &["schemas", "spec/rules"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn generated_files_are_current() {
    let files = files();
    let superfluous: Vec<String> = GENERATED_FOLDERS
        .iter()
        .flat_map(|folder| files_below(folder))
        .filter(|path| !files.contains_key(path))
        .collect();
    let outdated = files.iter().filter(|(path, text)| read(path).as_ref() != Some(*text));
    if is_update() {
        for (path, text) in outdated {
            let path = root().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        superfluous.iter().for_each(|path| fs::remove_file(root().join(path)).unwrap());
        return;
    }
    let mut faults: Vec<String> = outdated
        .map(|(path, text)| match read(path) {
            None => format!("{path} is missing"),
            Some(found) => format!("{path} is stale, from line {}", first_difference(&found, text)),
        })
        .collect();
    faults.extend(superfluous.iter().map(|path| format!("{path} is superfluous: nothing generates it")));
    assert!(faults.is_empty(), "\n{}\n\nTo bring them up to date: {UPDATE}\n", faults.join("\n"));
}

fn is_update() -> bool {
    std::env::var_os("MLSPEC_LINT_UPDATE").is_some_and(|value| !value.is_empty())
}

/// A handwritten page contains every generated part that belongs to it, once.
#[test]
fn every_kind_has_a_page_with_its_generated_parts() {
    for kind in Kind::ALL {
        let path = format!("spec/{kind}.md");
        let page = read(&path).unwrap_or_else(|| panic!("{path} is missing: write it, with the parts of another page"));
        for part in parts_of(*kind).keys() {
            for marker in [begin(part), end(part)] {
                assert_eq!(page.matches(&marker).count(), 1, "{path}: '{marker}' must stand there once");
            }
        }
    }
}

/// Pages link to each other, to examples and to schemas.
#[test]
fn every_link_leads_somewhere() {
    if is_update() {
        return;
    }
    let pages = ["spec", "examples"].iter().flat_map(|folder| files_below(folder)).filter(|path| path.ends_with(".md"));
    let mut faults = Vec::new();
    for page in pages {
        let text = read(&page).unwrap_or_default();
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.starts_with("https://") && !target.starts_with('#')) {
            let file = target.split('#').next().unwrap_or(target);
            if !root().join(&page).parent().unwrap().join(file).exists() {
                faults.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Returns the required content of every generated file by its path.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for (name, schema) in published::schemas() {
        files.insert(format!("schemas/{name}"), format!("{schema:#}\n"));
    }
    for rule in rules::all() {
        files.insert(format!("spec/rules/{}.md", rule.id), format!("{}\n", published(rule).trim_end()));
    }
    files.insert("spec/rules/README.md".to_owned(), rule_index());
    let overview = BTreeMap::from([("kinds", kind_list())]);
    let pages = Kind::ALL.iter().map(|kind| (format!("spec/{kind}.md"), parts_of(*kind)));
    let formats = BTreeMap::from([("formats", format_list())]);
    let others = [("spec/README.md".to_owned(), overview), ("spec/recognition.md".to_owned(), formats)];
    for (path, parts) in pages.chain(others) {
        if let Some(page) = read(&path) {
            files.insert(path, parts.iter().fold(page, |page, (part, text)| with_part(&page, part, text)));
        }
    }
    files
}

/// Returns the generated parts of the page of a kind.
fn parts_of(kind: Kind) -> BTreeMap<&'static str, String> {
    BTreeMap::from([("example", example(kind)), ("fields", schema::field_table(kind)), ("rules", rules_for(kind))])
}

/// Returns the example document of a kind, without the line for editors.
fn example(kind: Kind) -> String {
    let path = format!("examples/documents/{kind}.yml");
    let text = read(&path).unwrap_or_else(|| panic!("{path} is missing"));
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("# yaml-language-server:")).collect();
    format!("[`{path}`](../{path}):\n\n```yaml\n{}\n```\n", lines.join("\n"))
}

/// Returns the rules that apply to a kind in particular.
fn rules_for(kind: Kind) -> String {
    let is_for = |rule: &&&Rule| rule.kinds.names(kind);
    let line = |rule: &&Rule| format!("- [`{id}`](rules/{id}.md): {}\n", summary(rule), id = rule.id);
    let list: String = rules::all().iter().filter(is_for).map(line).collect();
    let others = "the [rules for all kinds](rules/README.md).\n";
    if list.is_empty() { format!("None of its own, but {others}") } else { format!("{list}\nBesides those, {others}") }
}

fn format_list() -> String {
    let mut text = "| format | such a file is called |\n|---|---|\n".to_owned();
    for format in ForeignFormat::ALL {
        let _ = writeln!(text, "| `{}` | {} |", format.name(), format.noun());
    }
    text
}

fn kind_list() -> String {
    let mut text = "| kind | since | what it is |\n|---|---|---|\n".to_owned();
    for kind in Kind::ALL {
        let _ = writeln!(text, "| [`{kind}`]({kind}.md) | {} | {} |", kind.since(), kind.summary());
    }
    text
}

fn rule_index() -> String {
    let mut text = format!(
        "# Rules\n\nThe {} rules of `mlspec-lint check`. `mlspec-lint explain <rule>` prints a page in the terminal.\n\n\
         An error is what the specification forbids or what cannot work, a warning what is very likely wrong, an info advice. \
         `safe` fixes are applied by `--fix`, `unsafe` ones by `--unsafe-fixes`: look at what those change.\n\n\
         The examples on a page show the lines that matter; where that is not all of a document, the complete example is folded away below.\n\n\
         This page and those of the rules are generated from the source of the rules: `{UPDATE}`.\n",
        rules::all().len()
    );
    for family in rules::families() {
        let _ = write!(text, "\n## {family}\n\n| rule | severity | fix | what it demands |\n|---|---|---|---|\n");
        for rule in rules::select(family) {
            let fix = rule.fix.name();
            let summary = summary(rule).replace('|', "\\|");
            let severity = rule.severity.name();
            let _ = writeln!(text, "| [`{}`]({}.md) | {severity} | {fix} | {summary} |", rule.name(), rule.id);
        }
    }
    text
}

fn begin(part: &str) -> String {
    format!("<!-- {part}: begin (generated) -->")
}

fn end(part: &str) -> String {
    format!("<!-- {part}: end -->")
}

/// Returns a page with the text between the markers of a part replaced; unchanged if there are no markers.
fn with_part(page: &str, part: &str, text: &str) -> String {
    let (begin, end) = (begin(part), end(part));
    let Some((before, rest)) = page.split_once(&begin) else { return page.to_owned() };
    let Some((_, after)) = rest.split_once(&end) else { return page.to_owned() };
    format!("{before}{begin}\n{text}{end}{after}")
}

fn read(path: &str) -> Option<String> {
    fs::read_to_string(root().join(path)).ok()
}

fn files_below(folder: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(root().join(&folder)) else { continue };
        for entry in entries.map(Result::unwrap) {
            let path = folder.join(entry.file_name());
            match entry.path().is_dir() {
                true => folders.push(path),
                false => drop(found.insert(path.to_str().unwrap().replace('\\', "/"))),
            }
        }
    }
    found
}

fn first_difference(found: &str, wanted: &str) -> usize {
    let same = found.lines().zip(wanted.lines()).take_while(|(found, wanted)| found == wanted).count();
    same + 1
}
