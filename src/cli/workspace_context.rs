//! The documents around the checked ones: references are resolved in them, but nothing is reported about them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Error;
use super::against::Against;
use super::args::FileArgs;
use super::inputs::Inputs;
use crate::analysis::{self, Options};
use crate::config::Config;
use crate::files::{self, DiscoverOptions, FileToCheck};
use crate::text::Source;
use crate::workspace::Member;

/// The documents around the inputs.
#[derive(Default)]
pub(super) struct Surroundings {
    /// The documents of the workspace that are not among the inputs.
    pub members: Vec<Member>,
    /// The texts of the workspace that cannot be read and are not among the inputs.
    pub unread: Vec<Arc<Source>>,
    /// Whether there may be more of them, in an unknown place.
    pub partial: bool,
}

/// Loads the documents around the inputs. `workspace` is the folder that the user named; `is_any_document` says whether the inputs
/// contain any document. What is read is shown to `against`.
pub(super) fn surroundings(
    files: &FileArgs,
    workspace: Option<&Path>,
    options: Options<'_>,
    inputs: &Inputs,
    is_any_document: bool,
    against: Option<&Against>,
) -> Result<Surroundings, Error> {
    let config = options.config;
    // A repository may be large: it is only read if there are documents that can refer to it.
    if !is_any_document {
        return Ok(Surroundings::default());
    }
    let Some(root) = root(files, workspace, config)? else {
        let partial = !files.paths.iter().any(|path| path.is_dir());
        return Ok(Surroundings { partial, ..Surroundings::default() });
    };
    if is_covered(files, &root) {
        return Ok(Surroundings::default());
    }
    let mut checked: FxHashSet<PathBuf> =
        inputs.files.iter().map(|candidate| files::same_file(&candidate.path)).collect();
    if inputs.stdin.is_some() {
        // An editor pipes in what it is about to save: the file on disk is the same document, not another.
        checked.insert(files::same_file(Path::new(&files.stdin_filename)));
    }
    let discover = DiscoverOptions {
        config,
        respect_gitignore: !files.no_gitignore,
        hidden_files: false,
        force_exclude: false,
        compressed_logs: false,
    };
    let found = files::discover(&[root], &discover).files;
    let others: Vec<FileToCheck> =
        found.into_iter().filter(|candidate| !checked.contains(&files::same_file(&candidate.path))).collect();
    // `--kind` applies to the inputs, not to all YAML around them.
    let options = Options { kind: None, explicit: false, ..options };
    let load = |candidate: &FileToCheck| {
        // Unreadable files are reported when they are checked themselves.
        let bytes = files::read(candidate, files.max_file_size).ok();
        if let Some((against, bytes)) = against.zip(bytes.as_deref()) {
            against.see(&candidate.name, bytes);
        }
        let text = bytes.map(String::from_utf8);
        text.and_then(Result::ok).map(|text| analysis::unchecked(&candidate.name, &text, &options)).unwrap_or_default()
    };
    let mut around = Surroundings::default();
    for text in others.par_iter().map(load).collect::<Vec<_>>() {
        around.members.extend(text.members);
        around.unread.extend(text.unread);
    }
    Ok(around)
}

/// Returns the folder of the workspace.
pub(super) fn root(files: &FileArgs, workspace: Option<&Path>, config: &Config) -> Result<Option<PathBuf>, Error> {
    if let Some(folder) = workspace {
        return match folder.is_dir() {
            true => Ok(Some(folder.to_owned())),
            false => Err(Error::Usage(format!("--workspace {}: no such folder", folder.display()))),
        };
    }
    let start = files.paths.iter().find(|path| path.as_os_str() != "-").map_or(Path::new("."), PathBuf::as_path);
    Ok(files::root(config, start).map(|root| files::shortened(&root)))
}

/// Returns whether one of the checked paths is the workspace itself or contains it.
fn is_covered(files: &FileArgs, root: &Path) -> bool {
    let root = files::same_file(root);
    let folders = files.paths.iter().filter(|path| path.is_dir());
    folders.map(|path| files::same_file(path)).any(|folder| root.starts_with(folder))
}
