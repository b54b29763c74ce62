//! Which folder holds the documents that refer to each other.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Config;

/// The folder of the workspace that `start` belongs to: the folder of the settings, else the root of the git repository. Nothing where
/// there is neither: then the files that are checked are the workspace.
#[must_use]
pub fn root(config: &Config, start: &Path) -> Option<PathBuf> {
    if let Some(root) = config.root() {
        return Some(root.to_owned());
    }
    let start = fs::canonicalize(start).ok()?;
    start.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// What tells whether two paths lead to the same file.
#[must_use]
pub fn same_file(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A folder as reports name it: relative to the working folder where it is inside of it or around it.
#[must_use]
pub fn shortened(folder: &Path) -> PathBuf {
    let Ok(here) = std::env::current_dir().and_then(fs::canonicalize) else { return folder.to_owned() };
    if let Ok(inside) = folder.strip_prefix(&here) {
        return if inside.as_os_str().is_empty() { PathBuf::from(".") } else { inside.to_owned() };
    }
    match here.strip_prefix(folder) {
        Ok(below) => below.components().map(|_| "..").collect(),
        Err(_) => folder.to_owned(),
    }
}
