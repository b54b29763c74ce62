//! The arguments of the commands that tell others: `attest` and `generate`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::args::{FileArgs, size};
use crate::objectives::as_of::{AsOf, MaxAge};

#[derive(Debug, Args)]
pub(super) struct AttestArgs {
    #[command(subcommand)]
    pub command: AttestCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum AttestCommand {
    /// Attest that a run executed its pipeline: what it made, of what, and how. Nothing is attested that failed or does not conform
    Run(Box<AttestRunArgs>),
    /// Verify the signature of such an attestation, the digests of its files, and what it says, by looking at the documents again
    Verify(Box<AttestVerifyArgs>),
    /// Verify the signatures and attestations that documents name: what they are about, and by which key
    Files(Box<AttestFilesArgs>),
}

/// Exit code: 0 all are verified, 1 one is not, 2 wrong usage, or no document names one.
#[derive(Debug, Args)]
pub(super) struct AttestFilesArgs {
    #[command(flatten)]
    pub files: FileArgs,
    /// An ed25519 public key that may have signed (PEM)
    #[arg(long, value_name = "FILE", required = true, help_heading = "Attestation")]
    pub key: Vec<PathBuf>,
}

/// Exit code: 0 attested, 1 the run failed, does not conform to its pipeline, or nothing can be said of it, 2 wrong usage, 3 a file could
/// not be written.
#[derive(Debug, Args)]
pub(super) struct AttestRunArgs {
    /// The run of a pipeline, by id or name, or its file
    pub run: String,
    #[command(flatten)]
    pub files: FileArgs,
    /// The platform that executed the run, as a URI: documents do not say it, and verifiers ask for it
    #[arg(long, value_name = "URI", help_heading = "Attestation")]
    pub builder: String,
    /// Compare the artifacts with the files in this folder, under their paths in their stores; what is there needs no digest in a document
    #[arg(long, value_name = "DIR", help_heading = "Attestation")]
    pub artifacts: Option<PathBuf>,
    /// Write the signed attestation to this file
    #[arg(
        short,
        long,
        value_name = "FILE",
        requires = "key",
        required_unless_present = "predicate",
        help_heading = "Attestation"
    )]
    pub output: Option<PathBuf>,
    /// Write the predicate to this file, unsigned, for tools that sign: `cosign attest-blob`, `actions/attest`
    #[arg(long, value_name = "FILE", help_heading = "Attestation")]
    pub predicate: Option<PathBuf>,
    /// The ed25519 private key for signing (PKCS#8, PEM)
    #[arg(long, value_name = "FILE", requires = "output", help_heading = "Attestation")]
    pub key: Option<PathBuf>,
}

/// Exit code: 0 verified, 1 not, 2 wrong usage.
#[derive(Debug, Args)]
pub(super) struct AttestVerifyArgs {
    /// The attestation
    pub attestation: PathBuf,
    /// The ed25519 public key of the signer (PEM)
    #[arg(long, value_name = "FILE", required_unless_present = "bundle")]
    pub key: Option<PathBuf>,
    /// The attestation is a Sigstore bundle, or several, one per line. Without --key its signature is not verified, and its certificates
    /// never are: let `cosign` or `gh` do that first
    #[arg(long)]
    pub bundle: bool,
    /// What is about to be used: verified only if the run made it, under any name
    #[arg(long, value_name = "FILE")]
    pub subject: Vec<PathBuf>,
    /// Deny unless it is about this run, by id
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Deny unless this platform executed the run
    #[arg(long, value_name = "URI")]
    pub builder: Option<String>,
    /// Deny unless the run executed what the pipeline in this file says
    #[arg(long, value_name = "FILE")]
    pub pipeline: Option<PathBuf>,
    /// Deny unless the pipeline has this digest, as `mlspec-lint digest` prints it
    #[arg(long, value_name = "SHA256")]
    pub pipeline_digest: Option<String>,
    /// Compare all artifacts with the files in this folder, under their paths in their stores
    #[arg(long, value_name = "DIR")]
    pub artifacts: Option<PathBuf>,
    /// Deny if the run was submitted longer ago than this, such as 30d
    #[arg(long, value_name = "AGE")]
    pub max_age: Option<MaxAge>,
    /// The time at which --max-age is evaluated [default: now]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<AsOf>,
    /// Find the documents that the attestation names in this folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Do not read larger documents
    #[arg(long, value_name = "SIZE", default_value = "16M", value_parser = size)]
    pub max_file_size: u64,
}

#[derive(Debug, Args)]
pub(super) struct GenerateArgs {
    #[command(subcommand)]
    pub what: GenerateWhat,
}

#[derive(Debug, Subcommand)]
pub(super) enum GenerateWhat {
    /// How a platform asks deployed models how they are, from documents of kind monitoring
    Probes(Box<ProbesArgs>),
}

/// Exit code: 0 everything was generated, or the manifests agree; 1 something is not known and was left out, or a manifest differs; 2 wrong
/// usage.
#[derive(Debug, Args)]
pub(super) struct ProbesArgs {
    #[command(flatten)]
    pub files: FileArgs,
    /// For which platform
    #[arg(long, value_enum, default_value_t = ProbesFormat::Kubernetes, value_name = "PLATFORM", help_heading = "Report")]
    pub format: ProbesFormat,
    /// Write to this file [default: standard output]
    #[arg(short, long, value_name = "FILE", help_heading = "Report")]
    pub output: Option<PathBuf>,
    /// Write nothing, and tell how this manifest differs from what would be written; may be repeated
    #[arg(long, value_name = "MANIFEST", conflicts_with = "output", help_heading = "Report")]
    pub check: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ProbesFormat {
    /// A strategic merge patch with liveness and readiness probes, for `kubectl patch` and kustomize
    Kubernetes,
    /// Scrape configurations
    Prometheus,
}
