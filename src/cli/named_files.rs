//! The files that documents name: whether they exist, and whether the documents can use them.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::args::FileArgs;
use crate::analysis::{self, Examined, Options};
use crate::documents::Kind;
use crate::files::{self, FileProblemKind, FileToCheck};
use crate::workspace::{FileFault, NamedFiles};

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
    known: HashMap<PathBuf, Option<FileFault>>,
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
        Self { args, options, root, checked, distinct: OnceCell::new(), known: HashMap::new() }
    }

    /// Returns the faults of the files that the documents of a file name.
    pub(super) fn of(&mut self, examined: &Examined, file: &Path) -> NamedFiles {
        let mut found = NamedFiles::default();
        let folder = file.parent().unwrap_or(Path::new(""));
        for (path, _) in examined.members().iter().flat_map(|member| member.named_files()) {
            if let Some(fault) = self.fault(folder, path) {
                found.insert(path, fault);
            }
        }
        found
    }

    fn fault(&mut self, folder: &Path, path: &str) -> Option<FileFault> {
        // Without a defined workspace, nothing can be outside of it; files elsewhere are still not accessed.
        let (border, is_known) = self.border(folder);
        if !files::is_inside(&border, folder, Path::new(path)) {
            return is_known.then_some(FileFault::Outside);
        }
        let path = folder.join(path);
        let file = files::same_file(&path);
        if !self.known.contains_key(&file) {
            let fault = self.look(&path, &file);
            self.known.insert(file.clone(), fault);
        }
        self.known.get(&file).cloned().flatten()
    }

    /// Returns the folder that must contain the files named by a document, and whether it is a defined workspace.
    fn border(&self, folder: &Path) -> (PathBuf, bool) {
        let folders = self.args.paths.iter().filter(|path| path.is_dir()).map(PathBuf::as_path);
        let around = self.root.as_deref().into_iter().chain(folders);
        let mut around = around.filter(|border| files::is_inside(border, folder, Path::new("")));
        around.next().map_or_else(|| (folder.to_owned(), false), |border| (border.to_owned(), true))
    }

    fn look(&self, path: &Path, file: &Path) -> Option<FileFault> {
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
