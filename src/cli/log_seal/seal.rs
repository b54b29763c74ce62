//! `logs seal`

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::{counted, failed, leaves_of, open_log, open_seal, seal_of, shown};
use crate::cli::log_seal_args::SealArgs;
use crate::cli::{Error, Exit, output, signed};
use crate::files::{self, FileCompression};
use crate::objectives::attest::{AttestedFile, SigningKey, Statement, payload_digest, sign};
use crate::seal::merkle::Hash;
use crate::seal::{LogSeal, SealedRecords, hex, read_records};
use crate::text::Markup;

pub(super) fn run(args: &SealArgs) -> Result<Exit, Error> {
    let key = signed::signing_key(&args.key)?;
    for (index, log) in args.files.iter().enumerate() {
        if args.files.iter().take(index).any(|other| files::are_same(other, log)) {
            return Err(Error::Usage(format!("{} is named twice; a file is sealed once", shown(log))));
        }
        // Before the first one is sealed: of a chain that is begun, nobody would see the head.
        drop(open_log(log)?);
        if FileCompression::of_name(&log.to_string_lossy()).0 != FileCompression::Plain {
            return Err(Error::Usage(format!(
                "{} is compressed, and its records are not its lines; seal the log before it is compressed",
                shown(log)
            )));
        }
        if seal_of(log).exists() {
            let why = "is sealed already, and a seal is never replaced; verify it with `logs verify`";
            return Err(Error::Usage(format!("{} {why}", shown(log))));
        }
    }
    let (mut sequence, mut previous) = match &args.after {
        Some(before) => {
            let before = open_seal(before, &key.verifying_key())?.map_err(Error::Usage)?;
            (before.seal.sequence, Some(before.digest))
        }
        None => {
            refuse_second_chain(args)?;
            (0, None)
        }
    };
    for log in &args.files {
        sequence += 1;
        let (records, envelope) = seal(log, sequence, previous.take(), &key, args.no_leaves)?;
        let digest = payload_digest(envelope.as_bytes()).map_err(|error| Error::Usage(error.to_string()))?;
        output::to_stdout(Markup::Plain, |out| {
            let times = match (&records.from, &records.to) {
                (Some(from), Some(to)) => format!(", {from} to {to}"),
                _ => String::new(),
            };
            writeln!(out, "{}: {} sealed{times}, number {sequence} of its chain", shown(log), counted(records.records))
        })?;
        previous = Some(digest);
    }
    let head = previous.unwrap_or_default();
    Exit::Clean.after(output::to_stdout(Markup::Plain, |out| writeln!(out, "head: {head}")))
}

/// Refuses to begin a chain where there is one already: two chains cannot show what is missing between them.
fn refuse_second_chain(args: &SealArgs) -> Result<(), Error> {
    let Some(folder) = args.files.first().filter(|_| !args.new_chain).map(|log| match log.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }) else {
        return Ok(());
    };
    let names = fs::read_dir(folder).map_err(|error| failed(folder, error))?.flatten();
    let sealed = names.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".seal.json").map(str::to_owned));
    match sealed.max() {
        None => Ok(()),
        Some(last) => Err(Error::Usage(format!(
            "there are sealed files in {} already, such as {last}: name the last of them with --after, or begin another chain with --new-chain",
            shown(folder)
        ))),
    }
}

/// Seals a file, and returns what it has and the envelope.
fn seal(
    log: &Path,
    sequence: u64,
    previous: Option<String>,
    key: &SigningKey,
    no_leaves: bool,
) -> Result<(SealedRecords, String), Error> {
    let leaves = leaves_of(log);
    let unfinished = super::beside(log, ".seal.leaves.part");
    let before = fs::metadata(log).map_err(|error| failed(log, error))?;
    let records = if no_leaves {
        super::read_log(log)?
    } else {
        let file = File::create(&unfinished).map_err(|error| failed(&unfinished, error))?;
        let mut out = BufWriter::new(file);
        let mut keep = |_: u64, leaf: &Hash| out.write_all(leaf);
        let read = read_records(open_log(log)?, &mut keep).and_then(|records| out.flush().map(|()| records));
        read.map_err(|error| {
            let _ = fs::remove_file(&unfinished);
            failed(log, error)
        })?
    };
    let after = fs::metadata(log).map_err(|error| failed(log, error))?;
    if before.len() != after.len() || before.modified().ok() != after.modified().ok() {
        let _ = fs::remove_file(&unfinished);
        return Err(Error::Usage(format!("{} changed while it was read; seal files that are closed", shown(log))));
    }
    let name = log.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let seal = records.seal(sequence, previous);
    let envelope = AttestedFile::new(name, hex(&records.sha256))
        .and_then(|subject| Statement::<LogSeal>::of(vec![subject], seal))
        .and_then(|statement| sign(&statement, key))
        .map_err(|error| Error::Usage(error.to_string()))?;
    if !no_leaves {
        fs::rename(&unfinished, &leaves).map_err(|error| failed(&leaves, error))?;
    }
    output::write_atomically(&seal_of(log), envelope.as_bytes())?;
    Ok((records, envelope))
}
