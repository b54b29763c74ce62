//! Attestations: verdicts that others can verify.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use crate::analysis::{Examined, Options, conclude, examine};
use crate::cli::args::VerifyArgs;
use crate::cli::gate::files;
use crate::cli::gate::logs::{LogsAgain, ReadLogs};
use crate::cli::signed::{self, Opened, denied};
use crate::cli::{Error, Exit, output};
use crate::config::Config;
use crate::diagnostics::Severity;
use crate::objectives::admission::Terms;
use crate::objectives::as_of::{AsOf, is_later};
use crate::objectives::attest::{AttestError, Attested, AttestedFile, AttestedOutcome, Statement};
use crate::objectives::gate::{Gate, GateFile, Request, sha256};
use crate::objectives::gate_inputs::kinds_of;
use crate::objectives::verdict::{
    Concern, ConcernReason, GateMode, GateVerdict, Input, InputRole, ObjectiveVerdict, Subject, Verdict, VerdictTool,
};
use crate::text::{Markup, visible};
use crate::workspace::Member;

/// Signs a verdict and writes it to a file.
pub(super) fn write(verdict: &Verdict, key: &Path, path: &Path) -> Result<(), Error> {
    signed::write(&statement(verdict, None)?, key, path)
}

/// Writes the predicate of a verdict to a file.
pub(super) fn write_predicate(verdict: &Verdict, path: &Path) -> Result<(), Error> {
    let predicate = statement(verdict, None)?.predicate_json().map_err(|error| Error::Usage(error.to_string()))?;
    output::write_atomically(path, predicate.as_bytes())
}

fn statement(verdict: &Verdict, url: Option<String>) -> Result<Statement, Error> {
    let usage = |error: AttestError| Error::Usage(error.to_string());
    let subjects: Result<_, _> =
        verdict.subject.iter().map(|subject| AttestedFile::new(&*subject.name, &*subject.sha256)).collect();
    let inputs: Result<_, _> =
        verdict.inputs.iter().map(|input| AttestedFile::new(&*input.path, &*input.sha256)).collect();
    let attested = Attested {
        subjects: subjects.map_err(usage)?,
        inputs: inputs.map_err(usage)?,
        outcome: match verdict.verdict {
            GateVerdict::Pass => AttestedOutcome::Passed,
            GateVerdict::Warn => AttestedOutcome::Warned,
            GateVerdict::Unknown => AttestedOutcome::Unknown,
            GateVerdict::Fail => AttestedOutcome::Failed,
        },
        objectives: verdict
            .objectives
            .iter()
            .map(|objective| (objective.id.clone(), outcome(objective.verdict)))
            .collect(),
        url,
        verdict: serde_json::to_value(verdict).map_err(|error| Error::Usage(error.to_string()))?,
    };
    Statement::new(attested).map_err(usage)
}

fn outcome(verdict: ObjectiveVerdict) -> AttestedOutcome {
    match verdict {
        ObjectiveVerdict::Pass => AttestedOutcome::Passed,
        ObjectiveVerdict::Warn | ObjectiveVerdict::Waived => AttestedOutcome::Warned,
        ObjectiveVerdict::Unknown => AttestedOutcome::Unknown,
        ObjectiveVerdict::Fail => AttestedOutcome::Failed,
    }
}

/// Verifies "signature, digests, and the verdict computed again". Standard output is only written at the end, so that closing it
/// early cannot keep anything from being verified.
pub(super) fn verify(args: &VerifyArgs) -> Result<Exit, Error> {
    let mut said = Vec::new();
    let exit = verified(args, &mut said);
    let written = output::to_stdout(Markup::Plain, |out| said.iter().try_for_each(|line| writeln!(out, "{line}")));
    exit?.after(written)
}

fn verified(args: &VerifyArgs, said: &mut Vec<String>) -> Result<Exit, Error> {
    let opened = signed::read(&args.attestation, args.key.as_deref(), args.bundle, args.max_file_size)?;
    let Opened { statement, name, said: about_signature } = match opened {
        Ok(opened) => opened,
        Err(why) => return Ok(denied(&why)),
    };
    said.push(about_signature);
    let attested: Again = serde_json::from_value(statement.verdict().clone())
        .map_err(|error| Error::Usage(format!("{}: the verdict in it cannot be read: {error}", visible(&name))))?;
    let paths = attested.inputs.iter().map(|input| &*input.path);
    let paths = paths.chain(attested.subject.iter().map(|subject| &*subject.name));
    if let Some(why) = signed::outside(paths, &args.root) {
        return Ok(denied(&why));
    }
    let Some(texts) = unchanged(&attested, args) else { return Ok(Exit::Findings) };
    let count = attested.inputs.len() + attested.subject.len();
    said.push(format!("digests: all {count} files are as attested"));
    if !are_attested(&args.subject, &attested.subject, said)? {
        return Ok(Exit::Findings);
    }
    if let Some(why) = other_objectives(&attested, args)? {
        return Ok(denied(&why));
    }
    // The program may be a newer version; the result must be the same.
    let now = args.as_of.unwrap_or_else(|| AsOf::Instant(Timestamp::now()));
    let JudgedAgain { verdict: again, dates, window_end, now: verdict_now } =
        judge_again(&attested, &texts, &args.root, now)?;
    let again = Verdict { tool: attested.tool.clone(), ..again };
    if self::statement(&again, statement.url().map(str::to_owned))? != statement {
        let (gate, then, now) = (again.verdict.name(), &attested.tool.version, env!("CARGO_PKG_VERSION"));
        let why = "judging the same documents again gives another verdict";
        return Ok(denied(&format!("{why}; this version ({now}) says {gate}, and it was judged by {}", visible(then))));
    }
    let day = again.as_of.as_ref().map_or_else(String::new, |day| format!(" as of {day}"));
    said.push(format!("verdict: {}{day}, the same when judged again", again.verdict.name()));
    if let Some(why) = outlived(&again, &dates, args, now) {
        return Ok(denied(&why));
    }
    if window_end.zip(now.end()).is_some_and(|(last, now)| now > last) {
        return Ok(denied(
            "more time has passed since the evidence than the longest window that the objectives look at",
        ));
    }
    if let Some(verdict) = verdict_now.filter(|now| *now > again.verdict) {
        let (name, day) = (verdict.name(), now.day());
        return Ok(denied(&format!("the objectives say how old evidence may be: as of {day} the verdict is {name}")));
    }
    // `gate verify … && deploy` must not deploy what the gate blocked.
    Ok(match again.verdict {
        _ if again.mode == GateMode::DryRun => denied("it is a dry run, which allows nothing"),
        verdict => super::exit(verdict, args.fail_on),
    })
}

/// The parts of a verdict that are needed to judge again.
#[derive(serde::Deserialize)]
struct Again {
    tool: VerdictTool,
    mode: GateMode,
    as_of: Option<String>,
    instant: Option<String>,
    is_time_given: bool,
    max_age: Option<String>,
    inputs: Vec<Input>,
    subject: Vec<Subject>,
    concerns: Vec<Concern>,
}

/// Returns why the objectives are not the required ones, if any are required.
fn other_objectives(attested: &Again, args: &VerifyArgs) -> Result<Option<String>, Error> {
    let of_file = args.objectives.as_deref().map(files::digest_of).transpose()?;
    let wanted = args.objectives_digest.iter().chain(&of_file).map(|digest| digest.trim().to_ascii_lowercase());
    let own: Vec<&Input> = attested.inputs.iter().filter(|input| input.role == InputRole::Objectives).collect();
    for digest in wanted {
        let digest = digest.strip_prefix("sha256:").unwrap_or(&digest);
        if !own.iter().any(|input| input.sha256 == digest) {
            let name = own.first().map_or("it", |input| input.path.as_str());
            return Ok(Some(format!("{} is not the required objectives: its digest differs", visible(name))));
        }
    }
    Ok(None)
}

/// Returns why a verdict is no longer valid: a waiver has ended, or the evidence has become too old.
fn outlived(verdict: &Verdict, dates: &[Option<Timestamp>], args: &VerifyArgs, now: AsOf) -> Option<String> {
    let has_ended = |until: &str| until.parse::<jiff::civil::Date>().map_or(true, |until| until < now.day());
    let waived = verdict.objectives.iter().filter_map(|own| Some((own, own.waiver.as_ref()?)));
    if let Some((own, waiver)) = waived.into_iter().find(|(_, waiver)| has_ended(&waiver.until)) {
        return Some(format!("the waiver of '{}' ended on {}", visible(&own.id), visible(&waiver.until)));
    }
    let latest = super::tomorrow(Timestamp::now());
    // Without `--as-of`, a gate judges as of the newest record, which may be that of the baseline.
    let judged_on = verdict.as_of.as_deref().and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let is_of_future = judged_on.is_some_and(|day| day > AsOf::Instant(latest).day())
        || dates.iter().flatten().any(|date| *date > latest);
    if args.as_of.is_none() && is_of_future {
        return Some("some of the evidence is dated in the future".to_owned());
    }
    if args.as_of.is_some() && now.end().is_some_and(|end| dates.iter().flatten().any(|date| is_later(*date, end))) {
        return Some("some of the evidence is of after the time of --as-of".to_owned());
    }
    let (max_age, end) = args.max_age.zip(now.end())?;
    let is_old = dates.iter().any(|date| max_age.is_exceeded(*date, end));
    is_old.then(|| format!("some of the evidence is older than {max_age}, or has a later date"))
}

/// Returns the texts of the inputs, if they and the subjects are what was judged; otherwise reports which are not.
fn unchanged(attested: &Again, args: &VerifyArgs) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    let mut changed = 0;
    let mut compare = |path: &str, attested: &str, found: Result<String, Error>| {
        let why = match found {
            Ok(found) if found == attested => return,
            Ok(_) => format!("{} is not what was judged: its digest differs", visible(path)),
            Err(error) => error.to_string(),
        };
        denied(&why);
        changed += 1;
    };
    for input in &attested.inputs {
        let path = args.root.join(&input.path);
        // A log may have any size, and is read again as a stream.
        if input.role == InputRole::Log {
            compare(&input.path, &input.sha256, files::digest_of(&path));
            texts.push(String::new());
            continue;
        }
        let text = files::read_text(&path, args.max_file_size).map(|(_, text)| text);
        compare(
            &input.path,
            &input.sha256,
            text.as_ref().map(|text| sha256(text.as_bytes())).map_err(|error| Error::Usage(error.to_string())),
        );
        texts.extend(text.ok());
    }
    for subject in &attested.subject {
        compare(&subject.name, &subject.sha256, files::digest_of(&args.root.join(&subject.name)));
    }
    (changed == 0).then_some(texts)
}

/// Returns whether these files are subjects of the attestation, by their bytes; reports which are not. An attestation of another model,
/// whose files are all in place, must not let this one pass.
fn are_attested(files: &[PathBuf], subjects: &[Subject], said: &mut Vec<String>) -> Result<bool, Error> {
    let mut all = true;
    for file in files {
        let digest = files::digest_of(file)?;
        let name = files::named_path(file);
        match subjects.iter().find(|subject| subject.sha256 == digest) {
            Some(subject) => {
                said.push(format!("subject: {} is what was judged as {}", visible(&name), visible(&subject.name)));
            }
            None => {
                denied(&format!("{} is not what was judged: the attestation is of another subject", visible(&name)));
                all = false;
            }
        }
    }
    Ok(all)
}

/// The result of judging again.
struct JudgedAgain {
    verdict: Verdict,
    /// When the evidence was measured.
    dates: Vec<Option<Timestamp>>,
    /// When the longest window that the objectives look at is past, counted from the time of the verdict.
    window_end: Option<Timestamp>,
    /// What the verdict would be now, if the objectives limit the age of evidence.
    now: Option<GateVerdict>,
}

fn judge_again(attested: &Again, texts: &[String], root: &Path, now: AsOf) -> Result<JudgedAgain, Error> {
    let config = Config::default();
    let options = Options { partial: true, ..files::strict(&config) };
    let documents = attested.inputs.iter().zip(texts).filter(|(input, _)| input.role != InputRole::Log);
    let (inputs, examined): (Vec<&Input>, Vec<Examined>) =
        documents.map(|(input, text)| (input, examine(&input.path, text, &options))).unzip();
    // Documents with errors are never judged, whoever signed the verdict.
    for report in conclude(&examined, &[], &options) {
        if let Some(error) = report.findings.iter().find(|finding| finding.severity == Severity::Error) {
            let (name, rule) = (report.source.name(), error.rule.id);
            return Err(Error::Usage(format!("{} has an error: {} [{rule}]", visible(name), error.message)));
        }
    }
    let read: Vec<&[Member]> = examined.iter().map(Examined::members).collect();
    let file = |(input, members): (&&Input, &&[Member])| GateFile {
        role: input.role,
        path: input.path.clone(),
        sha256: input.sha256.clone(),
        members: Vec::with_capacity(members.len()),
        log: None,
    };
    let mut documents: Vec<GateFile<'_>> = inputs.iter().zip(&read).map(file).collect();
    for ((file, input), members) in documents.iter_mut().zip(&inputs).zip(&read) {
        let wanted = kinds_of(input.role);
        let is_read = |member: &&Member| wanted.contains(&member.kind) && input.documents.contains(&member.position);
        file.members.extend(members.iter().filter(is_read));
    }
    let members: Vec<Member> = documents.iter().flat_map(|file| file.members.iter().copied().cloned()).collect();
    let logs = LogsAgain::of(&attested.inputs, root, &members, options)?;
    let as_of = attested.instant.as_deref().or(attested.as_of.as_deref()).filter(|_| attested.is_time_given);
    let as_of: Option<AsOf> = as_of.and_then(|as_of| as_of.parse().ok());
    let max_age = attested.max_age.as_deref().and_then(|age| age.parse().ok());
    let has = |reason| attested.concerns.iter().any(|concern| concern.reason == reason);
    let terms = Terms {
        subject: attested.subject.clone(),
        is_digest_required: false,
        may_override_baseline: has(ConcernReason::BaselineOverridden),
    };
    let measured = measured_to(logs.as_ref(), as_of, &documents)?;
    let files = with_logs(&documents, measured.as_ref());
    let gate = Gate::open(&files, &terms)?;
    let window_end = gate.policy().longest_window().and_then(|seconds| {
        let judged_at = as_of.or_else(|| gate.evidence().newest())?.end()?;
        judged_at.checked_add(SignedDuration::from_secs(i64::try_from(seconds).ok()?)).ok()
    });
    let dates: Vec<Option<Timestamp>> =
        gate.evidence().candidate.documents.iter().map(|document| document.date).collect();
    let request = Request { as_of, max_age, mode: attested.mode, terms };
    let verdict = gate.verdict(&request)?;
    let now = match gate.policy().asks_age() {
        true => {
            // Windows of logs end now, too.
            let measured = measured_to(logs.as_ref(), Some(now), &documents)?;
            let files = with_logs(&documents, measured.as_ref());
            let gate = Gate::open(&files, &request.terms)?;
            Some(gate.verdict(&Request { as_of: Some(now), ..request })?.verdict)
        }
        false => None,
    };
    Ok(JudgedAgain { verdict, dates, window_end, now })
}

/// Reads logs again. Their windows end at a time, or else at the newest record of all.
fn measured_to(
    logs: Option<&LogsAgain<'_>>,
    as_of: Option<AsOf>,
    documents: &[GateFile<'_>],
) -> Result<Option<ReadLogs>, Error> {
    let Some(logs) = logs else { return Ok(None) };
    let newest = |read: &ReadLogs| {
        let files = with_logs(documents, Some(read));
        Gate::read(&files).ok().and_then(|gate| gate.evidence().newest()).and_then(AsOf::end)
    };
    logs.read(as_of.and_then(AsOf::end), newest).map(Some)
}

/// Returns files as the gate reads them: logs stand at the end.
fn with_logs<'a>(documents: &[GateFile<'a>], logs: Option<&'a ReadLogs>) -> Vec<GateFile<'a>> {
    documents.iter().cloned().chain(logs.into_iter().flat_map(files::log_files)).collect()
}
