//! `gate --self-test`: the tests that objectives come with, and mutations of what was measured.

use std::path::Path;

use crate::cli::args::{GateArgs, Global};
use crate::cli::gate::files::{self, Loaded};
use crate::cli::{Error, Exit, output};
use crate::documents::Kind;
use crate::documents::field::List;
use crate::documents::objectives::{GateVerdict, PolicyTest};
use crate::lint::members;
use crate::objectives::gate::{Gate, GateFile, sha256};
use crate::objectives::mutate::never_block;
use crate::objectives::verdict::{self, ObjectiveVerdict, Role, Verdict};
use crate::report::visible;
use crate::workspace::Member;

pub(super) fn run(args: &GateArgs, loaded: &Loaded, files: &[GateFile<'_>], global: &Global) -> Result<Exit, Error> {
    let gate = Gate::read(files)?;
    let tests: Vec<&PolicyTest> =
        gate.objectives().tests.get().map(List::iter).into_iter().flatten().map(|(_, test)| test).collect();
    let folder = Path::new(gate.member().file()).parent().unwrap_or(Path::new(""));
    let mut lines = Vec::new();
    let mut failed = 0;
    for test in &tests {
        let name = test.name.get().map_or("without a name", |name| &**name);
        let outcome = outcome(test, folder, loaded, files)?;
        failed += usize::from(outcome.is_some());
        lines.push(match outcome {
            None => format!("ok      {}", visible(name)),
            Some(why) => format!("FAILED  {}: {}", visible(name), visible(&why)),
        });
    }
    let count = |count: usize, what: &str| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") };
    lines.push(format!("{}, {failed} failed", count(tests.len(), "policy test")));
    if args.mutate {
        let weak = never_block(&gate, &gate.evidence(), args.as_of).map_err(|error| Error::Usage(error.to_string()))?;
        for id in &weak {
            lines.push(format!("NEVER BLOCKS  {}: it does not fail, whatever its metrics are pushed to", visible(id)));
        }
        if weak.is_empty() {
            lines.push("each required objective fails when one of its metrics is pushed far enough".to_owned());
        }
        failed += weak.len();
    }
    output::deliver(None, global.color, |_, out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    if tests.is_empty() && !args.mutate {
        return Err(Error::Usage("the objectives come with no tests; add one under `tests`".to_owned()));
    }
    Ok(if failed == 0 { Exit::Clean } else { Exit::Findings })
}

/// Why a test fails; nothing when it passes.
fn outcome(test: &PolicyTest, folder: &Path, loaded: &Loaded, files: &[GateFile<'_>]) -> Result<Option<String>, Error> {
    let (Some(given), Some(wanted)) = (test.given.get(), test.gate.get()) else {
        return Ok(Some("it lacks `given` or `gate`".to_owned()));
    };
    let (name, text) = match files::read_text(&folder.join(&**given), loaded.limit()) {
        Ok(read) => read,
        Err(error) => return Ok(Some(error.to_string())),
    };
    let given = members(&name, &text, &loaded.options());
    let verdict = match judge(&name, &text, &given, files) {
        Ok(verdict) => verdict,
        Err(why) => return Ok(Some(why)),
    };
    if verdict.verdict.name() != name_of(*wanted) {
        return Ok(Some(format!("the gate says {}, and {} was expected", verdict.verdict.name(), name_of(*wanted))));
    }
    Ok(test.fails.get().and_then(|fails| other_failures(&verdict, fails)))
}

/// Judges what a test gives instead of the candidate; against the same baseline.
fn judge(name: &str, text: &str, given: &[Member], files: &[GateFile<'_>]) -> Result<Verdict, String> {
    let mut own: Vec<GateFile<'_>> = Vec::new();
    for file in files.iter().filter(|file| !matches!(file.role, Role::Run | Role::Evaluation | Role::Test)) {
        let members = file.members.clone();
        own.push(GateFile { role: file.role, path: file.path.clone(), sha256: file.sha256.clone(), members });
    }
    for (role, kinds) in [
        (Role::Run, &[Kind::Run, Kind::PipelineRun][..]),
        (Role::Evaluation, &[Kind::Evaluation]),
        (Role::Test, &[Kind::Test]),
    ] {
        let members: Vec<&Member> = given.iter().filter(|member| kinds.contains(&member.kind)).collect();
        if !members.is_empty() {
            own.push(GateFile { role, path: name.to_owned(), sha256: sha256(text.as_bytes()), members });
        }
    }
    let gate = Gate::open(&own).map_err(|error| error.to_string())?;
    gate.verdict_on(&gate.evidence()).map_err(|error| error.to_string())
}

/// What is wrong with the objectives that fail, if a test names those that should.
fn other_failures(verdict: &Verdict, expected: &List<crate::documents::common::Text>) -> Option<String> {
    let expected: Vec<&str> = expected.iter().map(|(_, id)| &**id).collect();
    let failed: Vec<&str> = verdict
        .objectives
        .iter()
        .filter(|objective| objective.verdict == ObjectiveVerdict::Fail)
        .map(|objective| objective.id.as_str())
        .collect();
    let missing: Vec<_> = expected.iter().copied().filter(|id| !failed.contains(id)).collect();
    let more: Vec<_> = failed.iter().copied().filter(|id| !expected.contains(id)).collect();
    match (missing.as_slice(), more.as_slice()) {
        ([], []) => None,
        ([], more) => Some(format!("these fail, too: {}", more.join(", "))),
        (missing, _) => Some(format!("these do not fail: {}", missing.join(", "))),
    }
}

fn name_of(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Pass => verdict::Gate::Pass.name(),
        GateVerdict::Warn => verdict::Gate::Warn.name(),
        GateVerdict::Unknown => verdict::Gate::Unknown.name(),
        GateVerdict::Fail => verdict::Gate::Fail.name(),
    }
}
