//! The files of a git revision, read from the object store without a checkout.
//!
//! The program `git` does it: it knows every format of repository, pack and alternate that there is, and is wherever revisions are. Two
//! processes per check suffice, whatever the number of files: one lists the tree, the other streams blobs. No shell is involved, and
//! nothing that a repository configures is run.

use std::fmt;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::source::{Content, IgnoreFiles, counts, is_ignore_file};
use super::{DiscoverOptions, FileProblem, FileProblemKind, FileSource, SourceFile, repository};

/// Why a revision cannot be read, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no program `git`.
    #[error("git is needed to read a revision, and is not in the PATH; install it, or name a folder")]
    NoGit,
    /// The folder is not in a repository.
    #[error("{} is not in a git repository; run the check in one, or name a folder to compare with", .0.display())]
    NotARepository(PathBuf),
    /// It would be taken for an option.
    #[error("'{0}' is not a revision: a revision does not begin with '-'")]
    LooksLikeOption(String),
    /// The repository does not have it.
    #[error("no revision '{0}' in the git repository; `git fetch` brings branches and tags of the remote repository")]
    UnknownRevision(String),
    /// The repository does not have it, and lacks part of its history.
    #[error(
        "no revision '{0}' in the git repository, which is a shallow clone: fetch the history with `git fetch --unshallow`, or in \
         GitHub Actions check out with `fetch-depth: 0`"
    )]
    ShallowClone(String),
    /// The repository has the revision, but not all of its files.
    #[error(
        "the git repository lacks files of '{0}', as a partial clone does; fetch them with `git fetch --refetch --no-filter`"
    )]
    MissingObjects(String),
    /// Git fails, for another reason.
    #[error("git cannot read the repository: {0}")]
    Failed(String),
}

/// The name of an object: its hash, in hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ObjectId(Box<str>);

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ObjectId {
    /// Returns whether a blob with this content has this name.
    fn is_of(&self, bytes: &[u8]) -> bool {
        let header = format!("blob {}\0", bytes.len());
        let hex = |hash: &[u8]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let hash = match self.0.len() {
            40 => hex(&Sha1::new().chain_update(header).chain_update(bytes).finalize()),
            _ => hex(&Sha256::new().chain_update(header).chain_update(bytes).finalize()),
        };
        *hash == *self.0
    }
}

/// The tree of a revision.
#[derive(Clone, Debug)]
pub struct GitTree {
    /// The real path of the root of the repository.
    root: PathBuf,
    revision: String,
    tree: ObjectId,
}

impl GitTree {
    /// Finds a revision in the repository that contains a folder. Reads no file.
    ///
    /// # Errors
    /// If there is no such repository or revision, or no `git`.
    pub fn open(folder: &Path, revision: &str) -> Result<Self, GitError> {
        if revision.starts_with('-') {
            return Err(GitError::LooksLikeOption(revision.to_owned()));
        }
        let root = repository(folder).ok_or_else(|| GitError::NotARepository(folder.to_owned()))?;
        let tree = format!("{revision}^{{tree}}");
        let found = output(git(&root).args(["rev-parse", "--verify", "--quiet", "--end-of-options", &tree]))?;
        if let Ok(tree) = found {
            return Ok(Self { root, revision: revision.to_owned(), tree: ObjectId(tree.trim().into()) });
        }
        // The same failure has several reasons, of which git names none here.
        match output(git(&root).args(["rev-parse", "--is-shallow-repository"]))? {
            Ok(is_shallow) if is_shallow.trim() == "true" => Err(GitError::ShallowClone(revision.to_owned())),
            Ok(_) => Err(GitError::UnknownRevision(revision.to_owned())),
            Err(message) => Err(GitError::Failed(message)),
        }
    }

    /// Returns the real path of the root of the repository, from which paths begin.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Lists all regular files that may matter: documents, and files that make others ignored.
    fn entries(&self, options: &DiscoverOptions<'_>) -> Result<Vec<SourceFile>, GitError> {
        let mut command = git(&self.root);
        command.args(["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", &self.tree.0]);
        let mut child = Running::start(command.stdout(Stdio::piped()))?;
        let mut entries = Vec::new();
        for record in child.stdout()?.split(0) {
            let record = record.map_err(failed)?;
            let Some(entry) = parse_entry(&record) else { continue };
            if is_ignore_file(&entry.path) || counts(&entry.path, options) {
                entries.push(entry);
            }
        }
        child.finish()?;
        Ok(entries)
    }
}

impl FileSource for GitTree {
    fn list(&self, options: &DiscoverOptions<'_>) -> Result<Vec<SourceFile>, GitError> {
        let entries = self.entries(options)?;
        let ignoring: Vec<&SourceFile> =
            entries.iter().filter(|file| options.respect_gitignore && is_ignore_file(&file.path)).collect();
        let contents = self.read(&ignoring, MOST_OF_IGNORE_FILE)?;
        let read = ignoring.iter().zip(&contents);
        let ignored =
            IgnoreFiles::new(read.filter_map(|(file, content)| Some((file.path.as_str(), content.as_deref().ok()?))));
        let is_document = |file: &SourceFile| counts(&file.path, options) && !ignored.covers(&file.path, options);
        Ok(entries.into_iter().filter(is_document).collect())
    }

    fn read(&self, files: &[&SourceFile], max_file_size: u64) -> Result<Vec<Content>, GitError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let mut command = git(&self.root);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = Running::start(&mut command)?;
        let requests = child.0.stdin.take().ok_or_else(|| GitError::Failed("it has no input".to_owned()))?;
        let mut answers = child.stdout()?;
        // Answers are read while requests are written: each pipe holds only so much.
        let contents = std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut requests = BufWriter::new(requests);
                // If git ends early, its answers are missing, which is noticed below.
                files.iter().flat_map(|file| &file.object).try_for_each(|object| writeln!(requests, "{}", object.0))
            });
            files.iter().map(|file| self.answer(&mut answers, file, max_file_size)).collect::<Result<Vec<_>, _>>()
        })?;
        child.finish()?;
        Ok(contents)
    }

    fn has_content(&self, file: &SourceFile, bytes: &[u8]) -> bool {
        file.object.as_ref().is_some_and(|object| object.is_of(bytes))
    }
}

/// The most bytes of a file that makes others ignored.
const MOST_OF_IGNORE_FILE: u64 = 1 << 20;

impl GitTree {
    /// Reads one answer of `git cat-file --batch`: `<id> blob <size>`, the content, and a line break; or `<id> missing`.
    fn answer(&self, answers: &mut impl BufRead, file: &SourceFile, limit: u64) -> Result<Content, GitError> {
        let mut header = String::new();
        answers.read_line(&mut header).map_err(failed)?;
        let size = match header.trim_end().split(' ').collect::<Vec<_>>().as_slice() {
            [_, "blob", size] => size.parse::<u64>().ok(),
            [_, "missing"] => return Err(GitError::MissingObjects(self.revision.clone())),
            _ => None,
        };
        let Some(size) = size else {
            return Err(GitError::Failed(format!("unexpected answer '{}'", header.trim_end())));
        };
        let mut bytes = Vec::new();
        let mut rest = answers.take(size.saturating_add(1));
        if size > limit {
            io::copy(&mut rest, &mut io::sink()).map_err(failed)?;
            let kind = FileProblemKind::TooLarge { size, limit };
            return Ok(Err(FileProblem { name: file.path.clone(), kind }));
        }
        rest.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.pop() != Some(b'\n') || bytes.len() as u64 != size {
            return Err(GitError::Failed("it ended early".to_owned()));
        }
        Ok(Ok(bytes))
    }
}

/// Parses `<mode> <type> <id>\t<path>`; `None` for what is not a regular file: a link, or a submodule.
fn parse_entry(record: &[u8]) -> Option<SourceFile> {
    let tab = record.iter().position(|byte| *byte == b'\t')?;
    let (head, path) = record.split_at_checked(tab)?;
    let mut head = std::str::from_utf8(head).ok()?.split(' ');
    let (mode, _, id) = (head.next()?, head.next()?, head.next()?);
    let path = String::from_utf8_lossy(path.get(1..)?).into_owned();
    matches!(mode, "100644" | "100755" | "100664").then(|| SourceFile { path, object: Some(ObjectId(id.into())) })
}

/// Variables of the environment by which git would do more than read, or write elsewhere. Those that say where the repository is stay: a
/// hook needs them.
const UNWANTED: &[&str] = &[
    "GIT_TRACE",
    "GIT_TRACE2",
    "GIT_TRACE2_EVENT",
    "GIT_TRACE2_PERF",
    "GIT_TRACE_PACKET",
    "GIT_TRACE_PACK_ACCESS",
    "GIT_TRACE_PERFORMANCE",
    "GIT_TRACE_SETUP",
    "GIT_EXTERNAL_DIFF",
    "GIT_REPLACE_REF_BASE",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// Returns a command that only reads, in the repository with this root: without hooks, pager, file system monitor, network or locks.
fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(root)
        .args(["--no-pager", "--no-replace-objects", "--no-optional-locks"])
        .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"])
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in UNWANTED {
        command.env_remove(name);
    }
    command
}

/// Runs a command with a short output. Returns the output, or the message of git if it fails.
fn output(command: &mut Command) -> Result<Result<String, String>, GitError> {
    let output = command.output().map_err(not_started)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(if output.status.success() { Ok(text(&output.stdout)) } else { Err(said(&text(&output.stderr))) })
}

/// Returns the first line of what git says, without its prefix.
fn said(message: &str) -> String {
    let line = message.lines().find(|line| !line.trim().is_empty()).unwrap_or("no reason given");
    line.trim_start_matches("fatal: ").trim().to_owned()
}

fn not_started(error: io::Error) -> GitError {
    if error.kind() == io::ErrorKind::NotFound { GitError::NoGit } else { failed(error) }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` passes it")]
fn failed(error: io::Error) -> GitError {
    GitError::Failed(error.to_string())
}

/// A process that does not outlive its reader.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Result<Self, GitError> {
        command.spawn().map(Self).map_err(not_started)
    }

    fn stdout(&mut self) -> Result<BufReader<std::process::ChildStdout>, GitError> {
        let stdout = self.0.stdout.take().ok_or_else(|| GitError::Failed("it has no output".to_owned()))?;
        Ok(BufReader::with_capacity(1 << 16, stdout))
    }

    /// Waits for the end.
    fn finish(mut self) -> Result<(), GitError> {
        let mut message = String::new();
        if let Some(mut stderr) = self.0.stderr.take() {
            // Only for the message.
            let _ = stderr.read_to_string(&mut message);
        }
        let status = self.0.wait().map_err(failed)?;
        if status.success() { Ok(()) } else { Err(GitError::Failed(said(&message))) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It fails if the process has ended, as it should have.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
pub(super) mod testing {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    /// A repository of a test.
    pub(crate) struct Repository(PathBuf);

    /// Makes a folder a repository.
    pub(crate) fn repository(folder: &Path) -> Repository {
        let repository = Repository(folder.to_owned());
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    impl Repository {
        pub(crate) fn commit(&self, message: &str) {
            self.git(&["add", "--all", "--force"]);
            self.git(&["commit", "--quiet", "--message", message]);
        }

        pub(crate) fn git(&self, arguments: &[&str]) {
            let output = Command::new("git")
                .args(arguments)
                .current_dir(&self.0)
                .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.com")])
                .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.com")])
                .envs([("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"), ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")])
                .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
                .output()
                .unwrap();
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::testing::repository;
    use super::*;
    use crate::config::Config;

    fn list(tree: &GitTree) -> Vec<String> {
        let config = Config::default();
        let options = DiscoverOptions {
            config: &config,
            respect_gitignore: true,
            hidden_files: false,
            force_exclude: false,
            compressed_logs: false,
        };
        tree.list(&options).unwrap().into_iter().map(|file| file.path).collect()
    }

    #[cfg(unix)]
    #[test]
    fn links_and_submodules_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("b.yml"), "b: 1\n").unwrap();
        repository(&inner).commit("inner");
        fs::write(folder.path().join("a.yml"), "a: 1\n").unwrap();
        std::os::unix::fs::symlink("a.yml", folder.path().join("link.yml")).unwrap();
        let outer = repository(folder.path());
        outer.git(&["-c", "advice.addEmbeddedRepo=false", "add", "--all"]);
        outer.git(&["commit", "--quiet", "--message", "all"]);
        assert_eq!(list(&GitTree::open(folder.path(), "HEAD").unwrap()), ["a.yml"]);
    }

    #[test]
    fn what_is_no_revision_is_refused_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let open = |revision| GitTree::open(folder.path(), revision).unwrap_err().to_string();
        assert!(open("HEAD").contains("is not in a git repository"), "{}", open("HEAD"));
        fs::write(folder.path().join("a.yml"), "a: 1\n").unwrap();
        repository(folder.path()).commit("one");
        for revision in ["HEAD~1", "origin/main", "", "HEAD..HEAD", "HEAD:a.yml", "HEAD --exec=x"] {
            assert!(open(revision).contains("git fetch"), "{revision}: {}", open(revision));
        }
        for revision in ["-x", "--output=x", "-"] {
            assert!(open(revision).contains("does not begin with '-'"), "{revision}: {}", open(revision));
        }
        assert!(!folder.path().join("x").exists());
    }

    #[test]
    fn a_shallow_clone_says_how_to_fetch_the_history() {
        let folder = tempfile::tempdir().unwrap();
        let (origin, clone) = (folder.path().join("origin"), folder.path().join("clone"));
        fs::create_dir(&origin).unwrap();
        let repository = repository(&origin);
        for text in ["a: 1\n", "a: 2\n"] {
            fs::write(origin.join("a.yml"), text).unwrap();
            repository.commit("one more");
        }
        let url = format!("file://{}", origin.display());
        repository.git(&["clone", "--quiet", "--depth=1", &url, clone.to_str().unwrap()]);
        assert!(GitTree::open(&clone, "HEAD").is_ok());
        let message = GitTree::open(&clone, "HEAD~1").unwrap_err().to_string();
        assert!(message.contains("git fetch --unshallow") && message.contains("fetch-depth: 0"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_that_a_repository_configures_is_run() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.yml"), "a: 1\n").unwrap();
        let repository = repository(folder.path());
        repository.commit("one");
        let (program, trace) = (folder.path().join("program"), folder.path().join("trace"));
        fs::write(&program, format!("#!/bin/sh\ntouch '{}'\n", trace.display())).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let program = program.to_str().unwrap();
        for name in ["core.fsmonitor", "core.pager", "core.sshCommand", "alias.ls-tree", "alias.cat-file"] {
            repository.git(&["config", name, program]);
        }
        repository.git(&["config", "filter.x.smudge", program]);
        fs::write(folder.path().join(".git/info/attributes"), "* filter=x\n").unwrap();
        let tree = GitTree::open(folder.path(), "HEAD").unwrap();
        assert_eq!(list(&tree), ["a.yml"]);
        let config = Config::default();
        let options = DiscoverOptions {
            config: &config,
            respect_gitignore: true,
            hidden_files: false,
            force_exclude: false,
            compressed_logs: false,
        };
        let files = tree.list(&options).unwrap();
        let contents = tree.read(&files.iter().collect::<Vec<_>>(), 100).unwrap();
        assert_eq!(contents, [Ok(b"a: 1\n".to_vec())]);
        assert!(!trace.exists());
    }

    #[test]
    fn many_files_are_read_at_once() {
        let folder = tempfile::tempdir().unwrap();
        // More requests, and more answers, than a pipe holds.
        let text = |number: usize| format!("a: {number}\n{}", "x".repeat(200));
        for number in 0..3000 {
            fs::write(folder.path().join(format!("{number:04}.yml")), text(number)).unwrap();
        }
        repository(folder.path()).commit("all");
        let tree = GitTree::open(folder.path(), "HEAD").unwrap();
        let config = Config::default();
        let options = DiscoverOptions {
            config: &config,
            respect_gitignore: true,
            hidden_files: false,
            force_exclude: false,
            compressed_logs: false,
        };
        let files = tree.list(&options).unwrap();
        let contents = tree.read(&files.iter().collect::<Vec<_>>(), 1000).unwrap();
        assert_eq!(contents.len(), 3000);
        for (number, content) in contents.into_iter().enumerate() {
            assert_eq!(content.unwrap(), text(number).into_bytes());
        }
    }
}
