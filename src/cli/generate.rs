//! `generate`: files for other tools from what documents say.

use std::path::Path;

use super::args::Global;
use super::attest_args::{GenerateArgs, GenerateWhat, ProbesArgs, ProbesFormat};
use super::loaded::{load, refuse_documents};
use super::{Error, Exit, output};
use crate::files::{self, FileToCheck};
use crate::report::{
    Manifest, ProbeFormat, WatchedModel, compare_probes, watched_models, write_differences, write_probes,
};
use crate::text::{Markup, Source, visible};

pub(super) fn run(args: &GenerateArgs, global: &Global) -> Result<Exit, Error> {
    match &args.what {
        GenerateWhat::Probes(args) => probes(args, global),
    }
}

fn probes(args: &ProbesArgs, global: &Global) -> Result<Exit, Error> {
    let index = load(&args.files, global)?;
    let models = watched_models(index.workspace());
    if models.is_empty() {
        return Err(Error::Usage(
            "there is no document of kind monitoring, which says how a model is watched".to_owned(),
        ));
    }
    let format = match args.format {
        ProbesFormat::Kubernetes => ProbeFormat::Kubernetes,
        ProbesFormat::Prometheus => ProbeFormat::Prometheus,
    };
    if !args.check.is_empty() {
        return compared(args, &models, format);
    }
    if let Some(path) = &args.output {
        refuse_documents(path, &index)?;
    }
    let mut left_out = Vec::new();
    output::deliver(args.output.as_deref(), Markup::Plain, global.color, |_, out| {
        left_out = write_probes(&models, format, out)?;
        Ok(())
    })?;
    for what in &left_out {
        output::notice(format_args!("note: not known, and left out: {what}"));
    }
    // A model that nobody asks is not watched.
    Ok(if left_out.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// Tells how manifests differ from what is to be watched.
fn compared(args: &ProbesArgs, models: &[WatchedModel], format: ProbeFormat) -> Result<Exit, Error> {
    let manifests = args.check.iter().map(|path| manifest(path, args.files.max_file_size));
    let manifests = manifests.collect::<Result<Vec<Manifest>, Error>>()?;
    let differences = compare_probes(models, format, &manifests);
    let written =
        output::to_stdout(Markup::Plain, |out| write_differences(&differences, models.len(), manifests.len(), out));
    (if differences.is_empty() { Exit::Clean } else { Exit::Findings }).after(written)
}

/// Reads a manifest.
fn manifest(path: &Path, max_file_size: u64) -> Result<Manifest, Error> {
    let name = path.to_string_lossy().into_owned();
    let file = FileToCheck { name: name.clone(), path: path.to_owned(), explicit: true };
    let bytes = files::read(&file, max_file_size).map_err(|problem| Error::Usage(problem.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{} is not UTF-8", visible(&name))))?;
    Manifest::read(Source::new(name, text)).map_err(|why| {
        Error::Usage(format!("{why}; render a template first, as `helm template` and `kustomize build` do"))
    })
}
