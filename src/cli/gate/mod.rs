//! `gate`: decide whether a model meets its objectives, and let others verify the decision.

mod attest;
mod explain;
mod files;
mod logs;
mod self_test;
mod unseen;

use clap::ArgMatches;

pub(super) use files::{digest_of, gate_file, is_below, named_path, read_text, strict};
pub(super) use unseen::{Wanted, unseen};

use super::args::{GateArgs, GateCommand, GateFormat, GateThreshold, Global};
use super::{Error, Exit, output};
use crate::analysis::Report;
use crate::diagnostics::Severity;
use crate::objectives::admission::Terms;
use crate::objectives::as_of::AsOf;
use crate::objectives::gate::{Gate, GateError, GateFile, Request};
use crate::objectives::verdict::{GateMode, GateVerdict, InputRole, Verdict};
use crate::report::{Format, gate as reports};
use crate::text::{Markup, visible};

pub(super) fn run(args: &GateArgs, matches: &ArgMatches, global: &Global) -> Result<Exit, Error> {
    if let Some(GateCommand::Verify(args)) = &args.command {
        return attest::verify(args);
    }
    let default = match std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        true => GateFormat::Github,
        false => GateFormat::Human,
    };
    let targets = output::paired(&args.format, &args.output, default, matches)?;
    files::refuse_overwriting(args, &targets, [])?;
    let settings = files::GateSettings::of(args, global)?;
    let mut loaded = files::load(args, &settings)?;
    files::refuse_overwriting(args, &targets, loaded.around())?;
    if let Some(refused) = loaded.refusal() {
        return refuse(refused, global);
    }
    let files = loaded.gate_files();
    loaded.refuse_unread(&files)?;
    if args.attest.is_some() || args.predicate.is_some() {
        files::refuse_outside(files.iter().map(|file| file.path.as_str()), &args.subject)?;
    }
    if args.self_test {
        return self_test::run(args, &loaded, &files);
    }
    if args.explain {
        return explain::run(&files);
    }
    let verdict = decide(&files, args, loaded.as_of())?;
    let deliver = |target: &output::Target<GateFormat>| {
        let print = |style, out: &mut dyn std::io::Write| match target.format {
            GateFormat::Human => reports::human(&verdict, style, out),
            GateFormat::Json => reports::json(&verdict, out),
            GateFormat::Github => reports::github(&verdict, out),
            GateFormat::Markdown => reports::markdown(&verdict, out),
            GateFormat::Junit => reports::junit(&verdict, out),
        };
        let markup = match target.format {
            GateFormat::Human => Markup::Plain,
            GateFormat::Json => Markup::Json,
            GateFormat::Github => Markup::Commands,
            GateFormat::Markdown => Markup::Markdown,
            GateFormat::Junit => Markup::Xml,
        };
        output::deliver(target.file.as_deref(), markup, global.color, print)
    };
    // Files are written whatever happens to standard output.
    let (to_files, to_stdout): (Vec<_>, Vec<_>) = targets.iter().partition(|target| target.file.is_some());
    to_files.into_iter().try_for_each(deliver)?;
    if let (Some(path), Some(key)) = (&args.attest, &args.key) {
        attest::write(&verdict, key, path)?;
    }
    if let Some(path) = &args.predicate {
        attest::write_predicate(&verdict, path)?;
    }
    let written = to_stdout.into_iter().try_for_each(deliver);
    if verdict.verdict == GateVerdict::Unknown {
        say_what_was_not_found(&files, args);
    }
    match args.dry_run {
        true => Exit::Clean,
        false => exit(verdict.verdict, args.fail_on),
    }
    .after(written)
}

/// Notes missing evidence. A user who named none may not know that half of it is missing.
fn say_what_was_not_found(files: &[GateFile<'_>], args: &GateArgs) {
    if !(args.run.is_empty() && args.evaluation.is_empty() && args.test.is_empty()) {
        return;
    }
    for (role, what) in [(InputRole::Evaluation, "evaluation"), (InputRole::Test, "test")] {
        if !files.iter().any(|file| file.role == role) {
            output::notice(format_args!(
                "note: no {what} in the workspace names these objectives or their model; --{what} names one"
            ));
        }
    }
}

/// Returns the exit code of a verdict: it and the report's last line are derived from the same value.
fn exit(verdict: GateVerdict, fail_on: GateThreshold) -> Exit {
    match verdict {
        GateVerdict::Pass => Exit::Clean,
        GateVerdict::Warn if fail_on == GateThreshold::Warn => Exit::Findings,
        GateVerdict::Warn => Exit::Clean,
        GateVerdict::Unknown if fail_on == GateThreshold::Fail => Exit::Clean,
        GateVerdict::Unknown => Exit::Unknown,
        GateVerdict::Fail => Exit::Findings,
    }
}

fn decide(files: &[GateFile<'_>], args: &GateArgs, as_of: Option<AsOf>) -> Result<Verdict, Error> {
    let terms = Terms {
        subject: files::subjects(&args.subject)?,
        is_digest_required: args.require_digest,
        may_override_baseline: args.override_baseline,
    };
    let gate = Gate::open(files, &terms)?;
    // Age is relative to the current time.
    let is_asked = args.max_age.is_some() || gate.policy().asks_age();
    let request = Request {
        as_of: args.as_of.or(as_of).or_else(|| is_asked.then(|| AsOf::Instant(jiff::Timestamp::now()))),
        max_age: args.max_age,
        mode: if args.dry_run { GateMode::DryRun } else { GateMode::Enforce },
        terms,
    };
    let verdict = gate.verdict(&request)?;
    say_what_is_of_the_future(&gate, request.as_of);
    Ok(verdict)
}

/// Notes evidence, and a time asked about, that are later than the clock says. The verdict does not depend on the clock, so that it is the
/// same when it is verified; `gate verify` denies such evidence.
fn say_what_is_of_the_future(gate: &Gate<'_>, as_of: Option<AsOf>) {
    let now = jiff::Timestamp::now();
    let latest = tomorrow(now);
    for (file, day) in gate.dated_after(latest) {
        output::notice(format_args!(
            "note: {} is dated {day}, which is later than today; nobody can have measured it yet, and `gate verify` denies it",
            visible(file)
        ));
    }
    if let Some(as_of) = as_of.filter(|as_of| as_of.day() > AsOf::Instant(latest).day()) {
        output::notice(format_args!("note: it is judged as of {}, which is later than today", as_of.day()));
    }
}

/// Returns the instant a day after another: clocks are not set alike.
fn tomorrow(now: jiff::Timestamp) -> jiff::Timestamp {
    now.saturating_add(jiff::SignedDuration::from_hours(24)).unwrap_or(jiff::Timestamp::MAX)
}

impl From<GateError> for Error {
    fn from(error: GateError) -> Self {
        Self::Usage(crate::secrets::redact(&error.to_string()).into_owned())
    }
}

/// "Evidence is linted": documents in which `check` finds errors are not judged.
fn refuse(refused: files::Refused, global: &Global) -> Result<Exit, Error> {
    let mut whole = Report::default();
    for report in refused.reports {
        whole.summary.add(&report);
        whole.files.push(report);
    }
    let view = output::ShownReport { report: &whole, color: global.color, quiet: false, statistics: false };
    output::to_stderr(view, &[output::Target { format: Format::Human, file: None }]);
    if refused.is_lenient {
        output::notice("note: settings and comments that hide findings do not count for the gate");
    }
    let errors = whole.findings().filter(|(_, finding)| finding.severity == Severity::Error).count();
    // Warnings are of what contradicts something else.
    let contradictions = whole.findings().count() - errors;
    let counted = |count: usize, one: &str, several: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        count => Some(format!("{count} {several}")),
    };
    let found = [counted(errors, "an error", "errors"), counted(contradictions, "a contradiction", "contradictions")];
    let found: Vec<String> = found.into_iter().flatten().collect();
    Err(Error::Usage(format!("{} {}; nothing was judged", refused.what, found.join(" and "))))
}
