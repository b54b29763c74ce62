//! `kinds`: what the files are, and the evidence for it.

use serde_json::{Value, json};

use super::args::{Global, KindsArgs, TextFormat};
use super::inputs::{Inputs, exclude, inputs, load_config};
use super::{Error, Exit, output};
use crate::analysis::{Options, detect_text};
use crate::config::Overrides;
use crate::documents::detect::{DetectedAs, Detection};
use crate::documents::{ForeignFormat, Kind};
use crate::files;
use crate::text::{Markup, visible};

/// A document and its kind or format.
struct Row {
    path: String,
    document: usize,
    kind: Option<Kind>,
    format: Option<ForeignFormat>,
    /// For people: the kind, the other format, or a substitute.
    label: String,
    evidence: Vec<String>,
}

pub(super) fn run(args: &KindsArgs, global: &Global) -> Result<Exit, Error> {
    let overrides = Overrides { exclude: exclude(&args.files)?, ..Overrides::default() };
    let config = load_config(global, &args.files)?.overridden(overrides);
    let inputs = inputs(&args.files, &config)?;
    let options = Options { config: &config, kind: args.files.kind, ..Options::default() };
    let rows = rows(&inputs, args, &options);
    let markup = match args.format {
        TextFormat::Json => Markup::Json,
        TextFormat::Human => Markup::Plain,
    };
    let written = output::to_stdout(markup, |out| match args.format {
        TextFormat::Json => {
            let rows = rows.iter().map(|row| {
                json!({
                    "path": row.path,
                    "document": row.document,
                    "kind": row.kind,
                    "format": row.format.map(ForeignFormat::name),
                    "evidence": row.evidence,
                })
            });
            writeln!(out, "{:#}", Value::from_iter(rows))
        }
        TextFormat::Human => {
            let several = |path: &str| rows.iter().filter(|row| row.path == path).count() > 1;
            let name = |row: &Row| match several(&row.path) {
                true => format!("{}#{}", visible(&row.path), row.document),
                false => visible(&row.path).into_owned(),
            };
            let width = rows.iter().map(|row| name(row).chars().count()).max().unwrap_or(0).min(100);
            for row in &rows {
                writeln!(out, "{:width$}  {:20}  {}", name(row), row.label, visible(&row.evidence.join("; ")))?;
            }
            Ok(())
        }
    });
    if inputs.absent > 0 { Exit::Usage } else { Exit::Clean }.after(written)
}

fn rows(inputs: &Inputs, args: &KindsArgs, options: &Options<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for file in &inputs.files {
        match files::read(file, args.files.max_file_size) {
            Ok(bytes) => add_rows(&mut rows, &file.name, &bytes, options),
            Err(problem) => rows.push(unread(&file.name, problem.kind.to_string())),
        }
    }
    rows.extend(inputs.problems.iter().map(|problem| unread(&problem.name, problem.kind.to_string())));
    if let Some(bytes) = &inputs.stdin {
        add_rows(&mut rows, &args.files.stdin_filename, bytes, options);
    }
    rows
}

fn unread(name: &str, why: String) -> Row {
    Row { path: name.to_owned(), document: 0, kind: None, format: None, label: "-".to_owned(), evidence: vec![why] }
}

fn add_rows(rows: &mut Vec<Row>, name: &str, bytes: &[u8], options: &Options<'_>) {
    let Ok(text) = std::str::from_utf8(bytes) else { return rows.push(unread(name, "not UTF-8".to_owned())) };
    for (document, detection) in detect_text(name, text, options).into_iter().enumerate() {
        rows.push(match detection {
            None => Row { document, ..unread(name, "not valid YAML, or empty".to_owned()) },
            Some(detection) => Row {
                path: name.to_owned(),
                document,
                kind: detection.kind(),
                format: detection.format(),
                label: label(&detection),
                evidence: detection.evidence.iter().map(ToString::to_string).collect(),
            },
        });
    }
}

fn label(detection: &Detection) -> String {
    match &detection.verdict {
        DetectedAs::Kind(kind) if detection.is_guess => format!("{kind} (guessed)"),
        DetectedAs::Kind(kind) => kind.to_string(),
        DetectedAs::Template(kind) => format!("{kind} (template)"),
        DetectedAs::Library { .. } => "mlspeclib".to_owned(),
        DetectedAs::LooksLike(kinds) => kinds.iter().map(|kind| format!("{kind}?")).collect::<Vec<_>>().join(" "),
        DetectedAs::Neighbour(format) => format.name().to_owned(),
        DetectedAs::Unclear(_) | DetectedAs::UnknownKind(_) => "?".to_owned(),
        DetectedAs::NotAMapping | DetectedAs::Other => "-".to_owned(),
    }
}
