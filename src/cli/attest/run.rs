//! `attest run`: attest that a run executed its pipeline.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::judge::{Judged, NotAttested, Records, judge, measured, run_with_id, say, wrong};
use crate::analysis::{Analysis, Examined, Options, examine};
use crate::cli::args::Global;
use crate::cli::attest_args::AttestRunArgs;
use crate::cli::check::holds_no_document;
use crate::cli::gate::{is_below, named_path};
use crate::cli::inputs::{Inputs, exclude, inputs, load_config};
use crate::cli::{Error, Exit, output, signed};
use crate::config::Overrides;
use crate::documents::Kind;
use crate::execution::PipelineExecution;
use crate::files::{self, FileToCheck};
use crate::text::{Markup, nearest, visible};
use crate::workspace::{DocId, Member, Resolution, Workspace};

pub(super) fn run(args: &AttestRunArgs, global: &Global) -> Result<Exit, Error> {
    if !is_uri(&args.builder) {
        return Err(Error::Usage(
            "--builder is a URI, such as https://github.com/contoso/credit/.github/workflows/train.yml".to_owned(),
        ));
    }
    let overrides = Overrides { exclude: exclude(&args.files)?, ..Overrides::default() };
    let config = load_config(global, &args.files)?.overridden(overrides);
    let inputs = inputs(&args.files, &config)?;
    if inputs.absent > 0 {
        return Err(Error::Usage("a path that is named does not exist".to_owned()));
    }
    let outputs: Vec<&Path> = args.output.iter().chain(&args.predicate).map(PathBuf::as_path).collect();
    // The attestation of an earlier run among the documents is none of them, and may be replaced.
    let replaced: Vec<&&Path> = outputs.iter().filter(|path| path.is_file() && holds_no_document(path)).collect();
    let is_kept = |path: &&Path| !replaced.iter().any(|output| files::are_same(output, path));
    let read = inputs.files.iter().map(|file| file.path.as_path()).filter(is_kept);
    output::refuse_overwriting(&outputs, read.chain(args.key.as_deref()).chain(config.file()))?;
    // No setting and no comment hides a finding here.
    let strict = config.kinds_only();
    let options =
        Options { config: &strict, kind: args.files.kind, explicit: false, suppressions: false, ..Options::default() };
    let mut analysis = Analysis::new(examine_all(&inputs, args, &options), &[], options);
    let Told { run, files } = match told(analysis.index().workspace(), &args.run)? {
        Ok(told) => told,
        Err(why) => return Ok(refuse(NotAttested::Faults(vec![why]), global)),
    };
    if let Some(path) = files.iter().find(|path| !is_below(path)) {
        let why = "is not below the current folder, where it would be looked up to verify the attestation";
        return Err(Error::Usage(format!("{} {why}; attest in a folder that holds all documents", visible(path))));
    }
    let reports = wrong(files.iter().filter_map(|file| analysis.report(file).cloned()).collect());
    if !reports.is_empty() {
        return Ok(refuse(NotAttested::Reports(reports), global));
    }
    let text = |file: String| Some((analysis.examined(&file)?.source().text().to_owned(), file));
    let texts: BTreeMap<String, String> = files.into_iter().filter_map(text).map(|(text, file)| (file, text)).collect();
    let records = Records { texts: &texts, id: &run, builder: &args.builder };
    let measure =
        |artifacts: &[_]| args.artifacts.as_deref().map_or(Ok(BTreeMap::new()), |folder| measured(folder, artifacts));
    match judge(&records, measure)? {
        Err(refused) => Ok(refuse(refused, global)),
        Ok(judged) => attest(&judged, args),
    }
}

/// What tells of a run.
struct Told {
    /// The id of the run.
    run: String,
    /// The files with the documents.
    files: BTreeSet<String>,
}

/// Returns what tells of a run, or why it cannot be attested.
fn told(workspace: Workspace<'_>, run: &str) -> Result<Result<Told, String>, Error> {
    let id = find(workspace, run)?;
    let execution = match PipelineExecution::of(workspace, id) {
        Ok(execution) => execution,
        Err(why) => return Ok(Err(why)),
    };
    let Some(run) = workspace.member(id).and_then(|run| run.id()) else {
        return Ok(Err("the run has no id".to_owned()));
    };
    if run_with_id(workspace, run).is_none() {
        return Ok(Err(format!("there are several runs with the id '{run}'")));
    }
    let documents: Vec<&Member> = execution.documents().into_iter().filter_map(|id| workspace.member(id)).collect();
    // A broken document with the id of one of these may be the one that says what went wrong.
    let broken = documents.iter().filter_map(|member| member.id()).find_map(|id| workspace.unread_with(id));
    if let Some(broken) = broken.and_then(|id| workspace.unread(id)) {
        let why = "cannot be read, and may be about the run or what belongs to it; `mlspec-lint check` shows where";
        return Ok(Err(format!("{} {why}", broken.source.name())));
    }
    let files = documents.into_iter().map(|member| member.file().to_owned()).collect();
    Ok(Ok(Told { run: run.to_owned(), files }))
}

fn attest(judged: &Judged, args: &AttestRunArgs) -> Result<Exit, Error> {
    let statement = &judged.attestable.statement;
    if let Some(path) = &args.predicate {
        let predicate = statement.predicate_json().map_err(|error| Error::Usage(error.to_string()))?;
        output::write_atomically(path, predicate.as_bytes())?;
    }
    if let (Some(path), Some(key)) = (&args.output, &args.key) {
        signed::write(statement, key, path)?;
    }
    for what in &judged.attestable.left_out {
        output::notice(format_args!("note: not known, and left out: {what}"));
    }
    let written = output::to_stdout(Markup::Plain, |out| {
        for subject in statement.subjects() {
            writeln!(out, "attested: sha256:{}  {}", subject.sha256(), visible(subject.name()))?;
        }
        writeln!(out, "pipeline: {}", judged.pipeline_digest)
    });
    Exit::Clean.after(written)
}

fn refuse(refused: NotAttested, global: &Global) -> Exit {
    say(refused, global.color);
    output::notice("error: the run is not attested");
    Exit::Findings
}

/// "A URI": it says of which kind it is, and holds no blanks.
fn is_uri(text: &str) -> bool {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    let parts = text.split_once(':');
    parts.is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Reads and examines all files. What cannot be read is said, if it was named.
fn examine_all(inputs: &Inputs, args: &AttestRunArgs, options: &Options<'_>) -> Vec<Examined> {
    let one = |file: &FileToCheck| {
        let text = files::read(file, args.files.max_file_size).map_err(|problem| problem.kind.to_string());
        let text = text.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
        match text {
            Ok(text) => Some(examine(&named_path(Path::new(&file.name)), text, options)),
            Err(why) => {
                if file.explicit {
                    output::notice(format_args!("note: {} was not read: {why}", visible(&file.name)));
                }
                None
            }
        }
    };
    inputs.files.par_iter().filter_map(one).collect()
}

/// Returns the run that a text means: by id, by name, or by its file.
fn find(workspace: Workspace<'_>, text: &str) -> Result<DocId, Error> {
    let kinds = [Kind::PipelineRun];
    let candidates = match workspace.lookup(text, &kinds) {
        Resolution::Found(id) => return Ok(id),
        Resolution::Ambiguous(ids) => ids,
        _ => {
            let in_file = |id: &DocId| {
                workspace.member(*id).is_some_and(|member| files::are_same(Path::new(member.file()), Path::new(text)))
            };
            workspace.of_kind(Kind::PipelineRun).filter(in_file).collect()
        }
    };
    let labels = |ids: &mut dyn Iterator<Item = DocId>| -> Vec<String> {
        let of = |id| workspace.member(id).and_then(|member| member.id()).map(str::to_owned);
        ids.filter_map(of).take(5).collect()
    };
    match candidates.as_slice() {
        [only] => Ok(*only),
        [] => {
            let all = workspace.of_kind(Kind::PipelineRun).filter_map(|id| workspace.member(id)?.name());
            let near = nearest(text, all).map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
            Err(Error::Usage(format!("no run of a pipeline is called '{text}'{near}")))
        }
        several => {
            let ids = labels(&mut several.iter().copied()).join(", ");
            Err(Error::Usage(format!("'{text}' may be any of the runs {ids}; name one by its id")))
        }
    }
}
