//! The files of a gate: those that the command line names, and those that the workspace has for it.

use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::analysis::{Examined, FileReport, Options, conclude, examine};
use crate::cli::Error;
use crate::cli::args::{FileArgs, GateArgs, GateFormat, Global};
use crate::cli::check::{Inputs, config_for};
use crate::cli::gate::select::{Selected, Unseen, select};
use crate::cli::output::{self, Target};
use crate::cli::workspace_context::{self, surroundings};
use crate::config::Config;
use crate::diagnostics::{Finding, Severity};
use crate::files::{self, Candidate, FileProblemKind};
use crate::objectives::gate::{GateFile, hexadecimal, sha256};
use crate::objectives::gate_inputs::kinds_of;
use crate::objectives::verdict::{Role, Subject};
use crate::rules::Rule;
use crate::rules::evidence::{baseline_is_candidate, baseline_other_data, test_not_separate_run};
use crate::text::visible;
use crate::workspace::Member;

/// What was read.
pub(super) struct Loaded {
    /// What tells the kinds of documents. Nothing that hides findings counts for the gate.
    config: Config,
    /// The folder of the workspace.
    root: PathBuf,
    /// The files of the workspace that were read.
    around: Vec<PathBuf>,
    limit: u64,
    /// The objectives first.
    named: Vec<Named>,
    /// The files of the workspace that are judged by, too.
    found: Vec<Found>,
    /// Which documents of all these files, and what they are read as.
    selected: Vec<Selected>,
    /// What was found in all of them.
    reports: Vec<FileReport>,
    /// Whether the user's configuration hides findings.
    is_config_lenient: bool,
}

/// A file that the command line names.
struct Named {
    role: Role,
    sha256: String,
    examined: Examined,
}

/// A file of the workspace.
struct Found {
    sha256: String,
    examined: Examined,
}

/// Reads what the command line names, and what of the workspace belongs to it.
pub(super) fn load(args: &GateArgs, global: &Global) -> Result<Loaded, Error> {
    let objectives = args.objectives.as_deref().unwrap_or(Path::new(""));
    let user_config = config_for(global, objectives)?;
    let config = user_config.kinds_only();
    let options = strict(&config);
    let roles = [
        (Role::Run, &args.run),
        (Role::Evaluation, &args.evaluation),
        (Role::Test, &args.test),
        (Role::Baseline, &args.baseline),
    ];
    let flags = roles.into_iter().flat_map(|(role, paths)| paths.iter().map(move |path| (role, path.as_path())));
    let mut named = Vec::new();
    for (role, path) in std::iter::once((Role::Objectives, objectives)).chain(flags) {
        named.push(read_named(role, path, args.max_file_size, options)?);
    }
    let files = FileArgs {
        paths: named.iter().map(|file| PathBuf::from(file.examined.source().name())).collect(),
        stdin_filename: String::new(),
        kind: None,
        no_gitignore: false,
        exclude: Vec::new(),
        force_exclude: false,
        max_file_size: args.max_file_size,
    };
    let candidates =
        files.paths.iter().map(|path| Candidate { name: named_path(path), path: path.clone(), explicit: true });
    let inputs = Inputs { files: candidates.collect(), problems: Vec::new(), stdin: None, absent: 0 };
    let is_any_document = named.iter().any(|file| !file.examined.members().is_empty());
    let looked_up = Options { config: &user_config, claimed: false, ..options };
    let workspace = workspace(args, &files, &user_config, objectives)?;
    let mut around = surroundings(&files, workspace.as_deref(), looked_up, &inputs, is_any_document)?;
    let settings = user_config.file().map(Path::to_owned);
    let members = around.members.iter().map(|member| PathBuf::from(member.file()));
    let read = settings.into_iter().chain(members).collect();
    let own: Vec<&Member> = named.iter().flat_map(|file| file.examined.members()).collect();
    let is_default = args.run.is_empty() && args.evaluation.is_empty() && args.test.is_empty();
    // Of somebody else's candidate nothing is added to what was named. The objectives alone are not about a candidate.
    let unseen = match is_default && !args.self_test && !args.explain {
        true => Some(Unseen::of(&files, workspace.as_deref(), &user_config)?),
        false => None,
    };
    let selected = select(&own, &around.members, unseen.as_ref(), args)?;
    let is_named = |path: &str| named.iter().any(|file| file.examined.source().name() == path);
    let found = found(&selected, &around.members, is_named, options);
    around.members.retain(|member| !found.iter().any(|file| file.examined.source().name() == member.file()));
    // A file may be named twice; it is one document still.
    let mut distinct: Vec<&Examined> = Vec::new();
    for examined in named.iter().map(|file| &file.examined).chain(found.iter().map(|file| &file.examined)) {
        if !distinct.iter().any(|other| other.source().name() == examined.source().name()) {
            distinct.push(examined);
        }
    }
    let reports = conclude(distinct, &around.members, &Options { partial: around.partial, ..options });
    let is_config_lenient = user_config.hides_findings();
    let root = workspace_context::root(&files, workspace.as_deref(), &user_config)?.unwrap_or_default();
    Ok(Loaded {
        root,
        around: read,
        limit: args.max_file_size,
        named,
        found,
        selected,
        reports,
        is_config_lenient,
        config,
    })
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

fn read_named(role: Role, path: &Path, limit: u64, options: Options<'_>) -> Result<Named, Error> {
    let (name, text) = read_text(path, limit)?;
    let examined = examine(&name, &*text, &options);
    let wanted = kinds_of(role);
    if role != Role::Objectives && !examined.members().iter().any(|member| wanted.contains(&member.kind)) {
        let found: Vec<_> = examined.members().iter().map(|member| member.kind.name()).collect();
        let what = wanted.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ");
        let found = match found.as_slice() {
            [] => "it is not an MLSpec document that can be read; `mlspec-lint check` tells why".to_owned(),
            found => format!("it holds: {}", found.join(", ")),
        };
        return Err(Error::Usage(format!("{} holds no {what}; {found}", visible(&name))));
    }
    Ok(Named { role, sha256: sha256(text.as_bytes()), examined })
}

/// The files of the workspace that documents were selected from, looked at as if they were named: a broken document beside one that is
/// judged may be the one that fails.
fn found(
    selected: &[Selected],
    members: &[Member],
    is_named: impl Fn(&str) -> bool,
    options: Options<'_>,
) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for Selected { path, .. } in selected {
        if is_named(path) || found.iter().any(|file| file.examined.source().name() == path) {
            continue;
        }
        let Some(member) = members.iter().find(|member| member.file() == path) else { continue };
        let text = member.tree.source().text();
        found.push(Found { sha256: sha256(text.as_bytes()), examined: examine(path, text, &options) });
    }
    found
}

/// The name of a file in reports.
pub(super) fn named_path(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The name and text of a file.
pub(super) fn read_text(path: &Path, limit: u64) -> Result<(String, String), Error> {
    let name = named_path(path);
    let candidate = Candidate { name: name.clone(), path: path.to_owned(), explicit: true };
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

impl Loaded {
    /// The errors in what was read, if there are any. What rules say of the newest measurements in the workspace is no matter of other
    /// ones that are named; the gate sees to it itself that those can be judged.
    pub(super) fn refusal(&mut self) -> Option<Refused> {
        let are_named = self.named.len() > 1;
        let is_matter = |finding: &Finding| !are_named || !OF_THE_NEWEST.iter().any(|rule| rule.meta == *finding.rule);
        let is_error = |finding: &Finding| finding.severity == Severity::Error && is_matter(finding);
        let objectives = self.named.first().map(|file| file.examined.source().name().to_owned());
        let mut reports = std::mem::take(&mut self.reports);
        reports.retain(|report| report.findings.iter().any(is_error));
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
        let is_suppressed = self.reports_hold_comments();
        Some(Refused { reports, what, is_lenient: self.is_config_lenient || is_suppressed })
    }

    /// Whether a comment in what was read asks for findings to be hidden.
    fn reports_hold_comments(&self) -> bool {
        let named = self.named.iter().map(|file| &file.examined);
        let all = named.chain(self.found.iter().map(|file| &file.examined));
        let mut members = all.flat_map(Examined::members);
        members.any(|member| !crate::analysis::suppressions(&member.tree).is_empty())
    }

    /// How documents are checked that are read later.
    pub(super) fn options(&self) -> Options<'_> {
        strict(&self.config)
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
        let mut files: Vec<GateFile<'_>> = self.named.iter().map(Named::gate_file).collect();
        for Selected { role, path, position } in &self.selected {
            let named = self.named.iter().map(|file| (&file.examined, &file.sha256));
            let found = self.found.iter().map(|file| (&file.examined, &file.sha256));
            let read = named.chain(found).find(|(examined, _)| examined.source().name() == path);
            let Some((examined, sha256)) = read else { continue };
            let members = examined.members().iter().filter(|member| member.position == *position);
            match files.iter_mut().find(|file| file.role == *role && file.path == *path) {
                Some(file) => {
                    let is_new = |member: &&Member| !file.members.iter().any(|own| own.is(member));
                    let members: Vec<&Member> = members.filter(is_new).collect();
                    file.members.extend(members);
                }
                None => files.push(GateFile {
                    role: *role,
                    path: path.clone(),
                    sha256: sha256.clone(),
                    members: members.collect(),
                }),
            }
        }
        files
    }
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

impl Named {
    fn gate_file(&self) -> GateFile<'_> {
        let wanted = kinds_of(self.role);
        let members = self.examined.members().iter().filter(|member| wanted.contains(&member.kind)).collect();
        let path = self.examined.source().name().to_owned();
        GateFile { role: self.role, path, sha256: self.sha256.clone(), members }
    }
}
