//! `logs`: seals of logs, their verification, and proofs of single records.

mod prove;
mod seal;
mod verify;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::log_seal_args::{LogsArgs, LogsCommand};
use super::{Error, Exit, signed};
use crate::objectives::attest::{VerifyingKey, open_as, payload_digest};
use crate::seal::{LogSeal, SealedRecords, read_records};
use crate::text::visible;

pub(super) fn run(args: &LogsArgs) -> Result<Exit, Error> {
    match &args.command {
        LogsCommand::Seal(args) => seal::run(args),
        LogsCommand::Verify(args) => verify::run(args),
        LogsCommand::Prove(args) => prove::run(args),
    }
}

/// The size limit of a seal: one of 10⁹ records has 15,259 roots, in about 1 MiB. A proof holds one, and a record.
const MOST_SEAL_BYTES: u64 = 64 << 20;

/// Returns the name of the file beside a log that ends so.
fn beside(log: &Path, end: &str) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn seal_of(log: &Path) -> PathBuf {
    beside(log, ".seal.json")
}

fn leaves_of(log: &Path) -> PathBuf {
    beside(log, ".seal.leaves")
}

fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

/// Returns a number of records with its noun.
fn counted(records: u64) -> String {
    format!("{records} record{}", if records == 1 { "" } else { "s" })
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File { path: shown(path), source }
}

/// A seal whose signature is verified.
struct OpenedSeal {
    seal: LogSeal,
    /// The SHA-256 of its payload, by which the next seal names it.
    digest: String,
    /// The name of the file when it was sealed.
    name: String,
}

/// Reads the seal of a log. What is inside on the second level is why it is not trusted.
fn open_seal(log: &Path, key: &VerifyingKey) -> Result<Result<OpenedSeal, String>, Error> {
    let path = seal_of(log);
    if !path.exists() {
        return Ok(Err(format!("{} is not sealed: there is no {}", shown(log), shown(&path))));
    }
    let (name, envelope) = super::gate::read_text(&path, MOST_SEAL_BYTES)?;
    let opened = open_as::<LogSeal>(envelope.as_bytes(), key)
        .and_then(|statement| Ok((statement, payload_digest(envelope.as_bytes())?)));
    Ok(match opened {
        Ok((statement, digest)) => {
            let sealed = statement.subjects().first().map_or("", |subject| subject.name()).to_owned();
            Ok(OpenedSeal { seal: statement.predicate().clone(), digest, name: sealed })
        }
        Err(error) => Err(format!("{}: {error}", visible(&name))),
    })
}

/// The size of the pieces in which a log is read.
const CHUNK: usize = 1 << 18;

fn open_log(log: &Path) -> Result<BufReader<File>, Error> {
    let file = File::open(log).map_err(|error| failed(log, error))?;
    let metadata = file.metadata().map_err(|error| failed(log, error))?;
    if !metadata.is_file() {
        return Err(Error::Usage(format!("{} is not a regular file", shown(log))));
    }
    Ok(BufReader::with_capacity(CHUNK, file))
}

/// Reads all records of a log once.
fn read_log(log: &Path) -> Result<SealedRecords, Error> {
    read_records(open_log(log)?, &mut ()).map_err(|error| failed(log, error))
}

fn public_key(path: &Path) -> Result<VerifyingKey, Error> {
    signed::verifying_key(path)
}
