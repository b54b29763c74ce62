//! The files that discovery leaves out, for users who miss one.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::path::Path;

use rustc_hash::FxHashSet;

use super::Discovery;
use super::discover::{SKIPPED_FOLDERS, has_document_extension, without_dots};
use crate::config::{Config, slashed};

/// Why a file or folder is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassedOver {
    /// Excluded by `exclude` of the settings, or on the command line.
    Excluded,
    /// Its name begins with a dot.
    Hidden,
    /// It contains installed packages or caches, such as `node_modules`.
    OfOthers,
    /// Git or an `.ignore` file ignores it.
    Ignored,
}

impl PassedOver {
    /// Returns the name of the reason in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Excluded => "excluded",
            Self::Hidden => "hidden",
            Self::OfOthers => "installed",
            Self::Ignored => "ignored",
        }
    }

    /// Returns the reason in words.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::Excluded => "excluded",
            Self::Hidden => "hidden",
            Self::OfOthers => "installed packages or caches",
            Self::Ignored => "ignored by git or an .ignore file",
        }
    }
}

/// Returns the files with the extension of a document, and the folders, that discovery left out, by name. A folder counts as one, since
/// what is in it is not known. What is known to belong to tools is not listed.
#[must_use]
pub fn passed_over(found: &Discovery, config: &Config) -> Vec<(String, PassedOver)> {
    let problems: FxHashSet<&str> = found.problems.iter().map(|problem| problem.name.as_str()).collect();
    let refused = found.refused.iter().map(|path| (slashed(&without_dots(path)), PassedOver::Excluded));
    let mut left_out: BTreeMap<String, PassedOver> = refused.collect();
    for folder in &found.searched {
        // What cannot be searched is a problem of its own.
        let Some((mut real, entries)) = fs::canonicalize(folder).ok().zip(fs::read_dir(folder).ok()) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(is_folder) = is_folder(&entry).filter(|_| !is_of_tool(&name)) else { continue };
            if !is_folder && !has_document_extension(Path::new(&name)) {
                continue;
            }
            real.push(&name);
            let is_taken = is_taken(&entry, &real, found);
            real.pop();
            if is_taken {
                continue;
            }
            let path = entry.path();
            let name = slashed(&without_dots(&path));
            if !problems.contains(name.as_str()) {
                let name = name + if is_folder { "/" } else { "" };
                left_out.insert(name, reason(&path, config.is_excluded(&path)));
            }
        }
    }
    left_out.into_iter().collect()
}

/// Hidden files and folders of tools, in which nobody looks for documents: to count them would hide those that may be missed.
const OF_TOOLS: &[&str] = &[
    ".cache",
    ".dvc",
    ".git",
    ".github",
    ".gitlab",
    ".gitlab-ci.yml",
    ".idea",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pre-commit-config.yaml",
    ".pytest_cache",
    ".ruff_cache",
    ".tox",
    ".venv",
    ".vscode",
];

fn is_of_tool(name: &OsStr) -> bool {
    OF_TOOLS.iter().any(|tool| name == *tool)
}

/// Returns whether an entry is a folder or a link to one; `None` for a broken link.
fn is_folder(entry: &DirEntry) -> Option<bool> {
    let kind = entry.file_type().ok()?;
    if kind.is_symlink() { fs::metadata(entry.path()).ok().map(|target| target.is_dir()) } else { Some(kind.is_dir()) }
}

/// Returns whether an entry of a searched folder was searched itself or is checked. `path` is its own real path, not that of a link's
/// target.
fn is_taken(entry: &DirEntry, path: &Path, found: &Discovery) -> bool {
    let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
    let target = is_link.then(|| fs::canonicalize(path).ok()).flatten();
    found.taken.contains(target.as_deref().unwrap_or(path).as_os_str())
}

fn reason(path: &Path, is_excluded: bool) -> PassedOver {
    let name = path.file_name().unwrap_or_default();
    if is_excluded {
        PassedOver::Excluded
    } else if name.as_encoded_bytes().starts_with(b".") {
        PassedOver::Hidden
    } else if SKIPPED_FOLDERS.iter().any(|skipped| name == *skipped) {
        PassedOver::OfOthers
    } else {
        PassedOver::Ignored
    }
}
