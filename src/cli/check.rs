//! `check`: lint files, folders or standard input.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::against::{Against, EarlierDocuments};
use super::args::{CheckArgs, FileArgs, Global};
use super::inputs::{Inputs, exclude, inputs_to_check, load_config};
use super::logs::{self, CheckedLogs, LogInput, LogSession, LogsWanted};
use super::named_files::Lookup;
use super::output::{self, ShownReport, Target};
use super::progress::Progress;
use super::summaries::{self, MergedLogs};
use super::unread::{not_utf8_report, other_format_of, problem_report, says_version, text_of};
use super::workspace_context::{Surroundings, surroundings};
use super::{Error, Exit, baseline, check_data, said, settings, workspace_context};
use crate::analysis::{Base, Examined, FileReport, Options, Report, Summary, WithheldReason, conclude_with, examine};
use crate::analysis::{detect_text, fix_all, lint_text, masked};
use crate::config::{Config, Overrides};
use crate::diagnostics::Applicability;
use crate::documents::detect::{DetectedAs, Detection};
use crate::files::{self, FileProblem, FileProblemKind, FileToCheck};
use crate::records::{CheckedLog, LineFormat};
use crate::report::{colored_diff, diff, left_alone, passed_over};
use crate::text::{Markup, Source};
use crate::workspace::Revision;

/// What is done with the files.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Report,
    Fix(Applicability),
    Diff(Applicability),
}

/// The result of a check.
#[derive(Default)]
struct Outcome {
    /// The reports about the files, by name.
    reports: Vec<FileReport>,
    /// The `--diff` output of each file that changes, by name; or the fixed text of standard input.
    texts: Vec<String>,
    /// The number of fixed findings.
    fixed: usize,
    /// The places of the fixes that were withheld, and why.
    withheld: Vec<(WithheldReason, String)>,
    /// Files that were only used to resolve references.
    context: Vec<Arc<Source>>,
    /// Texts of the revision that was compared with.
    earlier: Vec<Arc<Source>>,
    /// The files that could not be written.
    failures: Vec<Error>,
}

pub(super) fn run(args: &CheckArgs, matches: &ArgMatches, global: &Global) -> Result<Exit, Error> {
    if !args.merge {
        return check(args, matches, global, None);
    }
    let MergedLogs { args, logs, files } = summaries::merged(args)?;
    check(&args, matches, global, Some((logs, files)))
}

/// The logs whose parts were checked elsewhere, and the files that say so.
type CheckedElsewhere = (Vec<(String, CheckedLog)>, Vec<PathBuf>);

fn check(
    args: &CheckArgs,
    matches: &ArgMatches,
    global: &Global,
    merged: Option<CheckedElsewhere>,
) -> Result<Exit, Error> {
    let mode = mode(args)?;
    let config = load_config(global, &args.files)?.overridden(overrides(args)?);
    let targets = output::targets(args, matches)?;
    if args.show_settings {
        return settings::show(args, &config, &targets);
    }
    let stdin_is_data = check_data::is_data(&args.files.stdin_filename, args);
    let mut inputs = match &merged {
        Some((logs, _)) => summaries::inputs_of(logs),
        None => inputs_to_check(&args.files, &config, !stdin_is_data)?,
    };
    let data = check_data::take(&mut inputs, args, stdin_is_data)?;
    if inputs.absent > 0 && inputs.is_empty() && data.is_empty() {
        // Reported already, and a report without findings would be misleading.
        return Ok(Exit::Usage);
    }
    let outputs = targets.iter().filter_map(|target| target.file.as_ref()).chain(&args.write_baseline);
    let outputs: Vec<&Path> = outputs.map(PathBuf::as_path).collect();
    // The report of an earlier check among the documents is none of them, and may be replaced.
    let is_named_data = |path: &&&Path| data.iter().any(|file| files::are_same(path, &file.path));
    let replaced: Vec<&&Path> =
        outputs.iter().filter(|path| path.is_file() && holds_no_document(path) && !is_named_data(path)).collect();
    let is_kept = |path: &&Path| !replaced.iter().any(|output| files::are_same(output, path));
    let parts = merged.iter().flat_map(|(_, files)| files).map(PathBuf::as_path);
    let beside_data = args.schema.iter().map(Path::new).chain(args.reference.as_deref());
    let named = inputs.files.iter().chain(&data).map(|file| file.path.as_path()).filter(is_kept);
    let named = named.chain(parts).chain(beside_data).chain(args.baseline.as_deref());
    output::refuse_overwriting(&outputs, named.chain(config.file()))?;
    let against = args.against.as_deref();
    let against =
        against.map(|named| Against::open(named, (&args.files, args.allow_empty), &config, &inputs)).transpose()?;
    let merged = merged.map(|(logs, _)| logs);
    let record_format = record_format(&config)?;
    let session = Session { args, config: &config, mode, against, record_format };
    if args.summary {
        return session.summarise(&inputs);
    }
    let Outcome { mut reports, texts, fixed, withheld, mut context, earlier, failures } =
        session.check(&inputs, merged)?;
    output::refuse_overwriting(&outputs, context.iter().map(|source| Path::new(source.name())))?;
    if !data.is_empty() {
        reports.extend(check_data::reports(&data, args, &config, &inputs)?);
        reports.sort_by(|a, b| a.source.name().cmp(b.source.name()));
    }
    context.extend(earlier);
    reports.retain(|file| !file.is_absent || !file.findings.is_empty());
    let mut summary = Summary::default();
    reports.iter().for_each(|file| summary.add(file));
    for (_, why) in &inputs.passed_over {
        *summary.passed_over.entry(why.name()).or_default() += 1;
    }
    if !args.quiet {
        said::untold(&reports);
    }
    if args.verbose {
        said::passed_over(&reports, &inputs.passed_over);
    }
    reports.retain(|file| !file.is_skipped());
    // It lives as long as the process.
    let prefix = session.against.as_ref().and_then(Against::prefix);
    let base = base(&args.files, &config).with_revision(prefix);
    reports.iter_mut().for_each(|file| file.rebase(&base));
    let mut report = ManuallyDrop::new(Report { files: reports, context, summary, base });
    if let Some(path) = &args.write_baseline {
        let recorded = baseline::write(path, &report)?;
        if !args.quiet {
            said::recorded(&recorded, path);
        }
        return Ok(if inputs.absent > 0 { Exit::Usage } else { Exit::Clean });
    }
    if let Some(path) = &args.baseline {
        baseline::apply(path, &inputs.files, &config, args.quiet, &mut report)?;
    }
    // A full disk under standard output must not lose the reports written to files.
    let view = ShownReport { report: &report, color: global.color, quiet: args.quiet, statistics: args.statistics };
    output::to_files(view, &targets)?;
    let written = deliver(view, &texts, &targets, args.diff);
    if !args.quiet {
        let left = report.findings().count();
        match mode {
            Mode::Report => {}
            Mode::Fix(_) => said::fixed(fixed),
            Mode::Diff(_) => said::would_fix(fixed, left),
        }
        said::withheld(&withheld);
    }
    if !failures.is_empty() {
        failures.iter().for_each(|error| output::notice(format_args!("error: {error}")));
        return Ok(Exit::Failure);
    }
    verdict(&report, &inputs, args, &config).after(written)
}

/// Makes paths relative to the root of the repository, or else to the folder of the settings.
pub(super) fn base(args: &FileArgs, config: &Config) -> Base {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let start = args.paths.iter().find(|path| path.as_os_str() != "-").map_or(Path::new("."), PathBuf::as_path);
    let root = files::repository(start).or_else(|| real(config.root()?));
    real(Path::new(".")).zip(root).map_or_else(Base::default, |(here, root)| Base::new(&here, &root))
}

/// Returns the format of access logs that the configuration names.
fn record_format(config: &Config) -> Result<Option<LineFormat>, Error> {
    let format = config.record_format().map(LineFormat::compile).transpose();
    format.map_err(|error| Error::Usage(format!("{}: `format` under [records]: {error}", config.file_name())))
}

fn mode(args: &CheckArgs) -> Result<Mode, Error> {
    let level = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    match (args.diff, args.fix) {
        (true, _) => Ok(Mode::Diff(level)),
        (false, true) => Ok(Mode::Fix(level)),
        (false, false) if args.unsafe_fixes => Err(Error::Usage(
            "--unsafe-fixes has no effect alone: add --diff to see the fixes, or --fix to apply them".to_owned(),
        )),
        (false, false) => Ok(Mode::Report),
    }
}

/// Returns the settings on the command line, which override the configuration.
fn overrides(args: &CheckArgs) -> Result<Overrides, Error> {
    let (select, ignore) = (args.select.clone(), args.ignore.clone());
    Ok(Overrides { select, ignore, fail_on: args.fail_on, exclude: exclude(&args.files)? })
}

/// A file that was read: the result of checking it by itself, or a final report.
enum Looked {
    At(Box<Examined>),
    Not(Box<FileReport>),
}

/// The other inputs: those that were read, their paths, and the reports about those that were not.
type Others<'o, 'i> = (&'o mut logs::Files, &'o mut Vec<Option<&'i FileToCheck>>, &'o mut Vec<FileReport>);

/// With more files, memory is worth more than the time in which some of their documents are read again.
const MANY_FILES: usize = 50_000;

/// One run of `check`.
struct Session<'a> {
    args: &'a CheckArgs,
    config: &'a Config,
    mode: Mode,
    against: Option<Against>,
    /// The format of access logs that the configuration names.
    record_format: Option<LineFormat>,
}

impl Session<'_> {
    fn pool(&self) -> Result<rayon::ThreadPool, Error> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.args.threads).build();
        pool.map_err(|error| Error::Usage(format!("cannot start threads: {error}")))
    }

    /// Prints the summary of a log. It is no verdict: that is for whoever adds up all parts.
    fn summarise(&self, inputs: &Inputs) -> Result<Exit, Error> {
        let pool = self.pool()?;
        let args = self.args;
        let logs = self.logs(inputs);
        let ([log], true) = (logs.as_slice(), inputs.files.len() + usize::from(inputs.stdin.is_some()) == 1) else {
            let why = "--summary takes one log: a file .jsonl or .ndjson, also with .gz or .zst, or `-` with --stdin-filename";
            return Err(Error::Usage(why.to_owned()));
        };
        if !log.is_json_lines() {
            let why =
                format!("{}: --summary is of JSON Lines; a log of another format is checked as a whole", log.name);
            return Err(Error::Usage(why));
        }
        if args.range.is_some() {
            logs::refuse_range(inputs, &logs)?;
        }
        let options = options(args, self.config, true);
        let workspace = args.workspace.as_deref();
        let around = pool.install(|| surroundings(&args.files, workspace, options, inputs, true, None))?;
        let options = Options { partial: around.partial, unread: &around.unread, ..options };
        let progress = Progress::new(1);
        let is_named = self.is_named();
        let summary = pool.install(|| self.log_session(options, &around, &progress, &is_named).summary(log));
        progress.finish();
        let summary = summary.map_err(|source| Error::File { path: log.name.to_owned(), source })?;
        let text = serde_json::to_string(&summary).map_err(|error| Error::Usage(error.to_string()))?;
        output::to_stdout_raw(|out| writeln!(out, "{text}"))?;
        Ok(Exit::Clean)
    }

    /// Checks the inputs, each by itself and then all together. Of logs that are `merged`, the parts were checked elsewhere.
    fn check(&self, inputs: &Inputs, merged: Option<Vec<(String, CheckedLog)>>) -> Result<Outcome, Error> {
        let pool = self.pool()?;
        let progress = Progress::new(inputs.files.len());
        let logs = if merged.is_some() { Vec::new() } else { self.logs(inputs) };
        if self.args.range.is_some() {
            logs::refuse_range(inputs, &logs)?;
        }
        let log_names = logs::names(&logs);
        let documents: Vec<&FileToCheck> =
            inputs.files.iter().filter(|file| merged.is_none() && !log_names.contains(file.name.as_str())).collect();
        let has_many = inputs.files.len() > MANY_FILES;
        let one = |candidate: &&FileToCheck| {
            let mut looked = self.look(candidate);
            if let Looked::At(file) = &mut looked
                && has_many
            {
                file.forget_typed();
            }
            progress.step();
            looked
        };
        let looked: Vec<Looked> = match documents.as_slice() {
            // For a single file, starting threads takes longer than checking it.
            [only] => vec![one(only)],
            files => pool.install(|| files.par_iter().map(one).collect()),
        };
        let mut unchecked: Vec<FileReport> = Vec::new();
        let mut examined: Vec<Box<Examined>> = Vec::new();
        let mut paths: Vec<Option<&FileToCheck>> = Vec::new();
        for (candidate, looked) in documents.iter().copied().zip(looked) {
            match looked {
                Looked::Not(report) => unchecked.push(*report),
                Looked::At(file) => {
                    examined.push(file);
                    paths.push(Some(candidate));
                }
            }
        }
        unchecked.extend(inputs.problems.iter().map(problem_report));
        let stdin = inputs.stdin.as_deref().filter(|_| logs.iter().all(|log| log.file.is_some()));
        match stdin.map(|bytes| self.look_at_stdin(bytes)) {
            Some(Looked::Not(report)) => unchecked.push(*report),
            Some(Looked::At(file)) => {
                examined.push(file);
                paths.push(None);
            }
            None => {}
        }
        let (files, workspace) = (&self.args.files, self.args.workspace.as_deref());
        let options = options(self.args, self.config, false);
        let root = workspace_context::root(files, workspace, self.config)?;
        let against = self.against.as_ref();
        // Documents that are no longer in these files may be in others.
        let is_any_document = against.is_some()
            || merged.is_some()
            || !logs.is_empty()
            || examined.iter().any(|file| !file.members().is_empty());
        let around = pool.install(|| surroundings(files, workspace, options, inputs, is_any_document, against))?;
        let logs = pool.install(|| {
            let log_options = Options { partial: around.partial, unread: &around.unread, ..options };
            match merged {
                Some(merged) => {
                    self.log_session(log_options, &around, &progress, &self.is_named()).merged(merged, &examined)
                }
                None => {
                    let others = (&mut examined, &mut paths, &mut unchecked);
                    self.look_at_logs(logs, log_options, &around, &progress, others)
                }
            }
        });
        progress.finish();
        let mut lookup = Lookup::new(files, options, root, &inputs.files);
        for (file, candidate) in examined.iter_mut().zip(&paths) {
            // Standard input is not in a folder.
            if let Some(candidate) = candidate {
                let named = lookup.of(file, &candidate.path);
                file.set_named_files(named);
            }
        }
        let read = |against: &Against| pool.install(|| against.read((&examined, &unchecked), &around, files, &options));
        let (revision, earlier) = match against.map(read).transpose()? {
            Some(EarlierDocuments { revision, sources }) => (Some(revision), sources),
            None => (None, Vec::new()),
        };
        let mut outcome =
            pool.install(|| self.conclude(examined, &paths, inputs, &around, revision.as_ref(), &logs))?;
        outcome.reports.iter_mut().for_each(|report| logs.complete(report));
        outcome.earlier = earlier;
        outcome.reports.append(&mut unchecked);
        outcome.reports.sort_by(|a, b| a.source.name().cmp(b.source.name()));
        outcome.context = around.members.iter().map(|member| Arc::clone(member.tree.source())).collect();
        Ok(outcome)
    }

    /// Returns the inputs that are checked as logs.
    fn logs<'i>(&'i self, inputs: &'i Inputs) -> Vec<LogInput<'i>> {
        let args = self.args;
        // What is fixed, compared with what it was, or known by its fingerprint is looked at as a whole where that can be.
        let with_small = self.mode == Mode::Report
            && self.against.is_none()
            && args.baseline.is_none()
            && args.write_baseline.is_none();
        let (most, range, format) = (args.files.max_file_size, args.range, self.record_format.as_ref());
        logs::among(inputs, &args.files.stdin_filename, LogsWanted { most, with_small, range, format })
    }

    /// Returns what tells whether a file that the user named counts as named.
    fn is_named(&self) -> impl Fn(bool) -> bool + Sync + use<> {
        let skips = self.args.skip_unrelated;
        move |explicit| explicit && !skips
    }

    fn log_session<'s>(
        &self,
        options: Options<'s>,
        around: &'s Surroundings,
        progress: &'s Progress,
        explicit: &'s (dyn Fn(bool) -> bool + Sync),
    ) -> LogSession<'s> {
        let is_compared = !self.args.no_cross_records && self.args.range.is_none() && !self.args.summary;
        LogSession { options, explicit, around, threads: rayon::current_num_threads(), is_compared, progress }
    }

    /// Checks logs beside the other inputs, to which those are added that must be looked at as a whole.
    fn look_at_logs<'i>(
        &self,
        logs: Vec<LogInput<'i>>,
        options: Options<'_>,
        around: &Surroundings,
        progress: &Progress,
        (examined, paths, unchecked): Others<'_, 'i>,
    ) -> CheckedLogs {
        if logs.is_empty() {
            return CheckedLogs::default();
        }
        let is_named = self.is_named();
        let session = self.log_session(options, around, progress, &is_named);
        let logs =
            session.check(logs, examined, |input, bytes| match self.look_at(input.name, bytes, input.explicit) {
                Looked::Not(report) => {
                    unchecked.push(*report);
                    None
                }
                Looked::At(file) => {
                    paths.push(input.file);
                    Some(file)
                }
            });
        unchecked.extend(logs.problems.iter().map(problem_report));
        logs
    }

    /// Reads a file and checks it by itself.
    fn look(&self, candidate: &FileToCheck) -> Looked {
        if candidate.explicit
            && !self.args.skip_unrelated
            && let Some(format) = other_format_of(candidate)
        {
            let kind = FileProblemKind::OtherFormat(format);
            return Looked::Not(Box::new(problem_report(&FileProblem { name: candidate.name.clone(), kind })));
        }
        match files::read(candidate, self.args.files.max_file_size) {
            Ok(bytes) => self.look_at(&candidate.name, bytes, candidate.explicit),
            Err(problem) => {
                let mut report = problem_report(&problem);
                // Data sets and tokenizers are larger than any MLSpec document.
                let is_too_large = matches!(problem.kind, FileProblemKind::TooLarge { .. });
                if is_too_large && !candidate.explicit && !says_version(&candidate.path) {
                    report.take_for_guess();
                }
                Looked::Not(Box::new(report))
            }
        }
    }

    fn look_at(&self, name: &str, bytes: Vec<u8>, explicit: bool) -> Looked {
        if let Some(against) = &self.against {
            against.see(name, &bytes);
        }
        let options = options(self.args, self.config, explicit);
        match text_of(bytes) {
            Ok(text) => Looked::At(Box::new(examine(name, text, &options))),
            Err(error) => Looked::Not(Box::new(not_utf8_report(name, &error, &options))),
        }
    }

    fn look_at_stdin(&self, bytes: &[u8]) -> Looked {
        let name = &self.args.files.stdin_filename;
        let limit = self.args.files.max_file_size;
        if bytes.len() as u64 > limit {
            let kind = FileProblemKind::TooLarge { size: bytes.len() as u64, limit };
            return Looked::Not(Box::new(problem_report(&FileProblem { name: name.clone(), kind })));
        }
        self.look_at(name, bytes.to_vec(), true)
    }

    /// Creates the reports about the files, after fixing them if requested. Standard input has no path.
    #[expect(clippy::vec_box, reason = "each is in a box already, and to move them all takes a megabyte more")]
    fn conclude(
        &self,
        examined: Vec<Box<Examined>>,
        paths: &[Option<&FileToCheck>],
        inputs: &Inputs,
        around: &Surroundings,
        against: Option<&Revision>,
        logs: &CheckedLogs,
    ) -> Result<Outcome, Error> {
        let (partial, unread) = (around.partial, around.unread.as_slice());
        let options = Options { partial, unread, against, ..options(self.args, self.config, false) };
        let context = &around.members;
        let level = match self.mode {
            Mode::Report => {
                // Freeing every tree takes longer than the process has left to live.
                let examined = ManuallyDrop::new(examined);
                let all = examined.iter().map(AsRef::as_ref).chain(&logs.kept);
                let reports = conclude_with(all, context, &options, logs.across.clone());
                return Ok(Outcome { reports, ..Outcome::default() });
            }
            Mode::Fix(level) | Mode::Diff(level) => level,
        };
        // Logs are not fixed.
        let members = examined.iter().flat_map(|file| file.members()).chain(context).cloned().collect::<Vec<_>>();
        let of_logs = match logs.kept.is_empty() {
            true => Vec::new(),
            false => conclude_with(&logs.kept, &members, &options, logs.across.clone()),
        };
        let sources = examined.iter().map(|file| file.shared_source()).zip(paths);
        let sources: FxHashMap<String, (Arc<Source>, _)> =
            sources.map(|(source, path)| (source.name().to_owned(), (source, path))).collect();
        let fixed = fix_all(examined.into_iter().map(|file| *file).collect(), context, &options, level);
        let mut outcome = Outcome { reports: of_logs, ..Outcome::default() };
        for fixed in fixed {
            let Some((before, path)) = sources.get(fixed.report.source.name()) else { continue };
            let changed = fixed.applied > 0 && fixed.text != before.text();
            let text = match (self.mode, path) {
                (Mode::Diff(_), _) => changed.then(|| masked_diff(before.name(), before.text(), &fixed.text, &options)),
                (_, Some(candidate)) if changed => {
                    let written = files::replace(&candidate.path, before.text().as_bytes(), fixed.text.as_bytes());
                    if let Err(source) = written {
                        // The other files are still fixed; this one keeps its findings.
                        outcome.failures.push(Error::File { path: before.name().to_owned(), source });
                        outcome.reports.push(lint_text(before.name(), before.text(), &options));
                        continue;
                    }
                    None
                }
                (_, Some(_)) => None,
                (_, None) if changed => Some(fixed.text.clone()),
                // The text of a file with nothing to report is not kept; it is output unchanged.
                (_, None) => inputs.stdin.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
            };
            outcome.texts.extend(text);
            outcome.fixed += fixed.applied;
            outcome.withheld.extend(said::places(&fixed));
            outcome.reports.push(fixed.report);
        }
        Ok(outcome)
    }
}

fn options<'a>(args: &CheckArgs, config: &'a Config, explicit: bool) -> Options<'a> {
    let explicit = explicit && !args.skip_unrelated;
    Options { config, kind: args.files.kind, explicit, suppressions: !args.no_ignores, ..Options::default() }
}

/// Returns the diff of a file. Diffs are for people, and end up in CI logs, so credentials near a fix are masked. No fix touches one, so
/// masking hides no change.
fn masked_diff(name: &str, before: &str, after: &str, options: &Options<'_>) -> String {
    diff(name, &masked(name, before, options), &masked(name, after, options))
}

/// Returns whether a file holds nothing that is checked, such as the report of an earlier check.
pub(super) fn holds_no_document(path: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(path) else { return false };
    let detections = detect_text(&path.to_string_lossy(), &text, &Options::default());
    let is_other = |detection: &Option<Detection>| {
        let verdict = detection.as_ref().map(|own| &own.verdict);
        matches!(verdict, Some(DetectedAs::Neighbour(_) | DetectedAs::NotAMapping | DetectedAs::Other))
    };
    detections.iter().all(is_other)
}

fn deliver(view: ShownReport<'_>, texts: &[String], targets: &[Target], is_diff: bool) -> Result<(), Error> {
    if is_diff {
        return output::deliver(None, Markup::Plain, view.color, |style, out| {
            texts.iter().try_for_each(|text| out.write_all(colored_diff(text, style.color).as_bytes()))
        });
    }
    if texts.is_empty() {
        return output::to_terminal(view, targets);
    }
    // Standard output receives the text, so the report goes to standard error.
    output::to_stderr(view, targets);
    // The output is what the caller is going to save.
    output::to_stdout_raw(|out| texts.iter().try_for_each(|text| out.write_all(text.as_bytes())))
}

fn verdict(report: &Report, inputs: &Inputs, args: &CheckArgs, config: &Config) -> Exit {
    if report.decisive().any(|finding| finding.severity >= config.fail_on()) && !args.exit_zero {
        return Exit::Findings;
    }
    if inputs.absent > 0 {
        return Exit::Usage;
    }
    let nothing = report.summary.documents == 0 && report.summary.tables == 0 && report.decisive().next().is_none();
    if nothing && !args.allow_empty {
        let others = left_alone(&report.summary).map(|formats| format!("left alone: {formats}"));
        let reasons: Vec<_> = others.into_iter().chain(passed_over(&report.summary)).collect();
        let others = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
        output::notice(format_args!(
            "error: nothing to check{others}; `mlspec-lint kinds` and `check -v` show why, --allow-empty accepts it"
        ));
        return Exit::Usage;
    }
    Exit::Clean
}
