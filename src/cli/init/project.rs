//! `init --project`: the example project, with another name and other ids.

use std::path::{Path, PathBuf};

use super::{NewId, exists, make_folder, named, with_fresh_ids, write};
use crate::cli::args::InitArgs;
use crate::cli::{Error, Exit, output};
use crate::documents::Kind;

/// The name of the example project. The word does not occur in it with another meaning.
const NAME: &str = "tiny-model";

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../examples/starter/", $path)))),*]
    };
}

/// The files of the example project; a test ensures that none is missing.
const FILES: &[(&str, &str)] = files![
    ".github/workflows/mlspec.yml",
    "README.md",
    "data/all.dataset.yml",
    "data/data-schema.yml",
    "data/holdback.dataset.yml",
    "data/split.yml",
    "data/train.dataset.yml",
    "data/validation.dataset.yml",
    "fixtures/weak.yml",
    "mlspec-lint.toml",
    "models/tiny-model.model.yml",
    "modules/fit-1.0.0.module-version.yml",
    "modules/fit.module.yml",
    "monitoring/2025-01-09.inference-log.jsonl",
    "monitoring/monitoring.yml",
    "objectives.yml",
    "pipelines/train.pipeline.yml",
    "reports/evaluation.yml",
    "reports/test.yml",
    "runs/fit.run.yml",
    "runs/production.run.yml",
    "runs/test.run.yml",
];

/// Writes the project into a folder of its name, or into that of `--output`.
pub(super) fn run(name: &str, args: &InitArgs, new_id: NewId) -> Result<Exit, Error> {
    // The rules about the names of documents apply.
    let with_name =
        named(Kind::Dataset, name).map_err(|error| Error::Usage(error.to_string().replace("--name", "--project")))?;
    // In the files of the project, it is not quoted.
    if !with_name.lines().any(|line| line.starts_with(&format!("name: {name} "))) {
        return Err(Error::Usage(format!("--project: YAML does not read '{name}' as a string; choose another name")));
    }
    let folder = args.output.clone().unwrap_or_else(|| PathBuf::from(name));
    let files = files_of(name, new_id);
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).exists() && !args.force) {
        return Err(exists(&folder.join(path)));
    }
    for (path, text) in &files {
        let path = folder.join(path);
        make_folder(path.parent().unwrap_or(Path::new(".")))?;
        write(&path, text, args.force)?;
    }
    let name = folder.display();
    output::notices([
        format!("Wrote {} files to {name}. What to do next:", files.len()),
        format!("  cd {name}"),
        "  mlspec-lint check".to_owned(),
        "  mlspec-lint gate objectives.yml".to_owned(),
    ]);
    Ok(Exit::Clean)
}

/// Returns the paths and texts of a project of this name.
fn files_of(name: &str, new_id: NewId) -> Vec<(String, String)> {
    let (paths, texts): (Vec<String>, Vec<String>) =
        FILES.iter().map(|(path, text)| (path.replace(NAME, name), text.replace(NAME, name))).unzip();
    paths.into_iter().zip(with_fresh_ids(&texts, new_id)).collect()
}
