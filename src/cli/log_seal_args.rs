//! The arguments of `logs`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(super) struct LogsArgs {
    #[command(subcommand)]
    pub command: LogsCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum LogsCommand {
    /// Seal files: sign which records they have, in which order, and which file came before each
    Seal(SealArgs),
    /// Verify that files are as they were sealed, and that none is missing between them
    Verify(VerifyLogsArgs),
    /// Prove that a sealed file has a record, without its other records
    Prove(ProveArgs),
}

/// Exit code: 0 sealed, 2 wrong usage, 3 a file could not be read or written.
#[derive(Debug, Args)]
pub(super) struct SealArgs {
    /// The files, the oldest first; nothing may be appended to them any more
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The ed25519 private key for signing (PKCS#8, PEM)
    #[arg(long, value_name = "KEY", help_heading = "Seal")]
    pub key: PathBuf,
    /// The sealed file that the first one continues
    #[arg(long, value_name = "FILE", conflicts_with = "new_chain", help_heading = "Seal")]
    pub after: Option<PathBuf>,
    /// Begin a chain, although other files beside these are sealed
    #[arg(long, help_heading = "Seal")]
    pub new_chain: bool,
    /// Do not write FILE.seal.leaves, by which `verify` names each record that was changed: 32 bytes a record
    #[arg(long, help_heading = "Seal")]
    pub no_leaves: bool,
}

/// Exit code: 0 verified, 1 not, and why, 2 wrong usage, 3 a file could not be read.
#[derive(Debug, Args)]
pub(super) struct VerifyLogsArgs {
    /// The sealed files, the oldest first
    #[arg(value_name = "FILE", required_unless_present = "proof")]
    pub files: Vec<PathBuf>,
    /// The ed25519 public key of the signer (PEM)
    #[arg(long, value_name = "KEY", help_heading = "Seal")]
    pub key: PathBuf,
    /// The sealed file that the first one continues; only its seal is read
    #[arg(long, value_name = "FILE", conflicts_with = "proof", help_heading = "Seal")]
    pub after: Option<PathBuf>,
    /// The head that `seal` printed last: without it, nobody can tell whether the last files were dropped
    #[arg(long, value_name = "SHA256", conflicts_with = "proof", help_heading = "Seal")]
    pub head: Option<String>,
    /// Verify the proof of one record instead of files
    #[arg(long, value_name = "PROOF", conflicts_with = "files", help_heading = "Seal")]
    pub proof: Option<PathBuf>,
}

/// Exit code: 0 proved, 1 the file is not as it was sealed, 2 wrong usage, 3 a file could not be read or written.
#[derive(Debug, Args)]
pub(super) struct ProveArgs {
    /// The sealed file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The number of the record, from 1
    #[arg(value_name = "RECORD", value_parser = clap::value_parser!(u64).range(1..))]
    pub record: u64,
    /// Write the proof to this file [default: standard output]
    #[arg(short, long, value_name = "PROOF")]
    pub output: Option<PathBuf>,
}
