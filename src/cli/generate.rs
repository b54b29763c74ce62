//! `generate`: files for other tools from what documents say.

use super::args::Global;
use super::attest_args::{GenerateArgs, GenerateWhat, ProbesArgs, ProbesFormat};
use super::loaded::load;
use super::{Error, Exit, output};
use crate::report::{ProbeFormat, watched_models, write_probes};
use crate::text::Markup;

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
    if let Some(path) = &args.output {
        let read = index.members().map(|(_, member)| std::path::PathBuf::from(member.file()));
        let read: Vec<_> = read.collect();
        output::refuse_overwriting(&[path], read.iter().map(std::path::PathBuf::as_path))?;
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
