//! `check --against`: reading what is compared with, a git revision or a folder.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::args::FileArgs;
use super::inputs::Inputs;
use super::unread::is_ours;
use super::workspace_context::Surroundings;
use super::{Error, output};
use crate::analysis::{self, Base, Examined, FileReport, Options, Unchecked};
use crate::config::Config;
use crate::files::{self, DiscoverOptions, DiskFolder, FileSource, GitError, GitTree, SourceFile};
use crate::text::Source;
use crate::workspace::{Member, Revision, RevisionFile};

/// What the checked files are compared with. Each checked file is [shown](Self::see) to it, since what has not changed is not read again.
pub(super) struct Against {
    /// What messages call it.
    label: String,
    source: Box<dyn FileSource>,
    /// What precedes the path of a file in its name.
    prefix: String,
    /// Makes the names of current files comparable with the paths of the source.
    base: Base,
    files: Vec<OldFile>,
    by_path: FxHashMap<String, usize>,
    is_folder: bool,
    /// Whether a folder without any document is what the user wants.
    allow_empty: bool,
}

struct OldFile {
    file: SourceFile,
    /// Its name among the current files.
    name: Arc<str>,
    /// Whether it should still be among the checked files.
    is_expected: bool,
    /// Whether the user named it, or a folder that contains it.
    is_input: bool,
    is_unchanged: AtomicBool,
}

/// What was read.
pub(super) struct EarlierDocuments {
    pub revision: Revision,
    /// The texts that findings may point into.
    pub sources: Vec<Arc<Source>>,
}

impl Against {
    /// Finds the revision or folder that the user named, and lists its files.
    pub(super) fn open(
        named: &str,
        (args, allow_empty): (&FileArgs, bool),
        config: &Config,
        inputs: &Inputs,
    ) -> Result<Self, Error> {
        let here = std::env::current_dir().and_then(std::fs::canonicalize)?;
        let start = args.paths.iter().find(|path| path.as_os_str() != "-").map_or(Path::new("."), PathBuf::as_path);
        let (source, root, prefix): (Box<dyn FileSource>, PathBuf, String) = match find(named, start)? {
            Found::Revision(tree) => {
                let root = tree.root().to_owned();
                (Box::new(tree), root, format!("{named}:"))
            }
            Found::Folder(folder) => {
                let prefix = format!("{}/", named.trim_end_matches('/'));
                (Box::new(DiskFolder(folder)), checked_folder(args, &here), prefix)
            }
        };
        let every = Config::default();
        let options = DiscoverOptions {
            config: &every,
            respect_gitignore: !args.no_gitignore,
            hidden_files: false,
            force_exclude: false,
            compressed_logs: false,
        };
        let listed = source.list(&options).map_err(said)?;
        let base = Base::new(&here, &root);
        let inputs: FxHashMap<String, &str> =
            inputs.files.iter().map(|file| (base.path(&file.name).into_owned(), file.name.as_str())).collect();
        let checked: Vec<PathBuf> = args.paths.iter().map(|path| files::same_file(path)).collect();
        let old = |file: SourceFile| {
            let path = root.join(&file.path);
            let input = inputs.get(&file.path);
            let name = input.map_or_else(|| name_from(&here, &root, &file.path), |name| (*name).to_owned());
            if config.is_excluded(Path::new(&name)) {
                return None;
            }
            let is_gone = || is_gone(&root, &path);
            let is_checked = checked.iter().any(|folder| path.starts_with(folder));
            let is_expected = input.is_some() || (is_checked && is_gone());
            let is_unchanged = AtomicBool::new(false);
            Some(OldFile { file, name: name.into(), is_expected, is_input: is_checked, is_unchanged })
        };
        let files: Vec<OldFile> = listed.into_iter().filter_map(old).collect();
        let is_folder = !prefix.ends_with(':');
        let by_path = files.iter().enumerate().map(|(index, old)| (old.file.path.clone(), index)).collect();
        let label = named.to_owned();
        Ok(Self { label, source, prefix, base, files, by_path, is_folder, allow_empty })
    }

    /// Notes the content of a current file.
    pub(super) fn see(&self, name: &str, bytes: &[u8]) {
        let index = self.by_path.get(&*self.base.path(name));
        if let Some(old) = index.and_then(|index| self.files.get(*index))
            && self.source.has_content(&old.file, bytes)
        {
            old.is_unchanged.store(true, Ordering::Relaxed);
        }
    }

    /// Returns what precedes the paths of its files in names, unless they are those of files on disk.
    pub(super) fn prefix(&self) -> Option<&str> {
        self.prefix.ends_with(':').then_some(&self.prefix)
    }

    /// Reads the documents. Those of unchanged files are taken from the current ones. What a file that cannot be read now held is not taken
    /// for deleted: `unchecked` are the reports about these.
    pub(super) fn read(
        &self,
        (examined, unchecked): (&[Box<Examined>], &[FileReport]),
        around: &Surroundings,
        args: &FileArgs,
        options: &Options<'_>,
    ) -> Result<EarlierDocuments, Error> {
        let mut current: FxHashMap<String, &[Member]> = FxHashMap::default();
        let checked = examined.iter().map(|file| file.members());
        for members in checked.chain(around.members.chunk_by(|a, b| a.file() == b.file())) {
            if let Some(first) = members.first() {
                current.insert(self.base.path(first.file()).into_owned(), members);
            }
        }
        let (unchanged, changed): (Vec<&OldFile>, Vec<&OldFile>) =
            self.files.iter().partition(|old| old.is_unchanged.load(Ordering::Relaxed));
        // A file that is known not to be of this project holds none of its documents.
        let unread: FxHashSet<&str> =
            unchecked.iter().filter(|report| !report.findings.is_empty()).map(|report| report.source.name()).collect();
        let is_expected = |old: &OldFile| old.is_expected && !unread.contains(&*old.name);
        let mut documents: Vec<RevisionFile> = Vec::new();
        for old in unchanged {
            let members = current.get(&old.file.path).map(|members| members.to_vec()).unwrap_or_default();
            documents.push(RevisionFile { name: Arc::clone(&old.name), members, is_expected: is_expected(old) });
        }
        let wanted: Vec<&SourceFile> = changed.iter().map(|old| &old.file).collect();
        let contents = self.source.read(&wanted, args.max_file_size).map_err(said)?;
        let texts: Vec<_> = changed.into_iter().zip(contents).collect();
        let parsed: Vec<(&OldFile, Unchecked, bool)> =
            texts.into_par_iter().map(|(old, content)| self.parse(old, content, options)).collect();
        let mut unreadable = Vec::new();
        let mut sources = Vec::new();
        for (old, text, is_unread) in parsed {
            if is_unread {
                unreadable.push(format!("{}{}", self.prefix, old.file.path));
            }
            sources.extend(text.members.first().map(|member| Arc::clone(member.tree.source())));
            let (name, is_expected) = (Arc::clone(&old.name), is_expected(old));
            documents.push(RevisionFile { name, members: text.members, is_expected });
        }
        self.tell(&unreadable);
        documents.retain(|file| !file.members.is_empty());
        if documents.is_empty() && unreadable.is_empty() {
            self.tell_empty()?;
        }
        Ok(EarlierDocuments { revision: Revision::new(self.label.clone(), documents), sources })
    }

    /// Returns the documents of a file, and whether it holds one that cannot be read.
    fn parse<'o>(
        &self,
        old: &'o OldFile,
        content: files::Content,
        options: &Options<'_>,
    ) -> (&'o OldFile, Unchecked, bool) {
        let name = format!("{}{}", self.prefix, old.file.path);
        match content.map(String::from_utf8) {
            // Data sets are larger than any document.
            Err(_) => (old, Unchecked::default(), false),
            Ok(Err(error)) => (old, Unchecked::default(), is_ours(error.as_bytes())),
            Ok(Ok(text)) => {
                let own =
                    options.kind.filter(|_| old.is_input).or_else(|| options.config.kind_of(Path::new(&*old.name)));
                let text = analysis::unchecked(&name, &text, &Options { kind: own, explicit: false, ..*options });
                let is_unread = text.unread.is_some();
                (old, text, is_unread)
            }
        }
    }

    /// Says that there is nothing to compare with. The first documents of a repository have no earlier state, but a folder that holds none
    /// is the wrong one.
    ///
    /// # Errors
    /// If it is a folder, and the user does not accept that.
    fn tell_empty(&self) -> Result<(), Error> {
        let message = format!("{} holds no MLSpec document, so nothing is compared", self.label);
        if self.is_folder && !self.allow_empty {
            return Err(Error::Usage(format!("--against: {message}; --allow-empty accepts that")));
        }
        output::notice(format_args!("note: {message}"));
        Ok(())
    }

    fn tell(&self, unread: &[String]) {
        /// The number of names that are listed.
        const LISTED: usize = 3;
        let Some(first) = unread.get(..unread.len().min(LISTED)).filter(|first| !first.is_empty()) else { return };
        let more = if unread.len() > LISTED { ", …" } else { "" };
        let count = if unread.len() == 1 { "1 file".to_owned() } else { format!("{} files", unread.len()) };
        output::notice(format_args!(
            "note: {count} of {} could not be read, so the documents in it are not compared: {}{more}",
            self.label,
            first.join(", ")
        ));
    }
}

enum Found {
    Revision(GitTree),
    Folder(PathBuf),
}

/// Finds out whether a folder or a revision is meant.
fn find(named: &str, start: &Path) -> Result<Found, Error> {
    let folder = Path::new(named);
    let is_path = named.starts_with(['.', '/']) || named.ends_with('/');
    if is_path {
        return match folder.is_dir() {
            true => Ok(Found::Folder(folder.to_owned())),
            false => Err(Error::Usage(format!("--against {named}: no such folder"))),
        };
    }
    let start = if start.is_dir() {
        start
    } else {
        start.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
    };
    match (GitTree::open(start, named), folder.is_dir()) {
        (Ok(_), true) => Err(Error::Usage(format!(
            "--against {named}: this is a folder and a git revision; write ./{named} for the folder, or a full name such as \
             refs/heads/{named} for the revision"
        ))),
        (Ok(tree), false) => Ok(Found::Revision(tree)),
        (
            Err(
                GitError::UnknownRevision(_)
                | GitError::ShallowClone(_)
                | GitError::NotARepository(_)
                | GitError::NoGit,
            ),
            true,
        ) => Ok(Found::Folder(folder.to_owned())),
        (Err(error), _) => Err(said(error)),
    }
}

/// Returns whether there is no such file any more below the folder that is compared: there is none, a folder has its name, or it is reached
/// through a link that leads out, where nothing is looked for. What cannot be looked at may be there.
fn is_gone(root: &Path, path: &Path) -> bool {
    match std::fs::canonicalize(path) {
        Ok(real) => !real.starts_with(root) || real.is_dir(),
        Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}

fn said(error: GitError) -> Error {
    Error::Usage(format!("--against: {error}"))
}

/// Returns the real path of the folder that corresponds to a folder to compare with: the checked folder if there is only one, or else
/// the working folder.
fn checked_folder(args: &FileArgs, here: &Path) -> PathBuf {
    match args.paths.as_slice() {
        [only] if only.is_dir() => files::same_file(only),
        _ => here.to_owned(),
    }
}

/// Returns the name that a file below `root` would have among checked files.
fn name_from(here: &Path, root: &Path, path: &str) -> String {
    let whole = root.join(path);
    let inside = whole.strip_prefix(here).map(Path::to_owned);
    let name = inside.unwrap_or_else(|_| files::shortened(root).join(path));
    crate::config::slashed(&name)
}
