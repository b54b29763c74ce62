//! The files that documents name: whether they exist, and whether the documents can use them.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::args::FileArgs;
use crate::analysis::{self, Examined, Options};
use crate::documents::Kind;
use crate::files::{self, FileProblemKind, FileToCheck};
use crate::objectives::attest::{TestResult, UnverifiedStatement, inspect};
use crate::workspace::{FileFault, NamedContent, NamedFile, NamedFiles, RequiredVerdict};

/// Looks up the files that documents name. Nothing outside of the workspace is accessed.
pub(super) struct Lookup<'a> {
    args: &'a FileArgs,
    options: Options<'a>,
    /// The folder of the workspace, if there is one.
    root: Option<PathBuf>,
    checked: &'a [FileToCheck],
    /// The same files in the form of [`files::same_file`], computed on first use.
    distinct: OnceCell<FxHashSet<PathBuf>>,
    /// The result for each file; several paths may lead to the same one.
    known: HashMap<(PathBuf, NamedContent), Option<FileFault>>,
    /// The ids of the objectives that verdicts are about, by their files.
    judged: HashMap<PathBuf, Vec<String>>,
}

impl<'a> Lookup<'a> {
    /// Creates a lookup in a workspace with this folder, next to the checked files.
    pub(super) fn new(
        args: &'a FileArgs,
        options: Options<'a>,
        root: Option<PathBuf>,
        checked: &'a [FileToCheck],
    ) -> Self {
        // The file of a test is taken for MLSpec because the test says so, as in the gate.
        let options = Options { kind: None, explicit: false, claimed: true, ..options };
        Self { args, options, root, checked, distinct: OnceCell::new(), known: HashMap::new(), judged: HashMap::new() }
    }

    /// Returns the faults of the files that the documents of a file name.
    pub(super) fn of(&mut self, examined: &Examined, file: &Path) -> NamedFiles {
        let mut found = NamedFiles::default();
        let folder = file.parent().unwrap_or(Path::new(""));
        for named in examined.members().iter().flat_map(|member| member.named_files()) {
            if let Some(fault) = self.fault(folder, &named) {
                found.insert(&named, fault);
            } else if let Some(objectives) = self.judged(folder, &named) {
                found.insert_judged(&named, objectives);
            }
        }
        found
    }

    /// Returns why a document in a folder cannot use a file that it names.
    pub(super) fn fault(&mut self, folder: &Path, named: &NamedFile<'_>) -> Option<FileFault> {
        let path = named.path;
        // Without a defined workspace, nothing can be outside of it; files elsewhere are still not accessed.
        let (border, is_known) = self.border(folder);
        if !files::is_inside(&border, folder, Path::new(path)) {
            return is_known.then_some(FileFault::Outside);
        }
        let path = folder.join(path);
        let file = (files::same_file(&path), named.content.clone());
        if !self.known.contains_key(&file) {
            let fault = self.look(&path, &file.0, &named.content);
            self.known.insert(file.clone(), fault);
        }
        self.known.get(&file).cloned().flatten()
    }

    /// Returns the objectives that the verdict in a file without a fault is about.
    fn judged(&self, folder: &Path, named: &NamedFile<'_>) -> Option<Vec<String>> {
        self.judged.get(&files::same_file(&folder.join(named.path))).cloned()
    }

    /// Returns whether a path that a document in a folder names stays inside of the workspace, or else in the folder.
    pub(super) fn is_inside(&self, folder: &Path, path: &str) -> bool {
        files::is_inside(&self.border(folder).0, folder, Path::new(path))
    }

    /// Returns the folder that must contain the files named by a document, and whether it is a defined workspace.
    fn border(&self, folder: &Path) -> (PathBuf, bool) {
        let folders = self.args.paths.iter().filter(|path| path.is_dir()).map(PathBuf::as_path);
        let around = self.root.as_deref().into_iter().chain(folders);
        let mut around = around.filter(|border| files::is_inside(border, folder, Path::new("")));
        around.next().map_or_else(|| (folder.to_owned(), false), |border| (border.to_owned(), true))
    }

    fn look(&mut self, path: &Path, file: &Path, content: &NamedContent) -> Option<FileFault> {
        let candidate =
            FileToCheck { name: path.to_string_lossy().into_owned(), path: path.to_owned(), explicit: true };
        let bytes = match files::read(&candidate, self.args.max_file_size) {
            Ok(bytes) => bytes,
            Err(problem) => {
                return Some(match problem.kind {
                    FileProblemKind::NotFound | FileProblemKind::BrokenLink => FileFault::Missing,
                    FileProblemKind::IsAFolder => FileFault::Folder,
                    FileProblemKind::Unreadable(why) => FileFault::Unreadable(why),
                    kind => FileFault::Unreadable(kind.to_string()),
                });
            }
        };
        if let NamedContent::Signature { digest, verdict } = content {
            let statements = match signed_about(&bytes, digest.as_deref(), *verdict) {
                Ok(statements) => statements,
                Err(fault) => return Some(fault),
            };
            let ids = statements.iter().flat_map(|own| own.objectives()).map(str::to_owned).collect();
            self.judged.insert(file.to_owned(), ids);
            return None;
        }
        let Ok(text) = String::from_utf8(bytes) else {
            return Some(FileFault::Unreadable("it is not UTF-8".to_owned()));
        };
        let looked = analysis::unchecked(&candidate.name, &text, &self.options);
        let is_evidence = |kind| matches!(kind, Kind::Run | Kind::PipelineRun | Kind::Evaluation | Kind::Test);
        match looked.unread {
            // A broken file is reported once, where it is broken.
            Some(_) => (!self.is_checked(file)).then_some(FileFault::NotYaml),
            None if looked.members.iter().any(|member| is_evidence(member.kind)) => None,
            None => Some(FileFault::NoEvidence),
        }
    }

    fn is_checked(&self, file: &Path) -> bool {
        let distinct = || self.checked.iter().map(|candidate| files::same_file(&candidate.path)).collect();
        self.distinct.get_or_init(distinct).contains(file)
    }
}

/// Returns the signed statements about something, or what is wrong with them, apart from whose signatures they are: `check` has no keys.
fn signed_about(
    bytes: &[u8],
    digest: Option<&str>,
    verdict: RequiredVerdict,
) -> Result<Vec<UnverifiedStatement>, FileFault> {
    let mut statements = inspect(bytes).map_err(|error| FileFault::NotSigned(error.to_string()))?;
    if statements.is_empty() {
        return Err(FileFault::NotSigned("it holds no statement of in-toto".to_owned()));
    }
    if digest.is_none() && verdict != RequiredVerdict::None {
        return Err(FileFault::OfNothing);
    }
    statements.retain(|own| digest.is_none_or(|digest| own.is_about(digest)));
    if statements.is_empty() {
        return Err(FileFault::OtherSubject);
    }
    if statements.iter().any(|own| !own.is_signed()) {
        return Err(FileFault::Unsigned);
    }
    let verdicts: Vec<TestResult> = statements.iter().filter_map(|statement| statement.result()).collect();
    let lets_pass = |result: &TestResult| matches!(result, TestResult::Passed | TestResult::Warned);
    match verdict {
        RequiredVerdict::None => Ok(statements),
        _ if verdicts.is_empty() => Err(FileFault::NoVerdict),
        // Of several, nobody may choose the better one.
        RequiredVerdict::Passing if !verdicts.iter().all(lets_pass) => Err(FileFault::NotPassing),
        RequiredVerdict::Passing | RequiredVerdict::Any => Ok(statements),
    }
}
