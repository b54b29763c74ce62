//! The arguments of the commands that ask about documents and check nothing.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{FileArgs, TextFormat, kind, size};
use crate::documents::Kind;
use crate::lineage::Question;
use crate::objectives::as_of::AsOf;

#[derive(Debug, Args)]
pub(super) struct LineageArgs {
    /// A model, an artifact, a dataset, a run or a pipeline: its id, its name, or `name@version`, after `kind:` if several have that name. A
    /// step is named `pipeline/step`
    pub name: String,
    #[command(flatten)]
    pub files: FileArgs,
    /// Answer one question instead of showing everything
    #[arg(long, value_enum, value_name = "QUESTION")]
    pub question: Option<Question>,
    /// The output format
    #[arg(long, value_enum, default_value_t = LineageFormat::Human)]
    pub format: LineageFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LineageFormat {
    /// For people: a tree, or the answers
    Human,
    /// Described by schemas/lineage.schema.json
    Json,
    /// DOT, for Graphviz; of the whole lineage only
    Dot,
    /// Mermaid, for Markdown; of the whole lineage only
    Mermaid,
    /// An image; of the whole lineage only
    Svg,
    /// The runs as events of OpenLineage, one per line
    Openlineage,
}

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Two runs or more, by id or name
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    pub runs: Vec<String>,
    /// Find the runs in these files and folders
    #[arg(long = "in", value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value_t = CompareFormat::Human)]
    pub format: CompareFormat,
    /// Write to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Do not read larger files
    #[arg(long, value_name = "SIZE", default_value = "16M", value_parser = size)]
    pub max_file_size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CompareFormat {
    /// For people: a table in which differences are marked
    Human,
    /// Described by schemas/comparison.schema.json
    Json,
    /// A row per value, a column per run
    Csv,
    /// A page: one file that needs no network
    Html,
}

#[derive(Debug, Args)]
pub(super) struct DigestArgs {
    /// The files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The digest of the bytes of the files, as `sha256sum` prints it
    #[arg(long)]
    pub raw: bool,
    /// Print what is digested, without a line break at its end: the canonical form of one document (RFC 8785)
    #[arg(long, conflicts_with = "raw")]
    pub canonical: bool,
    /// The kind of every document that does not name its own
    #[arg(long, value_parser = kind())]
    pub kind: Option<Kind>,
    /// Do not read larger documents
    #[arg(long, value_name = "SIZE", default_value = "16M", value_parser = size)]
    pub max_file_size: u64,
}

/// Exit code: 0 everything that is required is documented, 1 something is not, 2 wrong usage.
#[derive(Debug, Args)]
pub(super) struct CoverageArgs {
    #[command(flatten)]
    pub files: FileArgs,
    /// Steps that every model needs, by name or number, separated by commas; the exit code is 1 if one is not documented
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    pub require: Vec<String>,
    /// The output format
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub format: TextFormat,
}

/// Exit code: 0 the report was written, whatever it says; 2 wrong usage.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    pub files: FileArgs,
    /// Only this model
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// The day or instant at which waivers, time windows and ages are evaluated [default: the newest record]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<AsOf>,
    /// Link to the files at this URL or path, such as `https://git.example.com/ml/specs/blob/main` [default: no links]
    #[arg(long, value_name = "URL", value_parser = link_base)]
    pub link_base: Option<String>,
    /// An earlier report, as JSON: shows what has changed since
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value_t = ReportFormat::Html)]
    pub format: ReportFormat,
    /// Write to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// A page for a browser, in one file
    Html,
    /// Described by schemas/governance.schema.json
    Json,
    /// The summary as GitHub's Markdown, for the page of a job
    Markdown,
}

/// Reads where files are that a page links to: nothing that a browser would run.
fn link_base(text: &str) -> Result<String, String> {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_odd = text.trim().is_empty() || text.contains(char::is_control);
    match scheme.as_deref() {
        _ if is_odd => Err("expected a URL or a path".to_owned()),
        None | Some("https" | "http" | "file") => Ok(text.to_owned()),
        Some(_) => Err("expected a URL of https, http or file, or a path".to_owned()),
    }
}
