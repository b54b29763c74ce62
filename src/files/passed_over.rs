//! The files that discovery leaves out, for users who miss one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use rustc_hash::FxHashSet;

use super::discover::{SKIPPED_FOLDERS, has_document_extension, without_dots};
use super::{DiscoverOptions, FileToCheck};
use crate::config::slashed;

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

/// Returns the files with the extension of a document, and the folders, that discovery in `paths` left out, by name. `found` is its result.
/// The content of a folder is not listed.
#[must_use]
pub fn passed_over(
    paths: &[PathBuf],
    found: &[FileToCheck],
    options: &DiscoverOptions<'_>,
) -> Vec<(String, PassedOver)> {
    let found: FxHashSet<PathBuf> = found.iter().filter_map(|file| fs::canonicalize(&file.path).ok()).collect();
    let mut left_out = BTreeMap::new();
    for folder in paths.iter().filter(|path| path.is_dir()) {
        let entered = entered(folder, options);
        let mut walk = WalkBuilder::new(folder);
        walk.standard_filters(false).follow_links(false);
        let (config, is_entered) = (options.config.clone(), entered.clone());
        // Folders that are left out need not be entered.
        walk.filter_entry(move |entry| {
            entry.depth() < 2 || entry.path().parent().is_none_or(|p| is_entered.contains(p))
        });
        for entry in walk.build().flatten().filter(|entry| entry.depth() > 0) {
            let (path, is_folder) = (entry.path(), entry.file_type().is_some_and(|kind| kind.is_dir()));
            let is_taken = if is_folder {
                entered.contains(path)
            } else {
                !has_document_extension(path) || fs::canonicalize(path).is_ok_and(|real| found.contains(&real))
            };
            if !is_taken {
                let name = slashed(&without_dots(path)) + if is_folder { "/" } else { "" };
                left_out.insert(name, reason(path, config.is_excluded(path)));
            }
        }
    }
    left_out.into_iter().collect()
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

/// Returns the folders that discovery walks.
fn entered(folder: &Path, options: &DiscoverOptions<'_>) -> FxHashSet<PathBuf> {
    let config = options.config.clone();
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(options.respect_gitignore).hidden(true).require_git(false).follow_links(false);
    walk.filter_entry(move |entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let is_of_others = SKIPPED_FOLDERS.iter().any(|name| entry.file_name() == *name);
        is_folder && (entry.depth() == 0 || !is_of_others && !config.is_excluded(entry.path()))
    });
    walk.build().flatten().map(ignore::DirEntry::into_path).collect()
}
