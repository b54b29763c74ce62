//! `coverage`: which steps of the lifecycle are documented, model by model.

use super::args::{Global, TextFormat};
use super::lineage_args::CoverageArgs;
use super::loaded::load;
use super::{Error, Exit, output};
use crate::coverage::Coverage;
use crate::documents::lifecycle::{LifecycleStep, STEPS};
use crate::lineage::Lineage;
use crate::report;
use crate::text::{Markup, nearest};

pub(super) fn run(args: &CoverageArgs, global: &Global) -> Result<Exit, Error> {
    let required = args.require.iter().map(|name| required(name)).collect::<Result<Vec<_>, _>>()?;
    let index = load(&args.files, global)?;
    let coverage = Coverage::of(&Lineage::of(index.workspace()));
    let markup = match args.format {
        TextFormat::Json => Markup::Json,
        TextFormat::Human => Markup::Plain,
    };
    let written = output::to_stdout(markup, |out| match args.format {
        TextFormat::Json => report::coverage_json(&coverage, &required, out),
        TextFormat::Human => report::coverage_human(&coverage, &required, out),
    });
    if report::is_met(&coverage, &required) { Exit::Clean } else { Exit::Findings }.after(written)
}

/// Returns the step that is required.
fn required(name: &str) -> Result<&'static LifecycleStep, Error> {
    let Some(step) = LifecycleStep::by_name(name) else {
        let names = || STEPS.iter().map(|step| step.name);
        let near = nearest(name, names()).map_or_else(
            || format!("; the steps are {}", names().collect::<Vec<_>>().join(", ")),
            |near| format!("; did you mean '{near}'?"),
        );
        return Err(Error::Usage(format!("--require: there is no step '{name}'{near}")));
    };
    match step.kinds.is_empty() {
        true => Err(Error::Usage(format!("--require: there is no kind of document for step '{}' yet", step.name))),
        false => Ok(step),
    }
}
