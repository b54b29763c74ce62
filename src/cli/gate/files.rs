//! The files of a gate: those that the command line names, and those that the workspace has for it.

use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::analysis::{Examined, FileReport, Options, conclude, examine};
use crate::cli::Error;
use crate::cli::args::{FileArgs, GateArgs, Global};
use crate::cli::check::{Inputs, config_for};
use crate::cli::workspace_context::{Surroundings, surroundings};
use crate::config::Config;
use crate::diagnostics::{Finding, Severity};
use crate::documents::{Document, Kind};
use crate::files::{self, Candidate, FileProblemKind};
use crate::objectives::gate::{GateFile, hexadecimal, sha256};
use crate::objectives::gate_inputs::{Candidates, kinds_of};
use crate::objectives::policy::Policy;
use crate::objectives::verdict::{Role, Subject};
use crate::rules::Rule;
use crate::rules::evidence::{baseline_is_candidate, baseline_other_data, test_not_separate_run};
use crate::text::visible;
use crate::workspace::{Member, Workspace};

/// What was read.
pub(super) struct Loaded {
    config: Config,
    limit: u64,
    /// The objectives first.
    named: Vec<Named>,
    around: Surroundings,
    /// What was found in the objectives.
    report: Option<FileReport>,
}

/// A file that the command line names.
struct Named {
    role: Role,
    sha256: String,
    examined: Examined,
}

/// Reads what the command line names, and the workspace around it.
pub(super) fn load(args: &GateArgs, global: &Global) -> Result<Loaded, Error> {
    let objectives = args.objectives.as_deref().unwrap_or(Path::new(""));
    let config = config_for(global, objectives)?;
    let roles = [
        (Role::Run, &args.run),
        (Role::Evaluation, &args.evaluation),
        (Role::Test, &args.test),
        (Role::Baseline, &args.baseline),
    ];
    let flags = roles.into_iter().flat_map(|(role, paths)| paths.iter().map(move |path| (role, path.as_path())));
    let mut named = Vec::new();
    for (role, path) in std::iter::once((Role::Objectives, objectives)).chain(flags) {
        named.push(read_named(role, path, args.max_file_size, &config)?);
    }
    let files = FileArgs {
        paths: named.iter().map(|file| PathBuf::from(file.examined.source().name())).collect(),
        stdin_filename: String::new(),
        kind: None,
        no_gitignore: false,
        force_exclude: false,
        max_file_size: args.max_file_size,
    };
    let candidates =
        files.paths.iter().map(|path| Candidate { name: named_path(path), path: path.clone(), explicit: true });
    let inputs = Inputs { files: candidates.collect(), problems: Vec::new(), stdin: None, absent: 0 };
    let options = Options { config: &config, ..Options::default() };
    let (examined, read_as): (Vec<_>, Vec<_>) =
        named.into_iter().map(|Named { role, sha256, examined }| (examined, (role, sha256))).unzip();
    let is_any_document = examined.iter().any(|file| !file.members().is_empty());
    let around = surroundings(&files, args.workspace.as_deref(), options, &inputs, is_any_document)?;
    // A file may be named twice; it is one document still.
    let mut seen: Vec<&str> = Vec::new();
    let distinct: Vec<&Examined> = examined
        .iter()
        .filter(|file| {
            let is_new = !seen.contains(&file.source().name());
            seen.push(file.source().name());
            is_new
        })
        .collect();
    let reports = conclude(distinct, &around.members, &Options { partial: around.partial, ..options });
    let named = read_as.into_iter().zip(examined);
    let named = named.map(|((role, sha256), examined)| Named { role, sha256, examined }).collect();
    Ok(Loaded { limit: args.max_file_size, named, around, report: reports.into_iter().next(), config })
}

fn read_named(role: Role, path: &Path, limit: u64, config: &Config) -> Result<Named, Error> {
    let (name, text) = read_text(path, limit)?;
    let examined = examine(&name, &text, &Options { config, ..Options::default() });
    let wanted = kinds_of(role);
    if role != Role::Objectives && !examined.members().iter().any(|member| wanted.contains(&member.kind)) {
        let found: Vec<_> = examined.members().iter().map(|member| member.kind.name()).collect();
        let what = wanted.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ");
        let found = match found.as_slice() {
            [] => "it is no MLSpec document that can be read; `mlspec-lint check` tells why".to_owned(),
            found => format!("it holds: {}", found.join(", ")),
        };
        return Err(Error::Usage(format!("{} holds no {what}; {found}", visible(&name))));
    }
    Ok(Named { role, sha256: sha256(text.as_bytes()), examined })
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
    /// The findings about the objectives, if there is an error among them. What rules say of the newest measurements in the workspace
    /// is no matter of other ones that are named; the gate sees to it itself that those can be judged.
    pub(super) fn refusal(&mut self) -> Option<FileReport> {
        let report = self.report.take()?;
        let are_named = self.named.len() > 1;
        let is_matter = |finding: &Finding| !are_named || !OF_THE_NEWEST.iter().any(|rule| rule.meta == *finding.rule);
        let is_error = |finding: &Finding| finding.severity == Severity::Error && is_matter(finding);
        if !report.findings.iter().any(is_error) {
            return None;
        }
        // What is a warning only does not stop the gate.
        let errors = report.findings.into_iter().filter(is_error).collect();
        let secrets = report.secrets;
        Some(FileReport { secrets, ..FileReport::new(report.source, report.documents, errors) })
    }

    /// The configuration that holds for the objectives.
    pub(super) fn options(&self) -> Options<'_> {
        Options { config: &self.config, ..Options::default() }
    }

    /// Larger files are not read.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// The files that the gate reads. What the command line does not name is looked up in the workspace.
    pub(super) fn gate_files(&self, args: &GateArgs) -> Result<Vec<GateFile<'_>>, Error> {
        let mut files: Vec<GateFile<'_>> = self.named.iter().map(Named::gate_file).collect();
        let members: Vec<&Member> =
            self.named.iter().flat_map(|file| file.examined.members()).chain(&self.around.members).collect();
        let own = members.iter().position(|member| member.kind == Kind::Objectives);
        let workspace = Workspace::new(members, true);
        let Some(candidates) = own.and_then(|own| Candidates::of(&workspace, own)) else { return Ok(files) };
        let is_named = !(args.run.is_empty() && args.evaluation.is_empty() && args.test.is_empty());
        // Of somebody else's candidate nothing is added to what was named. The objectives alone are not about a candidate.
        if !is_named && !args.self_test && !args.explain {
            for (role, kind) in [(Role::Evaluation, Kind::Evaluation), (Role::Test, Kind::Test)] {
                let newest = candidates.newest(kind).map_err(|error| Error::Usage(error.to_string()))?;
                add(&mut files, role, newest);
            }
        }
        if args.baseline.is_empty() {
            add(&mut files, Role::Baseline, candidates.baseline());
        }
        let Some(Document::Objectives(objectives)) = own.and_then(|own| workspace.member(own)).and_then(Member::typed)
        else {
            return Ok(files);
        };
        let tree = own.and_then(|own| workspace.member(own)).map(|member| &member.tree);
        let policy = tree.map(|tree| Policy::of(objectives, tree).0).unwrap_or_default();
        // What is explained is measured against the baseline as if it were the candidate.
        let is_judged = |role: Role| is_candidate(role) || args.explain && role == Role::Baseline;
        let candidate: Vec<&Member> =
            files.iter().filter(|file| is_judged(file.role)).flat_map(|file| file.members.clone()).collect();
        let history = candidates.history(&policy, &candidate);
        let known: Vec<&Member> = files.iter().flat_map(|file| file.members.clone()).collect();
        let history = history.into_iter().filter(|run| !known.iter().any(|own| std::ptr::eq(*own, *run)));
        add(&mut files, Role::History, history.collect::<Vec<_>>());
        let measured: Vec<&Member> = files.iter().flat_map(|file| file.members.clone()).collect();
        add(&mut files, Role::Dataset, candidates.datasets(&policy, &measured));
        Ok(files)
    }
}

fn is_candidate(role: Role) -> bool {
    matches!(role, Role::Run | Role::Evaluation | Role::Test)
}

impl Named {
    fn gate_file(&self) -> GateFile<'_> {
        let wanted = kinds_of(self.role);
        let members = self.examined.members().iter().filter(|member| wanted.contains(&member.kind)).collect();
        let path = self.examined.source().name().to_owned();
        GateFile { role: self.role, path, sha256: self.sha256.clone(), members }
    }
}

/// Adds documents of the workspace, those of one file together.
fn add<'a>(files: &mut Vec<GateFile<'a>>, role: Role, members: impl IntoIterator<Item = &'a Member>) {
    for member in members {
        let path = member.file();
        match files.iter_mut().find(|file| file.role == role && file.path == path) {
            Some(file) => file.members.push(member),
            None => files.push(GateFile {
                role,
                path: path.to_owned(),
                sha256: sha256(member.tree.source().text().as_bytes()),
                members: vec![member],
            }),
        }
    }
}
