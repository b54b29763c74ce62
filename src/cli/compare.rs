//! `compare`: runs side by side.

use super::args::{FileArgs, Global};
use super::lineage_args::{CompareArgs, CompareFormat};
use super::loaded::{load, refuse_documents};
use super::{Error, Exit, output};
use crate::lineage::{Lineage, ThingId};
use crate::report;
use crate::text::Markup;

pub(super) fn run(args: &CompareArgs, global: &Global) -> Result<Exit, Error> {
    let files = FileArgs {
        paths: args.paths.clone(),
        stdin_filename: "<stdin>".to_owned(),
        kind: None,
        no_gitignore: false,
        exclude: Vec::new(),
        force_exclude: false,
        max_file_size: args.max_file_size,
    };
    let index = load(&files, global)?;
    let lineage = Lineage::of(index.workspace());
    let find = |name: &String| lineage.find_run(name).map_err(|error| Error::Usage(error.to_string()));
    let runs = args.runs.iter().map(find).collect::<Result<Vec<ThingId>, Error>>()?;
    let comparison = lineage.compare(&runs);
    let markup = match args.format {
        CompareFormat::Json => Markup::Json,
        CompareFormat::Human | CompareFormat::Csv => Markup::Plain,
        CompareFormat::Html => Markup::Xml,
    };
    if let Some(path) = &args.output {
        refuse_documents(path, &index)?;
    }
    output::deliver(args.output.as_deref(), markup, global.color, |style, out| match args.format {
        CompareFormat::Human => report::comparison_human(&comparison, style, out),
        CompareFormat::Json => report::comparison_json(&comparison, out),
        CompareFormat::Csv => report::comparison_csv(&comparison, out),
        CompareFormat::Html => report::comparison_html(&comparison, out),
    })?;
    Ok(Exit::Clean)
}
