//! `report`: the governance report.

mod judged;
mod read;

use std::path::Path;

use rustc_hash::FxHashSet;

use super::args::Global;
use super::lineage_args::{ReportArgs, ReportFormat};
use super::{Error, Exit, inputs, output};
use crate::config::Overrides;
use crate::coverage::Coverage;
use crate::files;
use crate::governance::{EarlierReport, GovernanceReport, Governed, VERSION, shell_word, written};
use crate::lineage::Lineage;
use crate::report;
use crate::text::{Markup, visible};
use crate::workspace::Index;

pub(super) fn run(args: &ReportArgs, global: &Global) -> Result<Exit, Error> {
    if args.files.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Error::Usage("a report is about files and folders, not about standard input".to_owned()));
    }
    let overrides = Overrides { exclude: inputs::exclude(&args.files)?, ..Overrides::default() };
    let config = inputs::load_config(global, &args.files)?.overridden(overrides);
    let inputs = inputs::inputs(&args.files, &config)?;
    if inputs.absent > 0 {
        return Err(Error::Usage("a path that is named does not exist".to_owned()));
    }
    let earlier = args.baseline.as_deref().map(|path| earlier(path, args.files.max_file_size)).transpose()?;
    let read = read::read(args, &config, &inputs)?;
    let outputs: Vec<&Path> = args.output.as_deref().into_iter().collect();
    let sources = read.inputs.iter().map(|input| Path::new(input.path.as_str()));
    output::refuse_overwriting(&outputs, sources.chain(args.baseline.as_deref()).chain(config.file()))?;
    let index = Index::of(read.members.clone(), read.partial);
    let judged = judged::judge_all(args, &config, &index, &read)?;
    let lineage = Lineage::of(index.workspace());
    let mut coverage = Coverage::of(&lineage);
    let paths: FxHashSet<&str> = read.inputs.iter().map(|input| input.path.as_str()).collect();
    let is_read = |path: &str| paths.contains(path);
    // Documents around the paths are there to be referred to, and not reported.
    coverage.subjects.retain(|subject| {
        let mut documents = lineage.documents(subject.thing).iter().filter_map(|id| lineage.workspace().member(*id));
        let mut steps = subject.steps.iter().flat_map(|step| &step.documents);
        read.is_whole || documents.any(|own| is_read(own.file())) || steps.any(|own| is_read(&own.path))
    });
    if let Some(name) = &args.model {
        coverage.subjects.retain(|subject| subject.name.eq_ignore_ascii_case(name));
        if coverage.subjects.is_empty() {
            return Err(Error::Usage(format!(
                "--model: there is no model '{}' here; `mlspec-lint coverage` lists them",
                visible(name)
            )));
        }
    }
    let report = GovernanceReport::of(Governed {
        lineage: &lineage,
        coverage: &coverage,
        judged: &judged,
        check: &read.report,
        inputs: read.inputs.clone(),
        as_of: args.as_of,
        earlier: earlier.as_ref(),
        command: command(args),
        link_base: args.link_base.clone(),
    });
    let markup = match args.format {
        ReportFormat::Html => Markup::Xml,
        ReportFormat::Json => Markup::Json,
        ReportFormat::Markdown => Markup::Markdown,
    };
    output::deliver(args.output.as_deref(), markup, global.color, |_, out| match args.format {
        ReportFormat::Html => report::governance_html(&report, out),
        ReportFormat::Json => report::governance_json(&report, out),
        ReportFormat::Markdown => report::governance_markdown(&report, out),
    })?;
    Ok(Exit::Clean)
}

/// Reads an earlier report.
fn earlier(path: &Path, limit: u64) -> Result<EarlierReport, Error> {
    let name = path.display().to_string();
    // A report is larger than the documents that it is about.
    let file = files::FileToCheck { name: name.clone(), path: path.to_owned(), explicit: true };
    let bytes = files::read(&file, limit.max(256 << 20)).map_err(|problem| Error::Usage(problem.to_string()))?;
    let earlier: EarlierReport = serde_json::from_slice(&bytes).map_err(|error| {
        Error::Usage(format!(
            "--baseline {name} is not a report that `mlspec-lint report --format json` wrote: {error}"
        ))
    })?;
    match earlier.version {
        VERSION => Ok(earlier),
        other => Err(Error::Usage(format!("--baseline {name} has version {other}, expected {VERSION}"))),
    }
}

/// Returns the command that writes the same report. Where it is written to changes nothing in it.
fn command(args: &ReportArgs) -> String {
    let mut words = vec!["mlspec-lint".to_owned(), "report".to_owned()];
    words.extend(args.files.paths.iter().map(|path| shell_word(&path.to_string_lossy())));
    let option = |name: &str, value: &str| [name.to_owned(), shell_word(value)];
    words.extend(args.model.iter().flat_map(|model| option("--model", model)));
    words.extend(args.as_of.iter().flat_map(|as_of| option("--as-of", &written(*as_of))));
    words.extend(args.link_base.iter().flat_map(|base| option("--link-base", base)));
    words.extend(args.baseline.iter().flat_map(|path| option("--baseline", &path.to_string_lossy())));
    words.join(" ")
}
