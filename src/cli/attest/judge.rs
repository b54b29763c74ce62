//! Whether what some files say of a run can be attested. It is asked with the same files when a statement is made and when it is verified.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use crate::analysis::{Examined, FileReport, Options, Report, conclude, examine};
use crate::cli::args::Color;
use crate::cli::gate::{digest_of, is_below, strict};
use crate::cli::output::{self, ShownReport, Target};
use crate::cli::{Error, Exit, signed};
use crate::config::Config;
use crate::diagnostics::{Finding, Severity};
use crate::documents::Kind;
use crate::execution::{AttestTerms, Attestable, MadeArtifact, PipelineExecution};
use crate::files;
use crate::objectives::gate::sha256;
use crate::report::Format;
use crate::rules::Rule;
use crate::rules::pipeline::{
    parameter_unset, parameter_value, run_order, status_disagrees, step_not_run, unknown_parameter, unknown_step,
};
use crate::rules::reproducibility::digest_disagrees;
use crate::rules::run::parent_child;
use crate::text::visible;
use crate::workspace::{DocId, Index, Member, Workspace};

/// Whatever these rules find, as an error or a warning, a run with it does not conform to its pipeline.
static CONFORMANCE: [&Rule; 9] = [
    &digest_disagrees::DIGEST_DISAGREES,
    &parameter_unset::PARAMETER_UNSET,
    &parameter_value::PARAMETER_VALUE,
    &parent_child::PARENT_CHILD,
    &run_order::RUN_ORDER,
    &status_disagrees::STATUS_DISAGREES,
    &step_not_run::STEP_NOT_RUN,
    &unknown_parameter::UNKNOWN_PARAMETER,
    &unknown_step::UNKNOWN_STEP,
];

/// The documents that tell of a run, by the names of their files.
pub(super) struct Records<'f> {
    pub texts: &'f BTreeMap<String, String>,
    /// The id of the run.
    pub id: &'f str,
    /// The URI of who executed it.
    pub builder: &'f str,
}

/// What can be said of a run, and when it was submitted.
pub(super) struct Judged {
    pub attestable: Attestable,
    pub submitted: Option<Timestamp>,
    /// The digest of what the pipeline says.
    pub pipeline_digest: String,
}

/// Why nothing can be said of a run.
pub(super) enum NotAttested {
    /// Its documents have errors.
    Reports(Vec<FileReport>),
    /// It does not conform to its pipeline.
    Faults(Vec<String>),
}

/// Judges a run. `measure` returns the SHA-256 of artifacts whose files were looked at.
pub(super) fn judge(
    records: &Records<'_>,
    measure: impl FnOnce(&[MadeArtifact]) -> Result<BTreeMap<String, String>, Error>,
) -> Result<Result<Judged, NotAttested>, Error> {
    let config = Config::default();
    let options = Options { partial: true, ..strict(&config) };
    let examined: Vec<Examined> = records.texts.iter().map(|(name, text)| examine(name, &**text, &options)).collect();
    let reports = wrong(conclude(&examined, &[], &options));
    if !reports.is_empty() {
        return Ok(Err(NotAttested::Reports(reports)));
    }
    let members: Vec<Member> = examined.iter().flat_map(Examined::members).cloned().collect();
    let index = Index::of(members, true);
    let refused = |why: String| Ok(Err(NotAttested::Faults(vec![why])));
    let Some(id) = run_with_id(index.workspace(), records.id) else {
        return refused(format!("there is no run '{}', or more than one", records.id));
    };
    let execution = match PipelineExecution::of(index.workspace(), id) {
        Ok(execution) => execution,
        Err(why) => return refused(why),
    };
    let digests = records.texts.iter().map(|(name, text)| (name.clone(), sha256(text.as_bytes())));
    let terms = AttestTerms {
        builder: records.builder.to_owned(),
        measured: measure(&execution.artifacts())?,
        records: digests.collect(),
    };
    let submitted = index.workspace().member(id).and_then(|run| run.recorded_on()?.0.parse().ok());
    let pipeline_digest = execution.pipeline_digest();
    Ok(execution
        .attest(&terms)
        .map(|attestable| Judged { attestable, submitted, pipeline_digest })
        .map_err(NotAttested::Faults))
}

/// Returns the reports with an error, or with a finding about a run that does not conform, without their other findings.
pub(super) fn wrong(reports: Vec<FileReport>) -> Vec<FileReport> {
    let is_wrong = |finding: &Finding| {
        finding.severity == Severity::Error || CONFORMANCE.iter().any(|rule| rule.meta == *finding.rule)
    };
    let only_wrong = |report: FileReport| {
        let findings: Vec<Finding> = report.findings.into_iter().filter(is_wrong).collect();
        FileReport { secrets: report.secrets, ..FileReport::new(report.source, report.documents, findings) }
    };
    reports.into_iter().map(only_wrong).filter(|report| !report.findings.is_empty()).collect()
}

/// Returns the only run of a pipeline with an id.
pub(super) fn run_with_id(workspace: Workspace<'_>, id: &str) -> Option<DocId> {
    let is_run = |id: &DocId| workspace.member(*id).is_some_and(|member| member.kind == Kind::PipelineRun);
    let mut runs = workspace.with_id(id).filter(is_run);
    runs.next().filter(|_| runs.next().is_none())
}

/// Says on standard error why nothing is attested or verified.
pub(super) fn say(refused: NotAttested, color: Color) {
    match refused {
        NotAttested::Faults(faults) => {
            faults.iter().for_each(|fault| output::notice(format_args!("does not conform: {fault}")))
        }
        NotAttested::Reports(reports) => {
            let mut whole = Report::default();
            for report in reports {
                whole.summary.add(&report);
                whole.files.push(report);
            }
            let view = ShownReport { report: &whole, color, quiet: false, statistics: false };
            output::to_stderr(view, &[Target { format: Format::Human, file: None }]);
        }
    }
}

/// Returns the SHA-256 of the artifacts whose files are in a folder, under their paths in their stores.
pub(super) fn measured(folder: &Path, artifacts: &[MadeArtifact]) -> Result<BTreeMap<String, String>, Error> {
    if !folder.is_dir() {
        return Err(Error::Usage(format!("--artifacts {}: no such folder", folder.display())));
    }
    let mut digests = BTreeMap::new();
    for artifact in artifacts {
        let Some(path) = artifact.path.as_deref() else { continue };
        if !is_below(path) || !files::is_inside(folder, folder, Path::new(path)) {
            output::notice(format_args!(
                "note: {} leads out of the folder of the artifacts, and is not read",
                visible(path)
            ));
            continue;
        }
        let file = folder.join(path);
        if file.is_file() {
            digests.insert(artifact.name.clone(), digest_of(&file)?);
        }
    }
    Ok(digests)
}

/// Denies, for each fault, and shows what is wrong with the documents.
pub(super) fn deny(refused: NotAttested, color: Color) -> Exit {
    if let NotAttested::Faults(faults) = &refused {
        return signed::denied_for(faults);
    }
    say(refused, color);
    signed::denied("the documents have errors")
}
