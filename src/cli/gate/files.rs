//! The files of a gate: those that the command line names, and those that the workspace has for it.

use std::io::Read;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::analysis::{Analysis, Examined, FileReport, Options, examine};
use crate::cli::Error;
use crate::cli::args::{FileArgs, GateArgs, GateFormat, Global};
use crate::cli::check::{CheckInputs, config_for};
use crate::cli::gate::unseen::unseen;
use crate::cli::output::{self, Target};
use crate::cli::workspace_context::{self, Surroundings, surroundings};
use crate::config::Config;
use crate::diagnostics::{Finding, Severity};
use crate::documents::Kind;
use crate::files::{self, FileProblemKind, FileToCheck};
use crate::objectives::gate::{GateFile, hexadecimal, sha256};
use crate::objectives::gate_inputs::{ChosenDocument, GateChoice, choose, kinds_of};
use crate::objectives::verdict::{InputRole, Subject};
use crate::rules::Rule;
use crate::rules::evidence::{baseline_is_candidate, baseline_other_data, test_not_separate_run};
use crate::text::visible;
use crate::workspace::{Index, Member};

/// The settings of a gate.
pub(super) struct GateSettings {
    /// Those of the user, by which documents are looked up.
    user: Config,
    /// What of them counts for the gate: what tells the kinds of documents, and nothing that hides findings.
    strict: Config,
}

impl GateSettings {
    pub(super) fn of(args: &GateArgs, global: &Global) -> Result<Self, Error> {
        let user = config_for(global, args.objectives.as_deref().unwrap_or(Path::new("")))?;
        Ok(Self { strict: user.kinds_only(), user })
    }
}

/// What was read.
pub(super) struct Loaded<'c> {
    settings: &'c GateSettings,
    /// The folder of the workspace.
    root: PathBuf,
    /// The files of the workspace that were read.
    around: Vec<PathBuf>,
    limit: u64,
    /// The files that the command line names, by their names in the analysis; the objectives first.
    named: Vec<(InputRole, String)>,
    /// What the workspace adds to them.
    chosen: Vec<ChosenDocument>,
    /// The files of either, with all documents around them.
    analysis: Analysis<'c>,
}

/// Reads what the command line names, and what of the workspace belongs to it.
pub(super) fn load<'c>(args: &GateArgs, settings: &'c GateSettings) -> Result<Loaded<'c>, Error> {
    let objectives = args.objectives.as_deref().unwrap_or(Path::new(""));
    let options = strict(&settings.strict);
    let (named, examined) = read_named(objectives, args, options)?;
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
    let read = settings.user.file().map(Path::to_owned).into_iter().chain(paths).collect();
    let is_default = args.run.is_empty() && args.evaluation.is_empty() && args.test.is_empty();
    // Of somebody else's candidate nothing is added to what was named. The objectives alone are not about a candidate.
    let unseen = match is_default && !args.self_test && !args.explain {
        true => Some(unseen(&files, workspace.as_deref(), &settings.user)?),
        false => None,
    };
    let choice = GateChoice { unseen, is_baseline_named: !args.baseline.is_empty(), is_explained: args.explain };
    let options = Options { partial: around.partial, ..options };
    let candidate: Vec<Member> = examined.iter().flat_map(Examined::members).cloned().collect();
    let mut analysis = Analysis::new(examined, &around.members, options);
    let chosen = chosen(analysis.index(), &candidate, &choice)?;
    // A broken document beside one that is judged may be the one that fails: what was chosen is looked at as if it was named.
    for document in chosen.iter().map(|chosen| &chosen.document) {
        if analysis.examined(document.file()).is_none() {
            analysis.update(examine(document.file(), document.tree.source().text(), &options));
        }
    }
    let root = workspace_context::root(&files, workspace.as_deref(), &settings.user)?.unwrap_or_default();
    Ok(Loaded { settings, root, around: read, limit: args.max_file_size, named, chosen, analysis })
}

/// The documents of the workspace that belong to those that are named.
fn chosen(index: &Index, named: &[Member], choice: &GateChoice) -> Result<Vec<ChosenDocument>, Error> {
    let objectives = named.iter().find(|member| member.kind == Kind::Objectives);
    let Some(own) = objectives.and_then(|member| index.id_of(member)) else { return Ok(Vec::new()) };
    let candidate: Vec<&Member> = named.iter().filter(|member| member.kind != Kind::Objectives).collect();
    choose(index, own, &candidate, choice).map_err(|error| Error::Usage(visible(&error.to_string()).into_owned()))
}

/// The documents around those that are named, as `check` finds them.
fn around(
    files: &FileArgs,
    workspace: Option<&Path>,
    settings: &GateSettings,
    is_any_document: bool,
) -> Result<Surroundings, Error> {
    let candidate = |path: &PathBuf| FileToCheck { name: named_path(path), path: path.clone(), explicit: true };
    let inputs = CheckInputs {
        files: files.paths.iter().map(candidate).collect(),
        problems: Vec::new(),
        stdin: None,
        absent: 0,
    };
    let options = Options { claimed: false, ..strict(&settings.user) };
    surroundings(files, workspace, options, &inputs, is_any_document)
}

/// The folder that documents are looked up in: where neither a configuration nor a repository tells, the folder of the objectives.
fn workspace(args: &GateArgs, files: &FileArgs, config: &Config, objectives: &Path) -> Result<Option<PathBuf>, Error> {
    if args.workspace.is_some() || workspace_context::root(files, None, config)?.is_some() {
        return Ok(args.workspace.clone());
    }
    let folder = objectives.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(Some(folder.to_owned()))
}

/// Refuses outputs that are inputs. `found` are the files of the workspace that were read.
pub(super) fn refuse_overwriting<'p>(
    args: &'p GateArgs,
    targets: &[Target<GateFormat>],
    found: impl IntoIterator<Item = &'p Path>,
) -> Result<(), Error> {
    let outputs = targets.iter().filter_map(|target| target.file.as_ref()).chain(&args.attest).chain(&args.predicate);
    let outputs: Vec<&Path> = outputs.map(PathBuf::as_path).collect();
    let named = [&args.run, &args.evaluation, &args.test, &args.baseline, &args.subject].into_iter().flatten();
    let named = named.chain(&args.objectives).chain(&args.key).map(PathBuf::as_path);
    output::refuse_overwriting(&outputs, named.chain(found))
}

/// Refuses paths that lead out of the current folder, where something is attested: whoever verifies has the files below a folder.
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

/// Whether a path stays below the folder that it is relative to, as it is written.
pub(super) fn is_below(path: &str) -> bool {
    let is_inside =
        |part: std::path::Component<'_>| matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir);
    // What is no path here may be one on another system.
    Path::new(path).components().all(is_inside) && !path.contains('\\') && !path.split('/').any(|part| part == "..")
}

/// How documents are checked that somebody acts on: all findings count, whatever the configuration, comments or baselines say.
pub(super) fn strict(config: &Config) -> Options<'_> {
    Options { config, claimed: true, suppressions: false, ..Options::default() }
}

/// Files with what they are given as, and their documents.
type NamedFiles = (Vec<(InputRole, String)>, Vec<Examined>);

/// The files that the command line names, the objectives first. One that is named twice is read once.
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

/// Refuses a file that holds nothing that it is named for. Without objectives, the gate says so itself.
fn holds_what_is_wanted(role: InputRole, examined: &Examined) -> Result<(), Error> {
    let wanted = kinds_of(role);
    if role == InputRole::Objectives || examined.members().iter().any(|member| wanted.contains(&member.kind)) {
        return Ok(());
    }
    let found: Vec<_> = examined.members().iter().map(|member| member.kind.name()).collect();
    let what = wanted.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ");
    let found = match found.as_slice() {
        [] => "it is not an MLSpec document that can be read; `mlspec-lint check` tells why".to_owned(),
        found => format!("it holds: {}", found.join(", ")),
    };
    Err(Error::Usage(format!("{} holds no {what}; {found}", visible(examined.source().name()))))
}

/// The name of a file in reports.
pub(super) fn named_path(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The name and text of a file.
pub(super) fn read_text(path: &Path, limit: u64) -> Result<(String, String), Error> {
    let name = named_path(path);
    let candidate = FileToCheck { name: name.clone(), path: path.to_owned(), explicit: true };
    let bytes = files::read(&candidate, limit).map_err(|problem| match problem.kind {
        FileProblemKind::Unreadable(why) => Error::Usage(format!("{}: {why}", visible(&name))),
        _ => Error::Usage(problem.to_string()),
    })?;
    let text = String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{} is not UTF-8", visible(&name))))?;
    Ok((name, text))
}

/// What is to be deployed, with digests.
pub(super) fn subjects(paths: &[PathBuf]) -> Result<Vec<Subject>, Error> {
    paths.iter().map(|path| Ok(Subject { name: named_path(path), sha256: digest_of(path)? })).collect()
}

/// The SHA-256 of a file. Models are large: they are not read into memory.
pub(super) fn digest_of(path: &Path) -> Result<String, Error> {
    let failed = |error: std::io::Error| Error::Usage(format!("{}: {error}", visible(&named_path(path))));
    // To open a named pipe is to wait for its writer: look first.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        let name = named_path(path);
        return Err(Error::Usage(format!("{} is not a file; pack what belongs together into one", visible(&name))));
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

/// Errors about the newest measurements in a workspace.
static OF_THE_NEWEST: [&Rule; 3] = [
    &baseline_is_candidate::BASELINE_IS_CANDIDATE,
    &baseline_other_data::BASELINE_OTHER_DATA,
    &test_not_separate_run::TEST_NOT_SEPARATE_RUN,
];

impl Loaded<'_> {
    /// The errors in what was read, if there are any. What rules say of the newest measurements in the workspace is no matter of other
    /// ones that are named; the gate sees to it itself that those can be judged.
    pub(super) fn refusal(&mut self) -> Option<Refused> {
        let objectives = self.named.first().map(|(_, name)| name.clone());
        let are_named = self.named.len() > 1;
        let is_matter = |finding: &Finding| !are_named || !OF_THE_NEWEST.iter().any(|rule| rule.meta == *finding.rule);
        let is_error = |finding: &Finding| finding.severity == Severity::Error && is_matter(finding);
        let reports = self.analysis.reports().filter(|report| report.findings.iter().any(is_error));
        let reports: Vec<FileReport> = reports.cloned().collect();
        if reports.is_empty() {
            return None;
        }
        // What is a warning only does not stop the gate.
        let only_errors = |report: FileReport| {
            let errors = report.findings.into_iter().filter(is_error).collect();
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

    /// How documents are checked that are read later.
    pub(super) fn options(&self) -> Options<'_> {
        strict(&self.settings.strict)
    }

    /// The files of the workspace that were read.
    pub(super) fn around(&self) -> impl Iterator<Item = &Path> {
        self.around.iter().map(PathBuf::as_path)
    }

    /// The folder that what is read later has to be in.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Larger files are not read.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// The files that the gate reads: those that are named, then those of the workspace.
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
        files
    }
}

fn gate_file<'a>(role: InputRole, examined: &Examined, members: Vec<&'a Member>) -> GateFile<'a> {
    let source = examined.source();
    GateFile { role, path: source.name().to_owned(), sha256: sha256(source.text().as_bytes()), members }
}

/// Why nothing is judged: errors in what would have been judged by.
pub(super) struct Refused {
    /// The files with errors, and nothing but those.
    pub reports: Vec<FileReport>,
    /// What has them.
    pub what: &'static str,
    /// Whether the configuration or a comment hides findings from `check`, so that somebody may wonder.
    pub is_lenient: bool,
}
