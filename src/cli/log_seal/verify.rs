//! `logs verify`

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::{MOST_SEAL_BYTES, counted, failed, leaves_of, open_log, open_seal, public_key, read_log, shown};
use crate::cli::gate::read_text;
use crate::cli::log_seal_args::VerifyLogsArgs;
use crate::cli::signed::denied;
use crate::cli::{Error, Exit, output};
use crate::objectives::attest::{VerifyingKey, open_as};
use crate::seal::merkle::{Hash, MerkleTree};
use crate::seal::{InclusionProof, LogSeal, RecordChange, SealedRecords, changes, hex, read_records};
use crate::text::{Markup, visible};

pub(super) fn run(args: &VerifyLogsArgs) -> Result<Exit, Error> {
    let key = public_key(&args.key)?;
    if let Some(proof) = &args.proof {
        return verify_proof(proof, &key);
    }
    let (mut sequence, mut previous) = (0, None);
    if let Some(before) = &args.after {
        match open_seal(before, &key)? {
            Ok(before) => (sequence, previous) = (before.seal.sequence, Some(before.digest)),
            Err(why) => return Ok(denied(&why)),
        }
    }
    let mut exit = Exit::Clean;
    for log in &args.files {
        let own = match open_seal(log, &key)? {
            Ok(own) => own,
            Err(why) => return Ok(denied(&why)),
        };
        sequence += 1;
        if let Some(why) = out_of_chain(&own.seal, sequence, previous.as_deref()) {
            return Ok(denied(&format!("{}: {why}", shown(log))));
        }
        previous = Some(own.digest);
        let records = read_log(log)?;
        if hex(&records.root) == own.seal.root && records.records == own.seal.records {
            // What was sealed under another name may be the log of another service.
            let is_own_name = log.file_name().is_some_and(|name| name.to_string_lossy() == own.name);
            let under = if is_own_name { String::new() } else { format!(", under the name {}", visible(&own.name)) };
            output::to_stdout(Markup::Plain, |out| {
                writeln!(out, "{}: {} as sealed{under}", shown(log), counted(records.records))
            })?;
            continue;
        }
        // The files after it are looked at, too: an auditor wants to know which of them can be used.
        exit = Exit::Findings;
        for why in differences(log, &own.seal, &records)? {
            denied(&format!("{}: {why}", shown(log)));
        }
    }
    if let Some(head) = &args.head
        && previous.as_deref() != Some(head.trim())
    {
        return Ok(denied(
            "the last of these files is not the one with this head: files after it are missing, or were sealed anew",
        ));
    }
    Ok(exit)
}

/// Returns why a seal is not the next one of its chain.
fn out_of_chain(seal: &LogSeal, sequence: u64, previous: Option<&str>) -> Option<String> {
    if seal.sequence != sequence {
        let own = seal.sequence;
        return Some(if sequence == 1 {
            format!("is number {own} of its chain; name the files before it, or the one before it with --after")
        } else {
            format!(
                "is number {own} of its chain, and number {sequence} was expected: a file is missing, twice, or in the wrong place"
            )
        });
    }
    (seal.previous.as_deref() != previous)
        .then(|| "was sealed after another file than the one before it here".to_owned())
}

/// How many changes are told.
const MOST_TOLD: usize = 20;

/// How many records, after those that a file begins with as sealed, are compared one by one.
const MOST_COMPARED: usize = 1 << 20;

/// Returns how a log differs from its seal.
fn differences(log: &Path, seal: &LogSeal, now: &SealedRecords) -> Result<Vec<String>, Error> {
    let mut said = Vec::new();
    if now.records != seal.records {
        said.push(format!("has {}, and {} were sealed", counted(now.records), seal.records));
    }
    match sealed_leaves(log, seal)? {
        Some(Leaves::Trusted) => said.extend(named(log)?),
        found => {
            if matches!(found, Some(Leaves::Other)) {
                said.push(format!("{} is not what was written when it was sealed", shown(&leaves_of(log))));
            }
            said.push(in_blocks(seal, now));
        }
    }
    Ok(said)
}

/// Tells in which part of a file the first difference is.
fn in_blocks(seal: &LogSeal, now: &SealedRecords) -> String {
    let differs = |(at, own): &(usize, &String)| now.blocks.get(*at).map(hex).as_ref() != Some(own);
    let first = seal.blocks.roots.iter().enumerate().find(differs).map_or(seal.blocks.roots.len(), |(at, _)| at);
    let from = (first as u64).saturating_mul(seal.blocks.size).saturating_add(1);
    let to = from.saturating_add(seal.blocks.size - 1).min(seal.records.max(now.records)).max(from);
    format!("the first record that was removed, added or altered is one of {from} to {to}")
}

enum Leaves {
    /// Their tree has the root that was signed.
    Trusted,
    Other,
}

/// Returns whether the digests of the records that stand beside a log are those that were sealed; `None` if there are none.
fn sealed_leaves(log: &Path, seal: &LogSeal) -> Result<Option<Leaves>, Error> {
    let path = leaves_of(log);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(&path, error)),
    };
    let (mut leaves, mut tree) = (LeafReader(BufReader::new(file)), MerkleTree::default());
    while let Some(leaf) = leaves.next().map_err(|error| failed(&path, error))? {
        tree.push(leaf);
    }
    let is_own = tree.len() == seal.records && hex(&tree.root()) == seal.root;
    Ok(Some(if is_own { Leaves::Trusted } else { Leaves::Other }))
}

/// Reads the digests of records one after another.
struct LeafReader(BufReader<File>);

impl LeafReader {
    fn next(&mut self) -> io::Result<Option<Hash>> {
        let mut leaf = Hash::default();
        match self.0.read_exact(&mut leaf) {
            Ok(()) => Ok(Some(leaf)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Names the records that were removed, added, altered or moved.
fn named(log: &Path) -> Result<Vec<String>, Error> {
    let path = leaves_of(log);
    let mut sealed = LeafReader(BufReader::new(File::open(&path).map_err(|error| failed(&path, error))?));
    let (mut first, mut old, mut new) = (None, Vec::new(), Vec::new());
    let mut is_long = false;
    let mut compare = |index: u64, leaf: &Hash| {
        let own = if old.len() < MOST_COMPARED { sealed.next()? } else { None };
        if first.is_none() && own != Some(*leaf) {
            first = Some(index);
        }
        if first.is_some() {
            old.extend(own);
            if new.len() < MOST_COMPARED { new.push(*leaf) } else { is_long = true }
        }
        Ok(())
    };
    let records = read_records(open_log(log)?, &mut compare).map_err(|error| failed(log, error))?;
    while old.len() < MOST_COMPARED
        && let Some(leaf) = sealed.next().map_err(|error| failed(&path, error))?
    {
        old.push(leaf);
    }
    let first = first.unwrap_or(records.records) + 1;
    if is_long || old.len() >= MOST_COMPARED {
        return Ok(vec![format!(
            "record {first} is the first that differs; those after it are too many to be compared"
        )]);
    }
    // What both end with is as it was.
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    old.truncate(old.len() - same);
    new.truncate(new.len() - same);
    let found = changes(first, &old, &new).changes;
    let mut said: Vec<String> = found.iter().take(MOST_TOLD).map(worded).collect();
    if found.len() > MOST_TOLD {
        said.push(format!("and {} more records", found.len() - MOST_TOLD));
    }
    Ok(said)
}

fn worded(change: &RecordChange) -> String {
    let now = |old: u64, new: u64| if old == new { String::new() } else { format!(", which is now number {new}") };
    match *change {
        RecordChange::Removed(old) => format!("record {old} was removed"),
        RecordChange::Added(new) => format!("record {new} was added"),
        RecordChange::Altered(old, new) => format!("record {old}{} was altered", now(old, new)),
        RecordChange::Moved(old, new) => format!("record {old} was moved, and is now number {new}"),
    }
}

/// Verifies the proof of one record.
fn verify_proof(path: &Path, key: &VerifyingKey) -> Result<Exit, Error> {
    let (name, text) = read_text(path, MOST_SEAL_BYTES)?;
    let proof: InclusionProof = match serde_json::from_str(&text) {
        Ok(proof) => proof,
        Err(error) => return Ok(denied(&format!("{} is not a proof: {error}", visible(&name)))),
    };
    let statement = match open_as::<LogSeal>(proof.seal.to_string().as_bytes(), key) {
        Ok(statement) => statement,
        Err(error) => return Ok(denied(&format!("{}: {error}", visible(&name)))),
    };
    let seal = statement.predicate();
    if let Err(error) = proof.check(seal) {
        return Ok(denied(&format!("{}: {error}", visible(&name))));
    }
    let file = statement.subjects().first().map_or("", |subject| subject.name());
    let written = output::to_stdout(Markup::Plain, |out| {
        writeln!(out, "record {} of {} is as sealed, one of {}:", proof.record, visible(file), seal.records)?;
        writeln!(out, "{}", visible(&proof.text))
    });
    Exit::Clean.after(written)
}
