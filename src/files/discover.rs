//! Discovery of the files to check: named files, and documents in named folders.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, Walk, WalkBuilder};
use indexmap::IndexMap;
use indexmap::map::Entry;
use rustc_hash::{FxBuildHasher, FxHashSet};

use super::compression::FileCompression;
use super::{FileProblem, FileProblemKind, leaves, root};
use crate::config::{Config, slashed};

/// The extensions of documents, in lower case. A named file may have any.
const EXTENSIONS: &[&str] = &["yml", "yaml", "json", "jsonl", "ndjson"];

/// Folders with third-party content, which are only walked if they are named. Hidden ones are skipped anyway.
pub(super) const SKIPPED_FOLDERS: &[&str] = &["__pycache__", "node_modules", "site-packages", "venv"];

/// How files are discovered.
#[derive(Clone, Copy, Debug)]
pub struct DiscoverOptions<'a> {
    /// Determines what is excluded.
    pub config: &'a Config,
    /// Whether files that git (in a repository) and `.ignore` files ignore are left out, as ripgrep and ruff do it: by these files alone,
    /// whether or not git tracks what they name.
    pub respect_gitignore: bool,
    /// Whether files whose names begin with a dot are found, too; folders with such names are not.
    pub hidden_files: bool,
    /// Whether exclusions also apply to named files and folders, as a pre-commit hook needs.
    pub force_exclude: bool,
    /// Whether compressed logs are found, too, for those who read them as streams.
    pub compressed_logs: bool,
}

/// A file to check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileToCheck {
    /// Its name in reports: the path as the user gave it, with `/` on every system and without `./`. Characters that are not
    /// Unicode are replaced.
    pub name: String,
    /// Its path.
    pub path: PathBuf,
    /// Whether the user named the file itself, not only a folder that contains it.
    pub explicit: bool,
}

/// The result of [`discover`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The files, by name. Each file occurs once, even if it has two names.
    pub files: Vec<FileToCheck>,
    /// Paths that cannot be checked, by name.
    pub problems: Vec<FileProblem>,
    /// The folders that were searched, as [`FileToCheck::path`] names files.
    pub(super) searched: Vec<PathBuf>,
    /// Named paths that the settings exclude.
    pub(super) refused: Vec<PathBuf>,
    /// The real paths of the files that were found and of the folders that were searched.
    pub(super) taken: FxHashSet<OsString>,
}

/// Finds the files to check in `paths`, files and folders, as the user gave them.
///
/// Hidden files and folders, files ignored by git, and files excluded by the settings are left out, unless they are named. Links within a
/// workspace are followed, but no folder is entered twice, so that the cost is bounded by the actual folders for any arrangement of links.
/// Links that lead out of the workspace are not followed: a link in a repository must not decide what else is read or changed on a
/// machine. Without a workspace, a named folder is its own. Pipes, sockets and devices are not opened.
#[must_use]
pub fn discover(paths: &[PathBuf], options: &DiscoverOptions<'_>) -> Discovery {
    let mut search = Search {
        config: Arc::new(options.config.clone()),
        options,
        entered: Arc::default(),
        linked_folders: VecDeque::new(),
        searched: Vec::new(),
        refused: Vec::new(),
        found: IndexMap::default(),
        problems: Vec::new(),
    };
    for path in paths {
        search.named(path);
    }
    // After all named folders, so that a file keeps its name without links.
    while let Some((folder, root)) = search.linked_folders.pop_front() {
        search.folder(&folder, Some(root));
    }
    search.finish()
}

/// The real paths of the folders that were entered.
type Entered = Arc<Mutex<FxHashSet<PathBuf>>>;

struct Search<'a> {
    options: &'a DiscoverOptions<'a>,
    /// A copy of the settings: the filter of a walk must own its data.
    config: Arc<Config>,
    entered: Entered,
    /// Links to folders, with their workspaces, which are walked later.
    linked_folders: VecDeque<(PathBuf, PathBuf)>,
    searched: Vec<PathBuf>,
    refused: Vec<PathBuf>,
    /// The files by real path, in the order of discovery, which is nearly that of their names.
    found: IndexMap<OsString, Found, FxBuildHasher>,
    problems: Vec<FileProblem>,
}

struct Found {
    candidate: FileToCheck,
    through_link: bool,
}

impl Search<'_> {
    /// Adds a path that the user gave.
    fn named(&mut self, path: &Path) {
        if self.options.force_exclude && self.options.config.is_excluded(path) {
            return self.refused.push(path.to_owned());
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path, None),
            Ok(metadata) if metadata.is_file() => match self.is_led_away(path) {
                true => self.problem(path, FileProblemKind::LeavesWorkspace),
                false => self.file(path, None, true),
            },
            Ok(_) => self.problem(path, FileProblemKind::NotAFile),
            Err(error) => self.problem(path, FileProblemKind::of(&error, path)),
        }
    }

    /// Returns whether a file that the user gave is a link that leads out of its workspace; hooks name any file of a repository.
    fn is_led_away(&self, path: &Path) -> bool {
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        is_link && self.root_of(folder).is_some_and(|root| leaves(&root, path))
    }

    /// Returns the real path of the workspace that contains a folder.
    fn root_of(&self, folder: &Path) -> Option<PathBuf> {
        root(self.options.config, folder).and_then(|root| fs::canonicalize(root).ok())
    }

    /// Walks a folder of this workspace, or the target of a link to a folder.
    fn folder(&mut self, folder: &Path, root: Option<PathBuf>) {
        let real = match fs::canonicalize(folder) {
            Ok(real) => real,
            Err(error) => return self.problem(folder, FileProblemKind::of(&error, folder)),
        };
        if !enter(&self.entered, real.clone()) {
            return;
        }
        let root = root.or_else(|| self.root_of(folder).filter(|root| real.starts_with(root)));
        let root = root.unwrap_or_else(|| real.clone());
        self.searched.push(folder.to_owned());
        for entry in self.walk(folder, &real) {
            match entry {
                Ok(entry) if entry.depth() == 0 => {}
                Ok(entry) => self.entry(&entry, real_path(entry.path(), folder, &real), &root),
                Err(error) => self.walk_problem(folder, &error),
            }
        }
    }

    /// Walks `folder` in the order of names; its real path is `real`.
    fn walk(&self, folder: &Path, real: &Path) -> Walk {
        let (root, real) = (folder.to_owned(), real.to_owned());
        let (config, entered) = (Arc::clone(&self.config), Arc::clone(&self.entered));
        let compressed_logs = self.options.compressed_logs;
        WalkBuilder::new(folder)
            .standard_filters(self.options.respect_gitignore)
            .hidden(!self.options.hidden_files)
            .follow_links(false)
            // Within a folder, this equals the order of names, whose extraction from each path costs more than comparing the paths.
            .sort_by_file_path(|a, b| a.as_os_str().cmp(b.as_os_str()))
            .filter_entry(move |entry| {
                let path = entry.path();
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                let wanted = if is_folder || entry.path_is_symlink() {
                    let name = entry.file_name().as_encoded_bytes();
                    let is_hidden_folder = is_folder && entry.depth() > 0 && name.starts_with(b".");
                    !is_hidden_folder && !SKIPPED_FOLDERS.iter().any(|skipped| name == skipped.as_bytes())
                } else {
                    has_document_extension(path) || (compressed_logs && is_compressed_log(path))
                };
                wanted && !config.is_excluded(path) && (!is_folder || enter(&entered, real_path(path, &root, &real)))
            })
            .build()
    }

    /// Adds an entry of a walked folder.
    fn entry(&mut self, entry: &DirEntry, real: PathBuf, root: &Path) {
        let path = entry.path();
        let is = |test: fn(&FileType) -> bool| entry.file_type().as_ref().is_some_and(test);
        if is(FileType::is_symlink) {
            self.link(path, &real, root);
        } else if is(FileType::is_file) {
            self.file(path, Some(real), false);
        } else if is(FileType::is_dir) {
            self.searched.push(path.to_owned());
        } else {
            self.problem(path, FileProblemKind::NotAFile);
        }
    }

    /// Adds a link in a walked folder; the link's own real path is `real`.
    fn link(&mut self, path: &Path, real: &Path, root: &Path) {
        let is_log = self.options.compressed_logs && is_compressed_log(path);
        let is_document = is_log || has_document_extension(path);
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => match fs::canonicalize(path) {
                Ok(target) if real.starts_with(&target) => self.problem(path, FileProblemKind::LinkLoop),
                Ok(target) if !target.starts_with(root) => self.problem(path, FileProblemKind::FolderElsewhere),
                _ => self.linked_folders.push_back((path.to_owned(), root.to_owned())),
            },
            _ if !is_document => {}
            Ok(_) if leaves(root, path) => self.problem(path, FileProblemKind::LeavesWorkspace),
            Ok(metadata) if metadata.is_file() => self.file(path, None, false),
            Ok(_) => self.problem(path, FileProblemKind::NotAFile),
            Err(error) => self.problem(path, FileProblemKind::of(&error, path)),
        }
    }

    /// Adds a file. Without its real path, it may be a link, or be reached through one.
    fn file(&mut self, path: &Path, real: Option<PathBuf>, explicit: bool) {
        let through_link = real.is_none() && !explicit;
        let real = real.unwrap_or_else(|| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()));
        let path = without_dots(path);
        let found = Found { candidate: FileToCheck { name: slashed(&path), path, explicit }, through_link };
        match self.found.entry(real.into_os_string()) {
            Entry::Occupied(mut other) if found.rank() < other.get().rank() => *other.get_mut() = found,
            Entry::Occupied(_) => {}
            Entry::Vacant(place) => {
                place.insert(found);
            }
        }
    }

    fn problem(&mut self, path: &Path, kind: FileProblemKind) {
        self.problems.push(FileProblem { name: slashed(&without_dots(path)), kind });
    }

    fn walk_problem(&mut self, folder: &Path, error: &ignore::Error) {
        let path = path_of(error).unwrap_or(folder);
        let kind = match error.io_error() {
            Some(error) => FileProblemKind::of(error, path),
            None => FileProblemKind::Unreadable(error.to_string()),
        };
        // A file that vanished meanwhile was not meant to be checked.
        if kind != FileProblemKind::NotFound {
            self.problem(path, kind);
        }
    }

    fn finish(self) -> Discovery {
        let entered = std::mem::take(&mut *self.entered.lock().unwrap_or_else(PoisonError::into_inner));
        let mut taken: FxHashSet<OsString> = entered.into_iter().map(PathBuf::into_os_string).collect();
        let mut files = Vec::with_capacity(self.found.len());
        for (real, found) in self.found {
            taken.insert(real);
            files.push(found.candidate);
        }
        files.sort();
        let mut problems = self.problems;
        problems.sort_unstable();
        problems.dedup();
        Discovery { files, problems, searched: self.searched, refused: self.refused, taken }
    }
}

impl Found {
    /// Of two names of one file, the one that the user gave wins, then the one without a link, then alphabetical order.
    fn rank(&self) -> (bool, bool, &str) {
        (!self.candidate.explicit, self.through_link, &self.candidate.name)
    }
}

/// Records that a folder is entered; returns whether this is the first time.
fn enter(entered: &Entered, real: PathBuf) -> bool {
    entered.lock().unwrap_or_else(PoisonError::into_inner).insert(real)
}

/// Returns the real path of an entry of a folder whose real path is known. Correct because a walk does not follow links itself.
fn real_path(path: &Path, folder: &Path, real: &Path) -> PathBuf {
    path.strip_prefix(folder).map_or_else(|_| path.to_owned(), |rest| real.join(rest))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// Returns whether a file is looked at in a folder, by its extension.
#[must_use]
pub fn has_document_extension(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// Returns whether a file is called as a compressed log of JSON lines.
fn is_compressed_log(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    FileCompression::of_log(name).is_some_and(|own| own != FileCompression::Plain)
}

/// Normalizes `./a/./b` to `a/b`; `..` stays, because it may follow a link.
pub(super) fn without_dots(path: &Path) -> PathBuf {
    // Most paths need no change, which a quick scan of the text shows.
    let is_plain = |text: &str| {
        !text.contains("./") && !text.contains("//") && !text.contains('\\') && !text.ends_with(['.', '/'])
    };
    if path.to_str().is_some_and(|text| !text.is_empty() && is_plain(text)) {
        return path.to_owned();
    }
    let path: PathBuf = path.components().filter(|component| *component != Component::CurDir).collect();
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_known_by_their_extension_in_any_case() {
        for name in ["a.yml", "a.b.YAML", "dir/a.Json", "a.jsonl", "a.ndjson"] {
            assert!(has_document_extension(Path::new(name)), "{name}");
        }
        for name in ["yml", ".yml", "a.yml.bak", "a", "a.toml"] {
            assert!(!has_document_extension(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_name_is_the_path_as_given_without_single_dots() {
        for (path, name) in [("./a.yml", "a.yml"), ("a/./b//c.yml", "a/b/c.yml"), ("../a.yml", "../a.yml"), (".", ".")]
        {
            assert_eq!(slashed(&without_dots(Path::new(path))), name);
        }
    }
}
