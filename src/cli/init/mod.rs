//! `init`: a minimal valid document of a kind, or a whole small project.

mod project;

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use regex::Regex;

use super::args::InitArgs;
use super::{Error, Exit, output};
use crate::analysis::{Options, lint_text, members};
use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::schema;

/// Generates ids of documents.
type NewId = fn() -> String;

pub(super) fn run(args: &InitArgs) -> Result<Exit, Error> {
    let new_id: NewId = || uuid::Uuid::new_v4().to_string();
    match (args.kind, &args.project) {
        (Some(kind), _) => document(kind, args, new_id),
        (None, Some(name)) => project::run(name, args, new_id),
        (None, None) => {
            let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            let kinds = kinds.join(", ");
            Err(Error::Usage(format!(
                "name the kind of document to create ({kinds}), or create a project with --project NAME"
            )))
        }
    }
}

fn document(kind: Kind, args: &InitArgs, new_id: NewId) -> Result<Exit, Error> {
    let text = match &args.name {
        Some(name) => named(kind, name)?,
        None => schema::starter(kind),
    };
    let text = with_fresh_ids(&[text], new_id).concat();
    let companion = companion(kind);
    let Some(path) = &args.output else {
        let written = output::to_stdout_raw(|out| out.write_all(text.as_bytes()));
        if let Some((named, _)) = companion {
            output::notice(format_args!("note: it names {named}; `mlspec-lint init {kind} -o FILE` writes that, too"));
        }
        return Exit::Clean.after(written);
    };
    write(path, &text, args.force)?;
    let beside = match companion {
        Some((named, text)) => write_beside(path, named, &with_fresh_ids(&[text.to_owned()], new_id).concat())?,
        None => String::new(),
    };
    output::notice(format_args!("Wrote {}{beside}. `mlspec-lint check {0}` checks it.", path.display()));
    let foreign = foreign(&text);
    if !foreign.is_empty() {
        output::notice(format_args!("note: name objects of yours in place of {}", foreign.join(", ")));
    }
    Ok(Exit::Clean)
}

/// Returns the objects that a document refers to, each in the form `kind 'name'`. In a project of its own they are others.
fn foreign(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for member in members("<init>", text, &Options::default()) {
        for reference in &member.references {
            let Some((text, kind)) = member.tree.text(reference.node).zip(reference.targets.first()) else { continue };
            let name = format!("{kind} '{text}'");
            if !named.contains(&name) {
                named.push(name);
            }
        }
    }
    named
}

/// Returns the file that a document of a kind names, without which it is incomplete: its path from the document, and its text.
fn companion(kind: Kind) -> Option<(&'static str, &'static str)> {
    (kind == Kind::Objectives).then_some(("fixtures/weak.yml", include_str!("weak.yml")))
}

/// Writes the file that a document names, unless there is one; returns it in words.
fn write_beside(document: &Path, named: &str, text: &str) -> Result<String, Error> {
    let path = document.parent().unwrap_or(Path::new("")).join(named);
    if path.exists() {
        return Ok(String::new());
    }
    make_folder(path.parent().unwrap_or(Path::new(".")))?;
    write(&path, text, false)?;
    Ok(format!(", and {}, which its test is about", path.display()))
}

/// Creates a document with the user's name, which must satisfy the rules about names.
fn named(kind: Kind, name: &str) -> Result<String, Error> {
    let Some(text) = schema::starter_named(kind, name) else {
        return Err(Error::Usage(format!("a document of the kind '{kind}' has no name")));
    };
    let report = lint_text("<init>", &text, &Options::default());
    match report.findings.into_iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => Err(Error::Usage(format!("--name: {}", finding.message))),
        None => Ok(text),
    }
}

/// Replaces the ids in the texts by new ones, consistently.
fn with_fresh_ids(texts: &[String], new_id: NewId) -> Vec<String> {
    let Ok(uuid) = Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") else { return texts.to_vec() };
    let mut fresh: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    let mut replaced = |text: &String| {
        let id = |found: &regex::Captures<'_>| fresh.entry(found[0].to_owned()).or_insert_with(new_id).clone();
        uuid.replace_all(text, id).into_owned()
    };
    texts.iter().map(&mut replaced).collect()
}

/// Writes a file that does not exist yet or, with `force`, one that does.
fn write(path: &Path, text: &str, force: bool) -> Result<(), Error> {
    if force {
        return output::write_atomically(path, text.as_bytes());
    }
    let failed = |source| Error::File { path: path.display().to_string(), source };
    match File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(failed),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = path.parent().unwrap_or(path).display().to_string();
            Err(Error::Usage(format!("{}: there is no folder '{folder}'", path.display())))
        }
        Err(error) => Err(failed(error)),
    }
}

fn exists(path: &Path) -> Error {
    Error::Usage(format!("{} already exists; --force overwrites it", path.display()))
}

fn make_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|source| Error::File { path: path.display().to_string(), source })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn an_id_that_occurs_twice_stays_one() {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let next: NewId = || format!("id-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let texts = [
            "a: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11",
            "b: 7c0f6f8e-3a50-4c3e-9d5b-0f4f4a7b1c22, 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11",
        ];
        let fresh = with_fresh_ids(&texts.map(str::to_owned), next);
        assert_eq!(fresh, ["a: id-0", "b: id-1, id-0"]);
    }

    #[test]
    fn every_kind_with_a_name_takes_one_and_is_valid() {
        for kind in Kind::ALL {
            match named(*kind, "loans-2026") {
                Ok(text) => assert!(text.contains("loans-2026"), "{text}"),
                Err(error) => assert!(error.to_string().contains("has no name"), "{kind}: {error}"),
            }
        }
        assert!(named(Kind::Dataset, "two words").unwrap_err().to_string().starts_with("--name: 'two words'"));
    }
}
