//! What is known of a folder with some settings: its files, and their reports, which are those of `check` on the folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::folder::{Folder, name_of};
use super::task::Task;
use crate::analysis::{Analysis, Base, Examined, FileReport, Options, examine};
use crate::cli::args::FileArgs;
use crate::cli::check::base;
use crate::cli::inputs::Inputs;
use crate::cli::named_files::Lookup;
use crate::cli::workspace_context::Surroundings;
use crate::config::Config;
use crate::files::{self, FileToCheck};

/// What is known of a folder with some settings.
pub(super) struct KnownFolder<'c> {
    args: FileArgs,
    pub options: Options<'c>,
    /// The folder of the workspace that files are looked up in.
    place: Option<PathBuf>,
    /// The files that `check` looks at.
    files: BTreeMap<String, FileToCheck>,
    pub analysis: Analysis<'c>,
    /// The versions of the open texts.
    pub versions: BTreeMap<String, i32>,
    /// What the fingerprints of findings count paths from.
    base: Base,
}

impl<'c> KnownFolder<'c> {
    pub(super) fn of(
        folder: &Folder,
        args: &FileArgs,
        inputs: &Inputs,
        around: &Surroundings,
        place: Option<PathBuf>,
        options: Options<'c>,
    ) -> Self {
        let mut files: BTreeMap<String, FileToCheck> =
            inputs.files.iter().map(|file| (file.name.clone(), file.clone())).collect();
        // A text that was never saved is looked at as what it is going to be.
        for name in folder.open.keys().filter(|name| is_new(name, &folder.root, options.config)) {
            files.insert(name.clone(), FileToCheck { name: name.clone(), path: name.into(), explicit: false });
        }
        let text = |file: &FileToCheck| match folder.open.get(&file.name) {
            Some(open) => Some(open.text.clone()),
            None => files::read(file, args.max_file_size).ok().and_then(|bytes| String::from_utf8(bytes).ok()),
        };
        let all: Vec<&FileToCheck> = files.values().collect();
        let examined = all.into_par_iter().filter_map(|file| Some(examine(&file.name, text(file)?, &options)));
        let mut examined: Vec<Examined> = examined.collect();
        let checked: Vec<FileToCheck> = files.values().cloned().collect();
        let mut lookup = Lookup::new(args, options, place.clone(), &checked);
        for own in &mut examined {
            let named = lookup.of(own, Path::new(own.source().name()));
            own.set_named_files(named);
        }
        let analysis = Analysis::new(examined, &around.members, options);
        let base = base(args, options.config);
        Self { args: args.clone(), options, place, files, analysis, versions: BTreeMap::new(), base }
    }

    /// Returns the report about a text, as `check` gives it.
    pub fn report(&mut self, name: &str) -> Option<FileReport> {
        let mut report = self.analysis.report(name)?.clone();
        report.rebase(&self.base);
        Some(report)
    }

    /// Returns a path without links, if it is in the workspace.
    pub fn inside(&self, path: &Path) -> Option<PathBuf> {
        let root = std::fs::canonicalize(self.place.as_deref()?).ok()?;
        std::fs::canonicalize(path).ok().filter(|path| path.starts_with(&root))
    }

    /// Returns whether what is known may be wrong after a task: other settings hold, or files came or went.
    pub fn is_outdated_by(&self, task: &Task) -> bool {
        match task {
            // Editors that save a file by replacing it say that it was created.
            Task::FilesChanged(changes) => changes.iter().any(|change| {
                let is_known = name_of(&change.uri).is_some_and(|name| self.files.contains_key(&name));
                !is_known || change.kind == DELETED
            }),
            Task::Open { uri, .. } => {
                name_of(uri).is_some_and(|name| !self.files.contains_key(&name) && !Path::new(&name).exists())
            }
            _ => false,
        }
    }

    /// Looks at a text again.
    pub(super) fn update(&mut self, name: &str, folder: &Folder) {
        let Some(file) = self.files.get(name) else { return };
        let text = match folder.open.get(name) {
            Some(open) => Some(open.text.clone()),
            None => files::read(file, self.args.max_file_size).ok().and_then(|bytes| String::from_utf8(bytes).ok()),
        };
        let Some(text) = text else { return self.analysis.remove(name) };
        let mut examined = examine(name, text, &self.options);
        let named = Lookup::new(&self.args, self.options, self.place.clone(), &[]).of(&examined, &file.path);
        examined.set_named_files(named);
        self.analysis.update(examined);
    }
}

/// `FileChangeType` of the protocol.
const DELETED: u8 = 3;

/// Returns whether a file is not there yet, and would be checked.
fn is_new(name: &str, root: &Path, config: &Config) -> bool {
    let path = Path::new(name);
    path.starts_with(root) && !path.exists() && files::has_document_extension(path) && !config.is_excluded(path)
}
