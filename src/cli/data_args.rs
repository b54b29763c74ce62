//! The arguments of the commands about data.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::args::{TextFormat, size};

/// Exit code: 0 the profile was written, 1 some rows could not be read and are not in it, 2 wrong usage, 3 a file could not be read.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct ProfileArgs {
    #[command(subcommand)]
    pub command: Option<ProfileCommand>,
    /// Tables: `.csv`, `.tsv`, or `.jsonl` with an object per line; or logs of inference records. `-` is standard input. Several are taken together
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What standard input is called; its extension tells the format
    #[arg(long, value_name = "PATH", default_value = "stdin.csv")]
    pub stdin_filename: String,
    /// Of logs: also the statistics of each value of this field of the records [default: modelId]
    #[arg(long, value_name = "FIELD")]
    pub by: Vec<String>,
    #[command(flatten)]
    pub written: WrittenProfileArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum ProfileCommand {
    /// Add up profiles of parts of the data: the result is that of the whole
    Merge(MergeProfilesArgs),
}

#[derive(Debug, Args)]
pub(super) struct MergeProfilesArgs {
    /// The profiles, as this command writes them
    #[arg(required = true, value_name = "PROFILE")]
    pub profiles: Vec<PathBuf>,
    /// Do not read larger profiles
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size)]
    pub max_file_size: u64,
    #[command(flatten)]
    pub written: WrittenProfileArgs,
}

/// What a profile says besides the statistics, and where it goes.
#[derive(Debug, Args)]
pub(super) struct WrittenProfileArgs {
    /// The dataset, by name, `name@version` or id [default: the name of the first file]
    #[arg(long, value_name = "DATASET")]
    pub dataset: Option<String>,
    /// The name of the profile [default: that of the dataset, and `-profile`]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The schema of the data, by name, `name@version` or id
    #[arg(long, value_name = "SCHEMA")]
    pub schema: Option<String>,
    /// Where the data is from, such as `training` or `serving`
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// The format [default: that of the extension of --output, else yaml]
    #[arg(long, value_enum)]
    pub format: Option<DocumentFormat>,
    /// Write the profile to this file
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DocumentFormat {
    Yaml,
    Json,
}

/// Exit code: 0 the schema was written, 1 some rows could not be read, 2 wrong usage, 3 a file could not be read.
#[derive(Debug, Args)]
pub(super) struct InferArgs {
    /// A table: `.csv`, `.tsv`, or `.jsonl` with an object per line; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Read no more rows than this [default: all]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// The name of the schema [default: that of the file]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The dataset that the schema describes, by name, `name@version` or id
    #[arg(long, value_name = "DATASET")]
    pub dataset: Option<String>,
    /// What standard input is called; its extension tells the format
    #[arg(long, value_name = "PATH", default_value = "stdin.csv")]
    pub stdin_filename: String,
    /// Write the schema to this file
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Exit code: 0 nothing is in two of the files, 1 something is, 2 wrong usage, 3 a file could not be read.
#[derive(Debug, Args)]
pub(super) struct OverlapArgs {
    /// Two tables or more: `.csv`, `.tsv`, or `.jsonl` with an object per line
    #[arg(required = true, num_args = 2.., value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Compare the values of these fields, together, instead of whole rows
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub by: Vec<String>,
    /// Compare rows without these fields, such as their numbers
    #[arg(long, value_name = "FIELD", value_delimiter = ',', conflicts_with = "by")]
    pub without: Vec<String>,
    /// The output format
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub format: TextFormat,
}
