//! `gate --self-test`: the tests of objectives, and mutations of measured values.

use std::collections::BTreeSet;
use std::path::Path;

use crate::analysis::{Options, lint_text, members};
use crate::cli::args::GateArgs;
use crate::cli::gate::files::{self, Loaded};
use crate::cli::{Error, Exit, output};
use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::documents::common::Text;
use crate::documents::field::List;
use crate::documents::objectives::{ExpectedVerdict, PolicyTest};
use crate::files::is_inside;
use crate::objectives::admission::Terms;
use crate::objectives::gate::{Gate, GateError, GateFile, sha256};
use crate::objectives::mutate::never_block;
use crate::objectives::verdict::{self, InputRole, ObjectiveVerdict, Verdict};
use crate::secrets::redact;
use crate::text::{Markup, visible};
use crate::workspace::Member;

pub(super) fn run(args: &GateArgs, loaded: &Loaded<'_>, files: &[GateFile<'_>]) -> Result<Exit, Error> {
    let gate = Gate::read(files)?;
    let tests: Vec<&PolicyTest> =
        gate.objectives().tests.get().map(List::iter).into_iter().flatten().map(|(_, test)| test).collect();
    let folder = Path::new(gate.member().file()).parent().unwrap_or(Path::new(""));
    let given: Vec<_> = tests.iter().map(|test| Given::read(test, folder, loaded)).collect();
    let own: Vec<_> =
        given.iter().map(|given| given.as_ref().map(|given| given.files(files)).map_err(String::clone)).collect();
    let gates: Vec<_> = own.iter().map(|own| opened(own.as_deref())).collect();
    let mut lines = Vec::new();
    let mut failed = 0;
    for (test, gate) in tests.iter().zip(&gates) {
        let name = test.name.get().map_or("without a name", |name| &**name);
        let outcome = gate.as_ref().map_or_else(|why| Some(why.clone()), |gate| outcome(test, gate));
        failed += usize::from(outcome.is_some());
        lines.push(match outcome {
            None => format!("ok      {name}"),
            Some(why) => format!("FAILED  {name}: {why}"),
        });
    }
    let count = |count: usize, what: &str| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") };
    lines.push(format!("{}, {failed} failed", count(tests.len(), "policy test")));
    if args.mutate {
        let candidate = Gate::open(files, &Terms::default());
        let judged: Vec<&Gate<'_>> = gates.iter().flatten().chain(&candidate).collect();
        failed += mutate(&judged, args, &mut lines)?;
    } else if tests.is_empty() {
        return Err(Error::Usage("the objectives contain no tests; add one under `tests`".to_owned()));
    }
    let written = output::to_stdout(Markup::Plain, |out| {
        lines.iter().try_for_each(|line| writeln!(out, "{}", visible(&redact(line))))
    });
    if failed == 0 { Exit::Clean } else { Exit::Findings }.after(written)
}

/// Reports which objectives never block, and counts them.
fn mutate(judged: &[&Gate<'_>], args: &GateArgs, lines: &mut Vec<String>) -> Result<usize, Error> {
    if judged.is_empty() {
        let why = "there is nothing to mutate: no policy test can be judged, and no candidate is given";
        return Err(Error::Usage(why.to_owned()));
    }
    let weak = never_block(judged, args.as_of).map_err(GateError::from)?;
    for id in &weak {
        lines.push(format!("NEVER BLOCKS  {id}: it does not fail for any change of the measured values"));
    }
    if weak.is_empty() {
        lines.push("each required objective fails if one of its metrics is changed enough".to_owned());
    }
    Ok(weak.len())
}

/// The evidence of a test, used instead of a candidate.
struct Given {
    name: String,
    sha256: String,
    members: Vec<Member>,
}

impl Given {
    fn read(test: &PolicyTest, folder: &Path, loaded: &Loaded<'_>) -> Result<Self, String> {
        let Some(given) = test.given.get() else { return Err("it lacks `given`".to_owned()) };
        if !is_inside(loaded.root(), folder, Path::new(&**given)) {
            return Err(format!("{} is outside of the workspace, and is not read", &**given));
        }
        let (name, text) =
            files::read_text(&folder.join(&**given), loaded.limit()).map_err(|error| error.to_string())?;
        let options = Options { partial: true, ..loaded.options() };
        let report = lint_text(&name, &text, &options);
        if let Some(error) = report.findings.iter().find(|finding| finding.severity == Severity::Error) {
            return Err(format!("{name} has an error: {} [{}]", error.message, error.rule.id));
        }
        let members = members(&name, &text, &options);
        Ok(Self { name, sha256: sha256(text.as_bytes()), members })
    }

    /// Returns the files of a gate with this evidence instead of its candidate; against the same baseline.
    fn files<'a>(&'a self, files: &[GateFile<'a>]) -> Vec<GateFile<'a>> {
        let file = |role, path: &str, sha256: &str, members| GateFile {
            role,
            path: path.to_owned(),
            sha256: sha256.to_owned(),
            members,
            log: None,
        };
        let is_kept = |file: &&GateFile<'_>| {
            !matches!(file.role, InputRole::Run | InputRole::Evaluation | InputRole::Test | InputRole::Log)
        };
        let kept = files.iter().filter(is_kept);
        let mut own: Vec<_> =
            kept.map(|kept| file(kept.role, &kept.path, &kept.sha256, kept.members.clone())).collect();
        for (role, kinds) in [
            (InputRole::Run, &[Kind::Run, Kind::PipelineRun][..]),
            (InputRole::Evaluation, &[Kind::Evaluation]),
            (InputRole::Test, &[Kind::Test]),
        ] {
            let members: Vec<&Member> = self.members.iter().filter(|member| kinds.contains(&member.kind)).collect();
            if !members.is_empty() {
                own.push(file(role, &self.name, &self.sha256, members));
            }
        }
        own
    }
}

fn opened<'a>(files: Result<&'a [GateFile<'a>], &String>) -> Result<Gate<'a>, String> {
    Gate::rehearse(files.map_err(String::clone)?).map_err(|error| match error {
        GateError::NoEvidence => "the given file contains no run, evaluation or test".to_owned(),
        error => error.to_string(),
    })
}

/// Returns why a test fails; `None` if it passes.
fn outcome(test: &PolicyTest, gate: &Gate<'_>) -> Option<String> {
    let Some(wanted) = test.gate.get() else { return Some("it lacks `gate`".to_owned()) };
    let verdict = match gate.verdict_on(&gate.evidence()) {
        Ok(verdict) => verdict,
        Err(error) => return Some(error.to_string()),
    };
    let (found, wanted) = (verdict.verdict.name(), name_of(*wanted));
    if found != wanted {
        return Some(format!("expected {wanted}, but the gate says {found}{}", deciding(&verdict)));
    }
    test.fails.get().and_then(|fails| other_failures(&verdict, fails))
}

/// Returns the first objective that determined a verdict.
fn deciding(verdict: &Verdict) -> String {
    let decides = |objective: &&verdict::JudgedObjective| match verdict.verdict {
        verdict::GateVerdict::Fail => objective.verdict == ObjectiveVerdict::Fail,
        verdict::GateVerdict::Unknown => objective.verdict == ObjectiveVerdict::Unknown,
        verdict::GateVerdict::Warn => objective.verdict == ObjectiveVerdict::Warn,
        verdict::GateVerdict::Pass => false,
    };
    let first = verdict.objectives.iter().find(decides);
    first.map_or_else(String::new, |own| format!("; {}: {}", own.id, own.message))
}

/// Returns how the failing objectives differ from those that a test expects, if it names any.
fn other_failures(verdict: &Verdict, expected: &List<Text>) -> Option<String> {
    let expected: BTreeSet<&str> = expected.iter().map(|(_, id)| &**id).collect();
    let failed: BTreeSet<&str> = verdict
        .objectives
        .iter()
        .filter(|objective| objective.verdict == ObjectiveVerdict::Fail)
        .map(|objective| objective.id.as_str())
        .collect();
    let missing: Vec<_> = expected.difference(&failed).copied().collect();
    let more: Vec<_> = failed.difference(&expected).copied().collect();
    match (missing.as_slice(), more.as_slice()) {
        ([], []) => None,
        ([], more) => Some(format!("these fail as well: {}", more.join(", "))),
        (missing, _) => Some(format!("these do not fail: {}", missing.join(", "))),
    }
}

fn name_of(verdict: ExpectedVerdict) -> &'static str {
    match verdict {
        ExpectedVerdict::Pass => verdict::GateVerdict::Pass.name(),
        ExpectedVerdict::Warn => verdict::GateVerdict::Warn.name(),
        ExpectedVerdict::Unknown => verdict::GateVerdict::Unknown.name(),
        ExpectedVerdict::Fail => verdict::GateVerdict::Fail.name(),
    }
}
