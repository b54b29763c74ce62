//! The files that a command looks at, and the configuration that applies to them.

use std::io::Read;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::args::{FileArgs, Global};
use super::{Error, output};
use crate::config::{Config, Exclude};
use crate::files::{self, DiscoverOptions, FileProblem, FileProblemKind, FileToCheck, PassedOver};

/// What a command is to look at.
pub(super) struct Inputs {
    pub files: Vec<FileToCheck>,
    pub problems: Vec<FileProblem>,
    pub stdin: Option<Vec<u8>>,
    /// The number of paths that do not exist.
    pub absent: usize,
    /// The files and folders that were left out, by name.
    pub passed_over: Vec<(String, PassedOver)>,
}

impl Inputs {
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.problems.is_empty() && self.stdin.is_none()
    }
}

/// Returns the configuration that applies to all paths.
///
/// # Errors
/// If they have different ones: no file is checked with the settings of another folder.
pub(super) fn load_config(global: &Global, files: &FileArgs) -> Result<Config, Error> {
    let mut paths = files.paths.iter().map(PathBuf::as_path).filter(|path| path.as_os_str() != "-");
    let start = paths.next().unwrap_or(Path::new("."));
    let config = config_for(global, start)?;
    // The order of the paths must not decide what is reported.
    let mut seen = FxHashSet::default();
    for path in paths.filter(|path| !global.isolated && global.config.is_none() && path.exists()) {
        let folder = if path.is_dir() { Some(path) } else { path.parent() };
        if !seen.insert(folder) {
            continue;
        }
        let other = config_for(global, path)?;
        if other.file() != config.file() {
            let said = |path: &Path, config: &Config| match config.file() {
                Some(file) => format!("{} has {}", path.display(), file.display()),
                None => format!("{} has none", path.display()),
            };
            return Err(Error::Usage(format!(
                "the paths have different configurations: {}, {}; check them one by one, or name one configuration with --config",
                said(start, &config),
                said(path, &other),
            )));
        }
    }
    Ok(config)
}

/// Returns the configuration that applies to a file or folder.
pub(super) fn config_for(global: &Global, start: &Path) -> Result<Config, Error> {
    if global.isolated {
        return Ok(Config::default());
    }
    if let Some(path) = &global.config {
        return Ok(Config::load(path)?);
    }
    Ok(Config::discover(start)?.unwrap_or_default())
}

/// Finds the files in the given paths, and reads standard input. Paths that do not exist are told at once.
pub(super) fn inputs(args: &FileArgs, config: &Config) -> Result<Inputs, Error> {
    find(args, config, true, false)
}

/// Like [`inputs`], with the compressed logs in the given folders, and without standard input if that is data, which is read as a stream.
pub(super) fn inputs_to_check(args: &FileArgs, config: &Config, reads_stdin: bool) -> Result<Inputs, Error> {
    find(args, config, reads_stdin, true)
}

fn find(args: &FileArgs, config: &Config, reads_stdin: bool, compressed_logs: bool) -> Result<Inputs, Error> {
    let (stdin, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        args.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
    let discovery = files::discover(&paths, &discover_options(args, config, compressed_logs));
    let passed_over = files::passed_over(&discovery, config);
    let (absent, problems): (Vec<_>, Vec<_>) =
        discovery.problems.into_iter().partition(|problem| problem.kind == FileProblemKind::NotFound);
    for problem in &absent {
        output::notice(format_args!("error: {problem}"));
    }
    let (elsewhere, problems): (Vec<_>, Vec<_>) =
        problems.into_iter().partition(|problem| problem.kind == FileProblemKind::FolderElsewhere);
    for problem in &elsewhere {
        output::notice(format_args!("note: {problem}"));
    }
    let stdin = match !stdin.is_empty() && reads_stdin {
        false => None,
        true => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().take(args.max_file_size + 1).read_to_end(&mut bytes)?;
            Some(bytes)
        }
    };
    let is_named = |file: &FileToCheck| file.name == args.stdin_filename;
    if stdin.is_some() && discovery.files.iter().any(is_named) {
        let name = &args.stdin_filename;
        return Err(Error::Usage(format!("{name} is given twice, as a file and as the name of standard input")));
    }
    Ok(Inputs { files: discovery.files, problems, stdin, absent: absent.len(), passed_over })
}

fn discover_options<'c>(args: &FileArgs, config: &'c Config, compressed_logs: bool) -> DiscoverOptions<'c> {
    DiscoverOptions {
        config,
        respect_gitignore: !args.no_gitignore,
        hidden_files: false,
        force_exclude: args.force_exclude,
        compressed_logs,
    }
}

/// Returns the value of `--exclude`.
pub(super) fn exclude(files: &FileArgs) -> Result<Option<Exclude>, Error> {
    if files.exclude.is_empty() {
        return Ok(None);
    }
    let folder = std::env::current_dir().unwrap_or_default();
    let globs = files.exclude.iter().flat_map(|list| split_globs(list));
    Exclude::new(globs, folder).map(Some).map_err(|error| Error::Usage(format!("--exclude: {error}")))
}

/// Splits a comma-separated list of globs; commas in braces belong to a glob.
fn split_globs(list: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    list.split(move |character| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    })
    .collect()
}
