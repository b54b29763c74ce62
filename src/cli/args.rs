//! The arguments of every command.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCandidates;

use super::attest_args::{AttestArgs, GenerateArgs};
use super::completions::{rules_and_families, selectors};
use super::data_args::{InferArgs, OverlapArgs, ProfileArgs};
use super::lineage_args::{CompareArgs, CoverageArgs, DigestArgs, LineageArgs, ReportArgs};
use super::log_seal_args::LogsArgs;
use crate::config::Selector;
use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::objectives::as_of::{AsOf, MaxAge};
use crate::records::ByteRange;
use crate::report::Format;

/// The first steps of a new user.
const BEGINNING: &str = "\
Getting started:
  mlspec-lint check                  Check all documents below this folder
  mlspec-lint check --fix            Apply safe fixes; --diff shows them
  mlspec-lint explain naming         Read about a family of rules, or a rule
  mlspec-lint init --project churn   Begin a small project that checks clean
  mlspec-lint gate objectives.yml    Decide whether a model meets its objectives";

/// The exit codes of `check`.
const EXIT_CODES: &str = "\
Exit code: 0 no finding at or above --fail-on, 1 findings, 2 wrong usage or configuration or nothing to check, 3 a file could not be \
read or written.";

/// Checks MLSpec documents: datasets, pipelines, modules, runs, model packages, inference logs and objectives.
#[derive(Debug, Parser)]
#[command(name = "mlspec-lint", version, propagate_version = true, max_term_width = 100, after_help = BEGINNING)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) global: Global,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub(super) struct Global {
    /// Whether to use color
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, value_name = "WHEN")]
    pub color: Color,
    /// Read the configuration from this file
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Ignore all configuration files
    #[arg(long, global = true)]
    pub isolated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check files and folders
    #[command(after_help = EXIT_CODES)]
    Check(Box<CheckArgs>),
    /// Decide whether a model meets its objectives
    Gate(Box<GateArgs>),
    /// Print the page of a rule, or list the rules of a family
    Explain(ExplainArgs),
    /// List every rule
    Rules(RulesArgs),
    /// Print a JSON Schema, or write all of them
    Schema(SchemaArgs),
    /// Show which files are MLSpec documents, of which kind, and why
    Kinds(KindsArgs),
    /// Draw the graphs of the pipelines in a file, and mark their findings
    Graph(GraphArgs),
    /// Show from what an object came, and what came of it
    Lineage(LineageArgs),
    /// Show runs side by side, and what differs
    Compare(CompareArgs),
    /// Show which steps of the lifecycle are documented, model by model
    Coverage(CoverageArgs),
    /// Write the governance report: model by model, verdict, evidence, lineage and findings
    Report(Box<ReportArgs>),
    /// Attest that a run executed its pipeline, and verify that
    Attest(AttestArgs),
    /// Serve an editor: the language server, over standard input and output
    Server {
        /// Accepted since editors pass it: there is no other way
        #[arg(long)]
        stdio: bool,
    },
    /// Seal logs, verify them, and prove single records
    Logs(LogsArgs),
    /// Generate files for other tools from what documents say
    Generate(GenerateArgs),
    /// Print the first version of a data schema, inferred from data
    Infer(Box<InferArgs>),
    /// Find rows, or values of a field, that are in two files of data
    Overlap(OverlapArgs),
    /// Print the statistics of data as a profile, or add profiles up
    Profile(Box<ProfileArgs>),
    /// Print the digest of what documents say, whatever they look like
    Digest(DigestArgs),
    /// Create a document of a kind or, with --project, a whole project
    Init(InitArgs),
    /// Print the manual as a page of man, or write all of its pages
    Man(ManArgs),
    /// Print what makes a shell complete commands, options and names of rules
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Which files are checked, and how they are read.
#[derive(Clone, Debug, Args)]
pub(super) struct FileArgs {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// The name of standard input in reports
    #[arg(long, value_name = "PATH", default_value = "<stdin>", help_heading = "Files")]
    pub stdin_filename: String,
    /// The kind of every document that does not name its own
    #[arg(long, value_parser = kind(), help_heading = "Files")]
    pub kind: Option<Kind>,
    /// Also check files that git or .ignore files ignore
    #[arg(long, help_heading = "Files")]
    pub no_gitignore: bool,
    /// Also apply --exclude, or `exclude` of the configuration, to files that are named on the command line
    #[arg(long, help_heading = "Files")]
    pub force_exclude: bool,
    /// Do not check files and folders that match this glob, relative to the working folder; replaces `exclude` of the configuration
    #[arg(long, value_name = "GLOB", help_heading = "Files")]
    pub exclude: Vec<String>,
    /// Report larger files without reading them
    #[arg(long, value_name = "SIZE", default_value = "16M", value_parser = size, help_heading = "Files")]
    pub max_file_size: u64,
}

impl FileArgs {
    /// Returns what `check` takes for a folder without options.
    pub fn of_folder(folder: PathBuf) -> Self {
        Self {
            paths: vec![folder],
            stdin_filename: "<stdin>".to_owned(),
            kind: None,
            no_gitignore: false,
            force_exclude: false,
            exclude: Vec::new(),
            max_file_size: 16 << 20,
        }
    }
}

#[derive(Clone, Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub files: FileArgs,
    /// Apply safe fixes
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// Show what --fix would change, without changing anything
    #[arg(long, help_heading = "Fixes", conflicts_with_all = ["fix", "write_baseline"])]
    pub diff: bool,
    /// With --fix or --diff, include fixes that may change the meaning
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,
    /// Report only these rules, whatever the configuration says: ids, families or ALL, separated by commas. Files that cannot be read
    /// are always reported
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules", add = ArgValueCandidates::new(selectors))]
    pub select: Vec<Selector>,
    /// Do not report these rules; the narrower of --select and --ignore wins
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules", add = ArgValueCandidates::new(selectors))]
    pub ignore: Vec<Selector>,
    /// The format; may be repeated, each with its own --output. Default: human on a terminal, github in GitHub Actions, else concise
    #[arg(long, value_enum, help_heading = "Report", value_name = "FORMAT")]
    pub format: Vec<Format>,
    /// Write the report of the preceding --format to this file
    #[arg(short, long, help_heading = "Report", value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// The lowest severity that makes the exit code 1 [default: error, or the configuration's]
    #[arg(long, value_parser = severity(), help_heading = "Report", value_name = "SEVERITY")]
    pub fail_on: Option<Severity>,
    /// Exit with 0 even if there are findings
    #[arg(long, help_heading = "Report")]
    pub exit_zero: bool,
    /// Count the findings of each rule instead of listing them
    #[arg(long, help_heading = "Report", conflicts_with_all = ["diff", "write_baseline"])]
    pub statistics: bool,
    /// Print only the findings
    #[arg(short, long, help_heading = "Report", conflicts_with = "verbose")]
    pub quiet: bool,
    /// List the files and folders that were skipped, and why
    #[arg(short, long, help_heading = "Report")]
    pub verbose: bool,
    /// Print the effective settings and their origins instead of checking
    #[arg(long)]
    pub show_settings: bool,
    /// Also show suppressed findings
    #[arg(long, help_heading = "Report")]
    pub no_ignores: bool,
    /// Hide the findings that this file records
    #[arg(long, help_heading = "Report", value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Record all findings in this file
    #[arg(long, help_heading = "Report", value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
    /// Resolve references in this folder [default: the folder of the configuration, else of the git repository, else the PATHs]
    #[arg(long, value_name = "DIR", help_heading = "Files")]
    pub workspace: Option<PathBuf>,
    /// Compare with this git revision, or with the documents in this folder: reports forbidden changes (the rules `history/…`)
    #[arg(long, value_name = "REV|DIR", allow_hyphen_values = true, help_heading = "Files")]
    pub against: Option<String>,
    /// Check only the records of a log that begin in this range of bytes, A-B: the first byte, and the one after the last. Records of a part
    /// are not compared with each other
    #[arg(long, value_name = "A-B", value_parser = byte_range, help_heading = "Logs")]
    pub range: Option<ByteRange>,
    /// Print a summary of a log, or of the part of --range, for --merge. It holds the first lines in which something was found: keep it as you keep
    /// the log
    #[arg(long, conflicts_with_all = ["fix", "diff", "baseline", "write_baseline", "against"], help_heading = "Logs")]
    pub summary: bool,
    /// The PATHs are summaries of the parts of a log, in their order: report what one machine finds in all of it
    #[arg(long, conflicts_with_all = ["fix", "diff", "baseline", "write_baseline", "against", "summary", "range"], help_heading = "Logs")]
    pub merge: bool,
    /// Do not compare the records of logs with each other (`inference/request-correlation`, `request-repeated`, `record-duplicated`)
    #[arg(long, help_heading = "Logs")]
    pub no_cross_records: bool,
    /// Check data against this data schema: its name in the workspace, or its file [default: the one whose dataset has the data]
    #[arg(long, value_name = "SCHEMA", help_heading = "Data")]
    pub schema: Option<String>,
    /// Compare data with this profile, for the limits of `drift` and `skew` [default: the newest one of the schema's dataset]
    #[arg(long, value_name = "PROFILE", help_heading = "Data")]
    pub reference: Option<PathBuf>,
    /// Where the data is from, such as `training` or `serving`: some fields are only there
    #[arg(long, value_name = "NAME", help_heading = "Data")]
    pub environment: Option<String>,
    /// The files of data are the sets of a split, that of training first: no row, id or time may be in two of them
    #[arg(long, requires = "schema", help_heading = "Data")]
    pub splits: bool,
    /// Also skip files that are not MLSpec if they are named on the command line, as a pre-commit hook does
    #[arg(long, help_heading = "Files")]
    pub skip_unrelated: bool,
    /// Succeed if there is no MLSpec document
    #[arg(long, help_heading = "Files")]
    pub allow_empty: bool,
    /// The number of threads; 0 means one per core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = threads)]
    pub threads: usize,
}

/// Exit code: 0 pass or warn, 1 fail, 2 bad input or objectives that do not lint (nothing was judged), 3 unknown.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct GateArgs {
    #[command(subcommand)]
    pub command: Option<GateCommand>,
    /// The file with the objectives
    #[arg(required = true)]
    pub objectives: Option<PathBuf>,
    /// A run of the candidate
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub run: Vec<PathBuf>,
    /// An evaluation of the candidate [default: the newest one in the workspace that names the objectives or their model]
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub evaluation: Vec<PathBuf>,
    /// A test of the candidate on hold-back data [default: as for --evaluation]
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub test: Vec<PathBuf>,
    /// A log of inference records of the deployed model: what objectives say of data of `stage: monitoring` is read from its records.
    /// Several are taken together
    #[arg(long, value_name = "FILE", conflicts_with_all = ["self_test", "explain"], help_heading = "Evidence")]
    pub log: Vec<PathBuf>,
    /// A run, evaluation or test of the baseline [default: the run that the objectives name]
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub baseline: Vec<PathBuf>,
    /// Compare with --baseline although the objectives name another one; the verdict says so
    #[arg(long, requires = "baseline", help_heading = "Evidence")]
    pub override_baseline: bool,
    /// Ignore evidence that does not identify the measured file ('modelDigest')
    #[arg(long, help_heading = "Evidence")]
    pub require_digest: bool,
    /// Find documents in this folder [default: the folder of the configuration, else of the git repository]
    #[arg(long, value_name = "DIR", help_heading = "Evidence")]
    pub workspace: Option<PathBuf>,
    /// The day or instant at which waivers and time windows are evaluated [default: the newest record; with --max-age: now]
    #[arg(long, value_name = "DATE", help_heading = "Evidence")]
    pub as_of: Option<AsOf>,
    /// Ignore evidence older than this, such as 30d or 12h
    #[arg(long, value_name = "AGE", help_heading = "Evidence")]
    pub max_age: Option<MaxAge>,
    /// Do not read larger files
    #[arg(long, value_name = "SIZE", default_value = "16M", value_parser = size, help_heading = "Evidence")]
    pub max_file_size: u64,
    /// Judge and report, but exit with 0 whatever the verdict
    #[arg(long, help_heading = "Verdict")]
    pub dry_run: bool,
    /// The mildest verdict for which the exit code is not 0
    #[arg(long, value_enum, default_value_t = GateThreshold::Unknown, help_heading = "Verdict", value_name = "VERDICT")]
    pub fail_on: GateThreshold,
    /// The format; may be repeated, each with its own --output. Default: human, in GitHub Actions github
    #[arg(long, value_enum, help_heading = "Verdict", value_name = "FORMAT")]
    pub format: Vec<GateFormat>,
    /// Write the report of the preceding --format to this file
    #[arg(short, long, help_heading = "Verdict", value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Explain each objective, with the bounds that follow from the baseline, without judging
    #[arg(long, conflicts_with_all = ["self_test", "attest", "format", "output", "dry_run", "subject"], help_heading = "Objectives")]
    pub explain: bool,
    /// Run the tests that the objectives contain
    #[arg(long, conflicts_with_all = ["attest", "format", "output", "dry_run", "subject"], help_heading = "Objectives")]
    pub self_test: bool,
    /// With --self-test: push each metric past its threshold, and name the objectives that never block
    #[arg(long, requires = "self_test", help_heading = "Objectives")]
    pub mutate: bool,
    /// Write the verdict to this file as a signed attestation
    #[arg(
        long,
        value_name = "FILE",
        requires = "key",
        requires = "subject",
        conflicts_with = "dry_run",
        help_heading = "Attestation"
    )]
    pub attest: Option<PathBuf>,
    /// Write the verdict to this file as an unsigned predicate, for tools that sign: `cosign attest-blob`, `actions/attest`
    #[arg(
        long,
        value_name = "FILE",
        requires = "subject",
        conflicts_with_all = ["dry_run", "explain", "self_test"],
        help_heading = "Attestation"
    )]
    pub predicate: Option<PathBuf>,
    /// What is to be deployed, such as the file of the model
    #[arg(long, value_name = "FILE", help_heading = "Attestation")]
    pub subject: Vec<PathBuf>,
    /// The ed25519 private key for signing (PKCS#8, PEM)
    #[arg(long, value_name = "FILE", requires = "attest", help_heading = "Attestation")]
    pub key: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum GateCommand {
    /// Verify the signature of an attestation, the digests of the judged files, and the verdict, by judging again
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The attestation
    pub attestation: PathBuf,
    /// The ed25519 public key of the signer (PEM)
    #[arg(long, value_name = "FILE", required_unless_present = "bundle")]
    pub key: Option<PathBuf>,
    /// The attestation is a Sigstore bundle, or several, one per line. Without --key its signature is not verified, and its certificates
    /// never are: let `cosign` or `gh` do that first
    #[arg(long)]
    pub bundle: bool,
    /// What is about to be deployed: verified only if it is what was attested, under any name
    #[arg(long, value_name = "FILE")]
    pub subject: Vec<PathBuf>,
    /// Deny if the objectives are not this file
    #[arg(long, value_name = "FILE")]
    pub objectives: Option<PathBuf>,
    /// Deny if the SHA-256 of the objectives is not this one
    #[arg(long, value_name = "SHA256")]
    pub objectives_digest: Option<String>,
    /// Deny if any evaluation, test or run of the candidate is older than this, such as 30d
    #[arg(long, value_name = "AGE")]
    pub max_age: Option<MaxAge>,
    /// The mildest verdict for which the exit code is not 0, as it was given to the gate
    #[arg(long, value_enum, default_value_t = GateThreshold::Unknown, value_name = "VERDICT")]
    pub fail_on: GateThreshold,
    /// The day at which waivers and --max-age are evaluated [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<AsOf>,
    /// Find the files that the attestation names in this folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Do not read larger files
    #[arg(long, value_name = "SIZE", default_value = "16M", value_parser = size)]
    pub max_file_size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum GateThreshold {
    /// warn and worse: exit 1, unknown: exit 3
    Warn,
    /// unknown: exit 3, fail: exit 1
    Unknown,
    /// fail only: exit 1
    Fail,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GateFormat {
    /// For people: value, bound and margin of each claim
    Human,
    /// The verdict, described by schemas/verdict.schema.json
    Json,
    /// Workflow commands that annotate a pull request on GitHub
    Github,
    /// A table for the summary of a job or a comment
    Markdown,
    /// JUnit XML, an objective per test case
    Junit,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule, such as `naming/id-too-long`, or a family, such as `naming`
    #[arg(add = ArgValueCandidates::new(rules_and_families))]
    pub rule: String,
    /// The output format. Default: human on a terminal, else markdown
    #[arg(long, value_enum)]
    pub format: Option<PageFormat>,
}

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// Only this rule or family
    #[arg(add = ArgValueCandidates::new(rules_and_families))]
    pub selector: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub format: TextFormat,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// A kind; or `mlspec` (all kinds), `mlspec-lint` (the configuration), `report` (the JSON report), `statistics` (as JSON), `verdict`
    /// (of the gate)
    #[arg(default_value = "mlspec")]
    pub name: String,
    /// Write every schema into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command, such as `gate verify` [default: the page of the whole program]
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct KindsArgs {
    #[command(flatten)]
    pub files: FileArgs,
    /// The output format
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub format: TextFormat,
}

#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    /// The file; `-` is standard input
    pub file: PathBuf,
    /// The format of the drawing
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub format: GraphFormat,
    /// Write the drawing to this file
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The kind of every document that does not name its own
    #[arg(long, value_parser = kind())]
    pub kind: Option<Kind>,
    /// Do not read larger files
    #[arg(long, value_name = "SIZE", default_value = "16M", value_parser = size)]
    pub max_file_size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    /// Mermaid, for Markdown
    Mermaid,
    /// DOT, for Graphviz
    Dot,
    /// An image
    Svg,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The kind
    #[arg(value_parser = kind())]
    pub kind: Option<Kind>,
    /// The name of the described object
    #[arg(long, requires = "kind")]
    pub name: Option<String>,
    /// Write a small project of this name, which checks clean and passes its gate, instead of a document
    #[arg(long, value_name = "NAME", conflicts_with = "kind")]
    pub project: Option<String>,
    /// Write to this file; with --project, to this folder [default: standard output; a folder of the project's name]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite files
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TextFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PageFormat {
    /// For a terminal
    Human,
    /// As it is published
    Markdown,
    Json,
}

/// Parses a kind, so that help lists the kinds, shells complete them, and typos get a suggestion.
pub(super) fn kind() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::ALL.iter().map(|kind| kind.name());
    PossibleValuesParser::new(names).try_map(|name| Kind::by_name(&name).ok_or("not a kind"))
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    let all = [Severity::Error, Severity::Warning, Severity::Info];
    let by_name = move |name: String| all.into_iter().find(|severity| severity.name() == name).ok_or("not a severity");
    PossibleValuesParser::new(all.map(Severity::name)).try_map(by_name)
}

/// The most useful number of threads; starting many more takes longer than they save.
const MOST_THREADS: usize = 256;

fn threads(text: &str) -> Result<usize, String> {
    let number: Option<usize> = text.parse().ok();
    number.filter(|number| *number <= MOST_THREADS).ok_or_else(|| format!("use a number from 0 to {MOST_THREADS}"))
}

/// Parses a range of bytes.
fn byte_range(text: &str) -> Result<ByteRange, String> {
    let number = |part: &str| part.trim().parse::<u64>().ok();
    let range = text.split_once('-').and_then(|(start, end)| {
        let end = if end.trim().is_empty() { u64::MAX } else { number(end)? };
        Some(ByteRange { start: number(start)?, end })
    });
    match range {
        Some(range) if range.start < range.end => Ok(range),
        Some(_) => Err("the range is empty: the end comes after the start".to_owned()),
        None => Err("expected two numbers of bytes, as in 0-1048576, or one and a hyphen".to_owned()),
    }
}

/// Parses a number of bytes with an optional K, M or G (powers of 1024).
pub(super) fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        unit => return Err(format!("'{unit}' is not a unit of size; use K, M or G")),
    };
    let number: u64 = digits.parse().map_err(|_| "use a number and an optional K, M or G".to_owned())?;
    number.checked_mul(unit).filter(|bytes| *bytes <= 1 << 31).ok_or_else(|| "the maximum is 2G".to_owned())
}
