//! Where files come from: a folder on disk, memory, or the tree of a git revision; and which of them count as documents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rustc_hash::FxHashMap;

use super::discover::{SKIPPED_FOLDERS, has_document_extension};
use super::git::{GitError, ObjectId};
use super::{DiscoverOptions, FileProblem, FileProblemKind, FileToCheck, discover, read};
use crate::config::slashed;

/// A place that holds files. The rules about which files count as documents are the same for all of them.
pub trait FileSource: Send + Sync {
    /// Returns the files that count as documents, by path. Links are not followed, and settings exclude nothing: they are about the
    /// paths that files have where they are checked.
    ///
    /// # Errors
    /// If the source cannot be listed.
    fn list(&self, options: &DiscoverOptions<'_>) -> Result<Vec<SourceFile>, GitError>;

    /// Returns the content of files of at most `max_file_size` bytes, in their order.
    ///
    /// # Errors
    /// If the source cannot be read at all.
    fn read(&self, files: &[&SourceFile], max_file_size: u64) -> Result<Vec<Content>, GitError>;

    /// Returns whether a file has this content. May be false for a file that has, where finding out is not cheap.
    fn has_content(&self, file: &SourceFile, bytes: &[u8]) -> bool;
}

/// The bytes of a file, or why they cannot be read.
pub type Content = Result<Vec<u8>, FileProblem>;

/// A file of a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// Its path from the root of the source, with `/` on every system.
    pub path: String,
    /// Its content in the object store of git; `None` elsewhere.
    pub(super) object: Option<ObjectId>,
}

/// A folder on disk.
#[derive(Clone, Debug)]
pub struct DiskFolder(pub PathBuf);

impl DiskFolder {
    fn candidate(&self, file: &SourceFile) -> FileToCheck {
        let path = self.0.join(&file.path);
        FileToCheck { name: slashed(&path), path, explicit: false }
    }
}

impl FileSource for DiskFolder {
    fn list(&self, options: &DiscoverOptions<'_>) -> Result<Vec<SourceFile>, GitError> {
        let found = discover(std::slice::from_ref(&self.0), options).files;
        let root = super::discover::without_dots(&self.0);
        let file = |found: FileToCheck| {
            let path = slashed(found.path.strip_prefix(&root).unwrap_or(&found.path));
            SourceFile { path, object: None }
        };
        Ok(found.into_iter().map(file).collect())
    }

    fn read(&self, files: &[&SourceFile], max_file_size: u64) -> Result<Vec<Content>, GitError> {
        Ok(files.iter().map(|file| read(&self.candidate(file), max_file_size)).collect())
    }

    fn has_content(&self, file: &SourceFile, bytes: &[u8]) -> bool {
        read(&self.candidate(file), bytes.len() as u64).is_ok_and(|own| own == bytes)
    }
}

/// Files in memory, by path.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles(pub BTreeMap<String, Vec<u8>>);

impl FileSource for MemoryFiles {
    fn list(&self, options: &DiscoverOptions<'_>) -> Result<Vec<SourceFile>, GitError> {
        let ignoring = self.0.iter().filter(|(path, _)| is_ignore_file(path));
        let ignored = IgnoreFiles::new(ignoring.map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
        let files = self.0.keys().map(|path| SourceFile { path: path.clone(), object: None });
        Ok(files.filter(|file| counts(&file.path, options) && !ignored.covers(&file.path, options)).collect())
    }

    fn read(&self, files: &[&SourceFile], max_file_size: u64) -> Result<Vec<Content>, GitError> {
        let content = |file: &&SourceFile| {
            let problem = |kind| FileProblem { name: file.path.clone(), kind };
            match self.0.get(&file.path) {
                None => Err(problem(FileProblemKind::NotFound)),
                Some(bytes) if bytes.len() as u64 > max_file_size => {
                    Err(problem(FileProblemKind::TooLarge { size: bytes.len() as u64, limit: max_file_size }))
                }
                Some(bytes) => Ok(bytes.clone()),
            }
        };
        Ok(files.iter().map(content).collect())
    }

    fn has_content(&self, file: &SourceFile, bytes: &[u8]) -> bool {
        self.0.get(&file.path).is_some_and(|own| own == bytes)
    }
}

/// Returns whether a path is that of a document, for all that the path alone tells: as [`discover`] decides it.
pub(super) fn counts(path: &str, options: &DiscoverOptions<'_>) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_walked = |folder: &str| !folder.starts_with('.') && !SKIPPED_FOLDERS.contains(&folder) || folder.is_empty();
    has_document_extension(Path::new(name))
        && (options.hidden_files || !name.starts_with('.'))
        && folders.split('/').all(is_walked)
}

/// The names of the files that make others ignored; the first one wins.
const IGNORE_FILES: [&str; 2] = [".ignore", ".gitignore"];

/// Returns whether a path is that of a file that makes others ignored.
pub(super) fn is_ignore_file(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    IGNORE_FILES.contains(&name)
}

/// The files of a source that make others ignored.
#[derive(Default)]
pub(super) struct IgnoreFiles {
    /// By name and folder.
    matchers: [FxHashMap<String, Gitignore>; IGNORE_FILES.len()],
}

impl IgnoreFiles {
    pub(super) fn new<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut all = Self::default();
        for (path, bytes) in files {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let mut builder = GitignoreBuilder::new("");
            // As on disk, a line that is no glob is passed over.
            String::from_utf8_lossy(bytes).lines().for_each(|line| drop(builder.add_line(None, line)));
            let rank = IGNORE_FILES.iter().position(|own| *own == name);
            if let (Some(matchers), Ok(matcher)) = (rank.and_then(|rank| all.matchers.get_mut(rank)), builder.build()) {
                matchers.insert(folder.to_owned(), matcher);
            }
        }
        all
    }

    /// Returns whether a file, or a folder that contains it, is ignored.
    pub(super) fn covers(&self, path: &str, options: &DiscoverOptions<'_>) -> bool {
        if !options.respect_gitignore || self.matchers.iter().all(FxHashMap::is_empty) {
            return false;
        }
        let folders = path.match_indices('/').map(|(end, _)| (&path[..end], true));
        folders.chain([(path, false)]).any(|(path, is_folder)| self.ignores(path, is_folder))
    }

    fn ignores(&self, path: &str, is_folder: bool) -> bool {
        let in_folder = |matchers: &FxHashMap<String, Gitignore>, folder: &str| {
            let inside = if folder.is_empty() { path } else { path.get(folder.len() + 1..)? };
            match matchers.get(folder)?.matched(inside, is_folder) {
                Match::None => None,
                found => Some(found.is_ignore()),
            }
        };
        let innermost = |matchers| {
            let folders = path.rmatch_indices('/').map(|(end, _)| &path[..end]);
            folders.chain([""]).find_map(|folder| in_folder(matchers, folder))
        };
        self.matchers.iter().find_map(innermost).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::Config;

    /// The paths and contents of a tree with a case of each rule.
    const TREE: &[(&str, &str)] = &[
        ("a.yml", "kind: run\n"),
        ("b/c.JSON", "{}\n"),
        ("b/notes.txt", ""),
        (".hidden.yml", ""),
        (".github/workflow.yml", ""),
        ("b/node_modules/d.yml", ""),
        ("venv/e.yml", ""),
        (".gitignore", "/build/\n*.tmp.yml\n!keep.tmp.yml\n# a comment\n"),
        ("build/f.yml", ""),
        ("b/build/g.yml", ""),
        ("b/h.tmp.yml", ""),
        ("b/keep.tmp.yml", ""),
        ("i/.gitignore", "*\n!j.yml\n"),
        ("i/j.yml", ""),
        ("i/k.yml", ""),
        ("i/.ignore", "j.yml\n"),
        ("l/ü.yaml", ""),
    ];

    fn listed(source: &dyn FileSource, options: &DiscoverOptions<'_>) -> Vec<String> {
        let mut paths: Vec<String> = source.list(options).unwrap().into_iter().map(|file| file.path).collect();
        paths.sort();
        paths
    }

    #[test]
    fn the_same_files_count_on_disk_in_memory_and_in_git() {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in TREE {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let repository = super::super::git::testing::repository(folder.path());
        repository.commit("all");
        let config = Config::default();
        let disk = DiskFolder(folder.path().to_owned());
        let memory =
            MemoryFiles(TREE.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect());
        let git = super::super::GitTree::open(folder.path(), "HEAD").unwrap();
        for (respect_gitignore, hidden_files) in [(true, false), (false, false), (true, true)] {
            let options = DiscoverOptions {
                config: &config,
                respect_gitignore,
                hidden_files,
                force_exclude: false,
                compressed_logs: false,
            };
            let expected = listed(&disk, &options);
            assert!(expected.len() > 3, "{expected:?}");
            assert_eq!(listed(&memory, &options), expected);
            assert_eq!(listed(&git, &options), expected);
        }
    }

    #[test]
    fn each_source_reads_what_it_lists_and_knows_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let texts = [("a.yml", "a: 1\n"), ("b.yml", ""), ("d/c.yml", "c: a longer text\r\n")];
        for (path, text) in texts {
            fs::create_dir_all(folder.path().join("d")).unwrap();
            fs::write(folder.path().join(path), text).unwrap();
        }
        super::super::git::testing::repository(folder.path()).commit("all");
        let memory =
            MemoryFiles(texts.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect());
        let git = super::super::GitTree::open(folder.path(), "HEAD").unwrap();
        let disk = DiskFolder(folder.path().to_owned());
        let config = Config::default();
        let options = DiscoverOptions {
            config: &config,
            respect_gitignore: true,
            hidden_files: false,
            force_exclude: false,
            compressed_logs: false,
        };
        for source in [&disk as &dyn FileSource, &memory, &git] {
            let files = source.list(&options).unwrap();
            let contents = source.read(&files.iter().collect::<Vec<_>>(), 10).unwrap();
            for ((file, content), (path, text)) in files.iter().zip(contents).zip(texts) {
                assert_eq!(file.path, path);
                match content {
                    Ok(bytes) => assert_eq!(bytes, text.as_bytes()),
                    Err(problem) => {
                        assert_eq!(problem.kind, FileProblemKind::TooLarge { size: text.len() as u64, limit: 10 });
                    }
                }
                assert!(source.has_content(file, text.as_bytes()));
                assert!(!source.has_content(file, b"another"));
            }
        }
    }
}
