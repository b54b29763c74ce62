//! `check --show-settings`: the effective settings, and their origins.

use std::path::Path;

use clap::ValueEnum;

use super::args::CheckArgs;
use super::output::Target;
use super::workspace_context::root;
use super::{Error, Exit, output};
use crate::config::Config;
use crate::text::{Markup, visible};

/// Prints the settings as a settings file, with comments for everything that cannot be set in one.
pub(super) fn show(args: &CheckArgs, config: &Config, targets: &[Target]) -> Result<Exit, Error> {
    let file = match config.file_name() {
        name if name.is_empty() => "none".to_owned(),
        name => name,
    };
    let folder = root(&args.files, args.workspace.as_deref(), config)?;
    let workspace = match (&args.workspace, &folder) {
        (Some(_), Some(folder)) => format!("{} (--workspace)", shown(folder)),
        (_, Some(folder)) if config.root().is_some() => format!("{} (the folder of the configuration)", shown(folder)),
        (_, Some(folder)) => format!("{} (the git repository)", shown(folder)),
        (_, None) => "the checked paths".to_owned(),
    };
    let name = |target: &Target| target.format.to_possible_value().map(|value| value.get_name().to_owned());
    let formats: Vec<String> = targets.iter().filter_map(name).collect();
    let origin = if args.format.is_empty() { "default" } else { "--format" };
    let written = output::to_stdout(Markup::Plain, |out| {
        writeln!(out, "# configuration: {}", visible(&file))?;
        writeln!(out, "# workspace: {}", visible(&workspace))?;
        writeln!(out, "# format: {} ({origin})", formats.join(", "))?;
        writeln!(out)?;
        write!(out, "{}", config.resolved())
    });
    Exit::Clean.after(written)
}

fn shown(folder: &Path) -> String {
    if folder.as_os_str().is_empty() { ".".to_owned() } else { folder.display().to_string() }
}
