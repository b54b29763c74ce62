//! The files of a gate: those named on the command line, and those that the workspace adds.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use crate::analysis::{
    Analysis, Beside, Examined, FileReport, Options, examine, is_about_the_newest, refuses, refuses_data,
};
use crate::cli::Error;
use crate::cli::args::{FileArgs, GateArgs, GateFormat, Global};
use crate::cli::gate::logs::{self, LogReading, ReadLogs};
use crate::cli::gate::unseen::{Wanted, unseen};
use crate::cli::inputs::{Inputs, config_for};
use crate::cli::output::{self, Target};
use crate::cli::workspace_context::{self, Surroundings, surroundings};
use crate::config::Config;
use crate::diagnostics::Finding;
use crate::documents::Kind;
use crate::files::{self, FileProblemKind, FileToCheck};
use crate::monitored::LogQuestions;
use crate::objectives::admission::CANDIDATE;
use crate::objectives::as_of::AsOf;
use crate::objectives::gate::{Gate, GateFile, hexadecimal, sha256};
use crate::objectives::gate_inputs::{
    ChosenDocument, GateChoice, GateInputs, choose, compared_names, documents_of_data, kinds_of, model_files,
};
use crate::objectives::hir::DatasetId;
use crate::objectives::policy::Policy;
use crate::objectives::verdict::{InputRole, Subject};
use crate::text::visible;
use crate::workspace::{Index, Member};

/// The settings of a gate.
pub(super) struct GateSettings {
    /// The user's settings, which determine how documents are found.
    user: Config,
    /// The part of them that applies to the gate: what determines the kinds of documents, but nothing that hides findings.
    strict: Config,
}

impl GateSettings {
    pub(super) fn of(args: &GateArgs, global: &Global) -> Result<Self, Error> {
        let user = config_for(global, args.objectives.as_deref().unwrap_or(Path::new("")))?;
        Ok(Self { strict: user.kinds_only(), user })
    }
}

/// The files that were read.
pub(super) struct Loaded<'c> {
    settings: &'c GateSettings,
    /// The folder of the workspace.
    root: PathBuf,
    /// The files of the workspace that were read.
    around: Vec<PathBuf>,
    limit: u64,
    /// The files named on the command line, by their names in the analysis; the objectives first.
    named: Vec<(InputRole, String)>,
    /// The documents that the workspace adds.
    chosen: Vec<ChosenDocument>,
    /// All of these files, with the documents around them.
    analysis: Analysis<'c>,
    /// What was measured in logs.
    logs: Option<ReadLogs>,
    /// The time that is asked about, if it is known before anything is judged.
    as_of: Option<AsOf>,
}

/// Reads the files named on the command line, and the documents of the workspace that belong to them.
pub(super) fn load<'c>(args: &GateArgs, settings: &'c GateSettings) -> Result<Loaded<'c>, Error> {
    let objectives = args.objectives.as_deref().unwrap_or(Path::new(""));
    let options = strict(&settings.strict);
    let (named, examined) = read_named(objectives, args, options)?;
    if let Some(workspace) = &args.workspace {
        refuse_out_of_workspace(workspace, examined.iter().map(|file| file.source().name()))?;
    }
    let is_any_document = examined.iter().any(|file| !file.members().is_empty());
    let files = FileArgs {
        paths: examined.iter().map(|file| PathBuf::from(file.source().name())).collect(),
        stdin_filename: String::new(),
        kind: None,
        no_gitignore: false,
        exclude: Vec::new(),
        force_exclude: false,
        max_file_size: args.max_file_size,
    };
    let workspace = workspace(args, &files, &settings.user, objectives)?;
    let around = around(&files, workspace.as_deref(), settings, is_any_document)?;
    let paths = around.members.iter().map(|member| PathBuf::from(member.file()));
    let read_paths = settings.user.file().map(Path::to_owned).into_iter().chain(paths).collect();
    let options = Options { partial: around.partial, ..options };
    let candidate: Vec<Member> = examined.iter().flat_map(Examined::members).cloned().collect();
    let mut analysis = Analysis::new(examined, &around.members, options);
    // The objectives alone are not about a candidate.
    let unseen = match args.self_test || args.explain {
        true => None,
        false => {
            let baseline = baseline_names(analysis.index(), &candidate);
            let models = model_files(analysis.index().workspace());
            let compared = compared_names(analysis.index().workspace());
            let wanted = Wanted { baseline: &baseline, compared: &compared, models: &models };
            Some(unseen(&files, workspace.as_deref(), &settings.user, &wanted)?)
        }
    };
    let as_of = args.as_of;
    let logs = match args.log.as_slice() {
        [] => None,
        paths => {
            logs::refuse_twice(paths)?;
            let policy = logs::policy_of(candidate.iter());
            let policy = policy.ok_or_else(|| Error::Usage("there are no objectives to ask logs for".to_owned()))?;
            // Age is relative to the current time.
            let as_of = as_of.or_else(|| asks_age(args, &policy).then(|| AsOf::Instant(jiff::Timestamp::now())));
            let profiles = logs::profiles_of(&policy, analysis.index())?;
            let questions = LogQuestions::of(&policy, &logs::statistics_of(&profiles)?)
                .map_err(|why| Error::Usage(format!("{why}; nothing was judged")))?;
            let beside = Beside::new(analysis.texts().map(|(examined, _)| examined), &around.members, options);
            let alone = Beside::new([], &[], Options { partial: true, ..options });
            Some(Asked { paths: logs::named(paths)?, questions, beside, alone, profiles, as_of })
        }
    };
    let reading = logs.as_ref().map(|own| LogReading {
        paths: own.paths.clone(),
        questions: &own.questions,
        beside: &own.beside,
        alone: &own.alone,
        options,
    });
    let read =
        reading.as_ref().map(|reading| reading.read(logs.as_ref().and_then(|own| own.as_of?.end()))).transpose()?;
    // The model that answered in a log is looked up like that of a measurement.
    let candidate: Vec<Member> =
        candidate.into_iter().chain(read.iter().flat_map(|own| own.stand_in.members().to_vec())).collect();
    let choice = GateChoice {
        unseen,
        is_candidate_named: !(args.run.is_empty() && args.evaluation.is_empty() && args.test.is_empty()),
        is_baseline_named: !args.baseline.is_empty(),
        as_of: args.as_of,
        is_explained: args.explain,
    };
    let mut chosen = chosen(analysis.index(), &candidate, &choice)?;
    let profiles = logs.iter().flat_map(|own| &own.profiles);
    chosen.extend(profiles.map(|(_, profile)| ChosenDocument { role: InputRole::Profile, document: profile.clone() }));
    // A broken document in the file of a chosen one may be the one that fails: chosen files are checked as if they were named. So are those
    // that say how the data was made: the gate believes in no hold-back that `check` knows to overlap.
    let of_candidate = chosen.iter().filter(|chosen| CANDIDATE.contains(&chosen.role)).map(|chosen| &chosen.document);
    let judged: Vec<Member> = candidate.iter().chain(of_candidate).cloned().collect();
    let of_data: Vec<Member> = match args.self_test || args.explain {
        true => Vec::new(),
        false => documents_of_data(analysis.index(), &judged).into_iter().cloned().collect(),
    };
    for document in chosen.iter().map(|chosen| &chosen.document).chain(&of_data) {
        if analysis.examined(document.file()).is_none() {
            analysis.update(examine(document.file(), document.tree.source().text(), &options));
        }
    }
    let root = workspace_context::root(&files, workspace.as_deref(), &settings.user)?.unwrap_or_default();
    let as_of = logs.as_ref().and_then(|own| own.as_of);
    let limit = args.max_file_size;
    let mut loaded = Loaded { settings, root, around: read_paths, limit, named, chosen, analysis, logs: read, as_of };
    // Windows end at the newest record of all, which is known only now.
    if let (Some(reading), None) = (&reading, as_of)
        && !reading.questions.windows.is_empty()
    {
        let newest = Gate::read(&loaded.gate_files()).ok().and_then(|gate| gate.evidence().newest());
        loaded.logs = Some(reading.read(newest.and_then(AsOf::end))?);
    }
    Ok(loaded)
}

/// What is asked of logs, and what they stand beside.
struct Asked<'c> {
    paths: Vec<(PathBuf, String)>,
    questions: LogQuestions,
    beside: Beside<'c>,
    alone: Beside<'c>,
    profiles: Vec<(DatasetId, Member)>,
    as_of: Option<AsOf>,
}

/// Returns whether the verdict depends on the current time.
fn asks_age(args: &GateArgs, policy: &Policy) -> bool {
    args.max_age.is_some() || policy.asks_age()
}

/// Returns the texts by which documents may name the baseline, in lower case.
fn baseline_names(index: &Index, named: &[Member]) -> BTreeSet<String> {
    let own = named.iter().find(|member| member.kind == Kind::Objectives).and_then(|member| index.id_of(member));
    let inputs = own.and_then(|own| GateInputs::of(index.workspace(), own));
    let names = inputs.map(|inputs| inputs.baseline_names()).unwrap_or_default();
    names.into_iter().map(|name| name.trim().to_lowercase()).collect()
}

/// Returns the documents of the workspace that belong to the named ones.
fn chosen(index: &Index, named: &[Member], choice: &GateChoice) -> Result<Vec<ChosenDocument>, Error> {
    let objectives = named.iter().find(|member| member.kind == Kind::Objectives);
    let Some(own) = objectives.and_then(|member| index.id_of(member)) else { return Ok(Vec::new()) };
    let candidate: Vec<&Member> = named.iter().filter(|member| member.kind != Kind::Objectives).collect();
    choose(index, own, &candidate, choice).map_err(|error| Error::Usage(visible(&error.to_string()).into_owned()))
}

/// Returns the documents around the named ones, found as by `check`.
fn around(
    files: &FileArgs,
    workspace: Option<&Path>,
    settings: &GateSettings,
    is_any_document: bool,
) -> Result<Surroundings, Error> {
    let candidate = |path: &PathBuf| FileToCheck { name: named_path(path), path: path.clone(), explicit: true };
    let inputs = Inputs {
        files: files.paths.iter().map(candidate).collect(),
        problems: Vec::new(),
        stdin: None,
        absent: 0,
        passed_over: Vec::new(),
    };
    let options = Options { claimed: false, ..strict(&settings.user) };
    surroundings(files, workspace, options, &inputs, is_any_document, None)
}

/// Returns the folder in which documents are found: without a configuration or a repository, the folder of the objectives.
fn workspace(args: &GateArgs, files: &FileArgs, config: &Config, objectives: &Path) -> Result<Option<PathBuf>, Error> {
    if args.workspace.is_some() || workspace_context::root(files, None, config)?.is_some() {
        return Ok(args.workspace.clone());
    }
    let folder = objectives.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(Some(folder.to_owned()))
}

/// Refuses outputs that are also inputs. `found` are the files of the workspace that were read.
pub(super) fn refuse_overwriting<'p>(
    args: &'p GateArgs,
    targets: &[Target<GateFormat>],
    found: impl IntoIterator<Item = &'p Path>,
) -> Result<(), Error> {
    let outputs = targets.iter().filter_map(|target| target.file.as_ref()).chain(&args.attest).chain(&args.predicate);
    let outputs: Vec<&Path> = outputs.map(PathBuf::as_path).collect();
    let named =
        [&args.run, &args.evaluation, &args.test, &args.log, &args.baseline, &args.subject].into_iter().flatten();
    let named = named.chain(&args.objectives).chain(&args.key).map(PathBuf::as_path);
    output::refuse_overwriting(&outputs, named.chain(found))
}

/// Refuses paths out of the current folder if a verdict is attested: to verify it, all files must be below one folder.
pub(super) fn refuse_outside<'p>(inputs: impl Iterator<Item = &'p str>, subjects: &[PathBuf]) -> Result<(), Error> {
    let subjects: Vec<String> = subjects.iter().map(|path| named_path(path)).collect();
    let inputs = inputs.map(str::to_owned);
    match inputs.chain(subjects).find(|path| !is_below(path)) {
        Some(path) => {
            let why = "is not below the current folder, where it would be looked up to verify the attestation";
            Err(Error::Usage(format!("{} {why}; run the gate in a folder that holds all files", visible(&path))))
        }
        None => Ok(()),
    }
}

/// Refuses files out of the workspace: failed runs, newer tests and the like are looked for in the workspace, and would not be found beside
/// them.
fn refuse_out_of_workspace<'p>(workspace: &Path, named: impl IntoIterator<Item = &'p str>) -> Result<(), Error> {
    let root = files::same_file(workspace);
    let outside = named.into_iter().find(|file| !files::same_file(Path::new(file)).starts_with(&root));
    outside.map_or(Ok(()), |file| {
        Err(Error::Usage(format!(
            "{} is outside of the workspace {}, where everything else that was measured or run is looked for; name a folder with --workspace \
             that holds all files, or put it in there",
            visible(file),
            visible(&named_path(workspace))
        )))
    })
}

/// Returns whether a path, as written, stays below the folder that it is relative to.
pub(in crate::cli) fn is_below(path: &str) -> bool {
    let is_inside =
        |part: std::path::Component<'_>| matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir);
    // What is not a path here may be one on another system.
    Path::new(path).components().all(is_inside) && !path.contains('\\') && !path.split('/').any(|part| part == "..")
}

/// Options for documents that decide something: all findings count, whatever the configuration, comments or baselines say.
pub(in crate::cli) fn strict(config: &Config) -> Options<'_> {
    Options { config, claimed: true, suppressions: false, ..Options::default() }
}

/// Files with their roles, and their documents.
type NamedFiles = (Vec<(InputRole, String)>, Vec<Examined>);

/// Reads the files named on the command line, the objectives first. A file that is named twice is read once.
fn read_named(objectives: &Path, args: &GateArgs, options: Options<'_>) -> Result<NamedFiles, Error> {
    let roles = [
        (InputRole::Run, &args.run),
        (InputRole::Evaluation, &args.evaluation),
        (InputRole::Test, &args.test),
        (InputRole::Baseline, &args.baseline),
    ];
    let flags = roles.into_iter().flat_map(|(role, paths)| paths.iter().map(move |path| (role, path.as_path())));
    let mut named = Vec::new();
    let mut read: Vec<Examined> = Vec::new();
    let mut positions: FxHashMap<PathBuf, usize> = FxHashMap::default();
    for (role, path) in std::iter::once((InputRole::Objectives, objectives)).chain(flags) {
        let file = files::same_file(path);
        let position = match positions.get(&file) {
            Some(position) => *position,
            None => {
                let (name, text) = read_text(path, args.max_file_size)?;
                positions.insert(file, read.len());
                read.push(examine(&name, text, &options));
                read.len() - 1
            }
        };
        if let Some(examined) = read.get(position) {
            holds_what_is_wanted(role, examined)?;
            let file = (role, examined.source().name().to_owned());
            if !named.contains(&file) {
                named.push(file);
            }
        }
    }
    Ok((named, read))
}

/// Refuses a file without any document that it is named for. Missing objectives are reported by the gate itself.
fn holds_what_is_wanted(role: InputRole, examined: &Examined) -> Result<(), Error> {
    let wanted = kinds_of(role);
    if role == InputRole::Objectives || examined.members().iter().any(|member| wanted.contains(&member.kind)) {
        return Ok(());
    }
    let found: Vec<_> = examined.members().iter().map(|member| member.kind.name()).collect();
    let what = wanted.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ");
    let found = match found.as_slice() {
        [] => "it is not a readable MLSpec document; `mlspec-lint check` shows why".to_owned(),
        found => format!("it contains: {}", found.join(", ")),
    };
    Err(Error::Usage(format!("{} contains no {what}; {found}", visible(examined.source().name()))))
}

/// Returns the name of a file in reports.
pub(in crate::cli) fn named_path(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Returns the name and text of a file.
pub(in crate::cli) fn read_text(path: &Path, limit: u64) -> Result<(String, String), Error> {
    let name = named_path(path);
    let candidate = FileToCheck { name: name.clone(), path: path.to_owned(), explicit: true };
    let bytes = files::read(&candidate, limit).map_err(|problem| match problem.kind {
        FileProblemKind::Unreadable(why) => Error::Usage(format!("{}: {why}", visible(&name))),
        _ => Error::Usage(problem.to_string()),
    })?;
    let text = String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{} is not UTF-8", visible(&name))))?;
    Ok((name, text))
}

/// Returns the files to deploy, with digests.
pub(super) fn subjects(paths: &[PathBuf]) -> Result<Vec<Subject>, Error> {
    paths.iter().map(|path| Ok(Subject { name: named_path(path), sha256: digest_of(path)? })).collect()
}

/// Returns the SHA-256 of a file. Models are large, so they are not read into memory.
pub(in crate::cli) fn digest_of(path: &Path) -> Result<String, Error> {
    let failed = |error: std::io::Error| Error::Usage(format!("{}: {error}", visible(&named_path(path))));
    // Opening a named pipe waits for its writer, so its type is checked first.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        let name = named_path(path);
        return Err(Error::Usage(format!("{} is not a file; pack its content into a single file", visible(&name))));
    }
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok(hexadecimal(&digest.finalize()));
        }
        digest.update(buffer.get(..read).unwrap_or(&[]));
    }
}

impl Loaded<'_> {
    /// Returns the errors in the files that were read, if there are any. Errors about the newest measurements in the workspace do not apply
    /// to others that are named; the gate itself ensures that those can be judged.
    pub(super) fn refusal(&mut self) -> Option<Refused> {
        let objectives = self.named.first().map(|(_, name)| name.clone());
        let are_named = self.named.len() > 1;
        let is_matter = |finding: &Finding| !are_named || !is_about_the_newest(finding);
        let evidence = self.named.iter().map(|(_, name)| name.as_str());
        let evidence: FxHashSet<&str> = evidence.chain(self.chosen.iter().map(|own| own.document.file())).collect();
        let is_error = |report: &FileReport, finding: &Finding| {
            let refuses = if evidence.contains(report.source.name()) { refuses } else { refuses_data };
            refuses(finding) && is_matter(finding)
        };
        let has_error = |report: &&FileReport| report.findings.iter().any(|finding| is_error(report, finding));
        let reports: Vec<FileReport> = self.analysis.reports().filter(has_error).cloned().collect();
        if reports.is_empty() {
            return None;
        }
        // Warnings do not stop the gate.
        let only_errors = |report: FileReport| {
            let errors = report.findings.iter().filter(|finding| is_error(&report, finding)).cloned().collect();
            FileReport { secrets: report.secrets, ..FileReport::new(report.source, report.documents, errors) }
        };
        let reports: Vec<_> = reports.into_iter().map(only_errors).collect();
        let is_of_objectives = |report: &FileReport| objectives.as_deref() == Some(report.source.name());
        let what = match reports.iter().filter(|report| is_of_objectives(report)).count() {
            0 => "the evidence has",
            of_objectives if of_objectives == reports.len() => "the objectives have",
            _ => "the objectives and the evidence have",
        };
        let mut members = self.analysis.texts().flat_map(|(examined, _)| examined.members());
        let is_suppressed = members.any(|member| !crate::analysis::suppressions(&member.tree).is_empty());
        Some(Refused { reports, what, is_lenient: self.settings.user.hides_findings() || is_suppressed })
    }

    /// Options for documents that are read later.
    pub(super) fn options(&self) -> Options<'_> {
        strict(&self.settings.strict)
    }

    /// Returns the files of the workspace that were read.
    pub(super) fn around(&self) -> impl Iterator<Item = &Path> {
        self.around.iter().map(PathBuf::as_path)
    }

    /// Returns the folder that must contain files that are read later.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Larger files are not read.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// Refuses a measurement in a named file that no option names it for: it may be the one that fails.
    pub(super) fn refuse_unread(&self, files: &[GateFile<'_>]) -> Result<(), Error> {
        let is_read = |member: &Member| files.iter().flat_map(|file| &file.members).any(|own| own.is(member));
        let evidence = self.named.iter().filter(|(role, _)| *role != InputRole::Objectives);
        let mut members = evidence.filter_map(|(_, name)| self.analysis.examined(name)).flat_map(Examined::members);
        let unread = members.find_map(|member| {
            let option = match member.kind {
                Kind::Evaluation => "--evaluation",
                Kind::Test => "--test",
                Kind::Run | Kind::PipelineRun if member.metric_count() > 0 => "--run",
                _ => return None,
            };
            (!is_read(member)).then_some((member, option))
        });
        let Some((member, option)) = unread else { return Ok(()) };
        let (file, kind, label) = (visible(member.file()), member.kind.name(), visible(member.label()));
        Err(Error::Usage(format!(
            "{file} also contains the {kind} '{label}', which would not be judged; name it with {option} {file}, too, or keep it in another file"
        )))
    }

    /// Returns the files that the gate reads: the named ones, then those of the workspace.
    pub(super) fn gate_files(&self) -> Vec<GateFile<'_>> {
        let mut files: Vec<GateFile<'_>> = Vec::new();
        for (role, name) in &self.named {
            let Some(examined) = self.analysis.examined(name) else { continue };
            let members = examined.members().iter().filter(|member| kinds_of(*role).contains(&member.kind)).collect();
            files.push(gate_file(*role, examined, members));
        }
        for ChosenDocument { role, document } in &self.chosen {
            let Some(examined) = self.analysis.examined(document.file()) else { continue };
            let members = examined.members().iter().filter(|member| member.position == document.position);
            match files.iter_mut().find(|file| file.role == *role && file.path == document.file()) {
                Some(file) => {
                    let is_new = |member: &&Member| !file.members.iter().any(|own| own.is(member));
                    let members: Vec<&Member> = members.filter(is_new).collect();
                    file.members.extend(members);
                }
                None => files.push(gate_file(*role, examined, members.collect())),
            }
        }
        if let Some(logs) = &self.logs {
            files.extend(log_files(logs));
        }
        files
    }

    /// Returns the time that is asked about, if it is known before anything is judged.
    pub(super) fn as_of(&self) -> Option<AsOf> {
        self.as_of
    }
}

/// Returns a file as the gate reads it.
pub(in crate::cli) fn gate_file<'a>(role: InputRole, examined: &Examined, members: Vec<&'a Member>) -> GateFile<'a> {
    let source = examined.source();
    GateFile { role, path: source.name().to_owned(), sha256: sha256(source.text().as_bytes()), members, log: None }
}

/// Returns logs as the gate reads them: the document that stands for all of them comes with the first.
pub(in crate::cli) fn log_files(logs: &ReadLogs) -> impl Iterator<Item = GateFile<'_>> {
    logs.files.iter().enumerate().map(|(at, file)| GateFile {
        role: InputRole::Log,
        path: file.name.clone(),
        sha256: file.sha256.clone(),
        members: if at == 0 { logs.stand_in.members().iter().collect() } else { Vec::new() },
        log: (at == 0).then_some(&logs.measured),
    })
}

/// Why nothing is judged: errors in the input documents.
pub(super) struct Refused {
    /// The files with errors, and only those errors.
    pub reports: Vec<FileReport>,
    /// What the errors are in, with its verb.
    pub what: &'static str,
    /// Whether the configuration or a comment hides findings from `check`, so that the errors may be unexpected.
    pub is_lenient: bool,
}
