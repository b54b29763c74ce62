//! `logs prove`

use std::io::{self, BufRead};
use std::path::Path;

use super::{MOST_SEAL_BYTES, counted, failed, open_log, seal_of, shown};
use crate::cli::gate::read_text;
use crate::cli::log_seal_args::ProveArgs;
use crate::cli::signed::denied;
use crate::cli::{Error, Exit, output};
use crate::seal::merkle::{Hash, InclusionPath, leaf, root_of};
use crate::seal::{InclusionProof, read_records, unverified_root};
use crate::text::Markup;

/// The longest record that a proof can hold.
const LONGEST_RECORD: usize = 16 << 20;

pub(super) fn run(args: &ProveArgs) -> Result<Exit, Error> {
    let (log, index) = (&args.file, args.record - 1);
    let (name, envelope) = read_text(&seal_of(log), MOST_SEAL_BYTES)?;
    let seal: serde_json::Value =
        serde_json::from_str(&envelope).map_err(|error| Error::Usage(format!("{name} is no seal: {error}")))?;
    let mut path = InclusionPath::of(index);
    let mut keep = |_: u64, leaf: &Hash| {
        path.push(*leaf);
        Ok(())
    };
    let records = read_records(open_log(log)?, &mut keep).map_err(|error| failed(log, error))?;
    let Some(path) = path.finish() else {
        let why = format!("{} has {}, and no record {}", shown(log), counted(records.records), args.record);
        return Err(Error::Usage(why));
    };
    if unverified_root(&seal) != Some((records.root, records.records)) {
        return Ok(denied(&format!("{} is not as it was sealed; `logs verify` tells how it differs", shown(log))));
    }
    let text = record(log, index)?;
    // What is proved is what was read: the file may change in between.
    if root_of(leaf(text.as_bytes()), index, records.records, &path) != Some(records.root) {
        return Ok(denied(&format!("{} changed while it was read", shown(log))));
    }
    let file = log.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let proof = InclusionProof::new(file, args.record, text, &path, seal);
    let json = serde_json::to_string_pretty(&proof).map_err(|error| Error::Usage(error.to_string()))?;
    match &args.output {
        Some(output) => {
            output::refuse_overwriting(&[output], [log.as_path(), &seal_of(log)])?;
            output::write_atomically(output, format!("{json}\n").as_bytes())?;
            Ok(Exit::Clean)
        }
        None => Exit::Clean.after(output::to_stdout(Markup::Json, |out| writeln!(out, "{json}"))),
    }
}

/// Returns the text of a record, without its line break.
fn record(log: &Path, index: u64) -> Result<String, Error> {
    let mut input = open_log(log)?;
    for _ in 0..index {
        skip_line(&mut input).map_err(|error| failed(log, error))?;
    }
    let mut bytes = Vec::new();
    let limit = LONGEST_RECORD as u64 + 1;
    io::Read::take(&mut input, limit).read_until(b'\n', &mut bytes).map_err(|error| failed(log, error))?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    if bytes.len() > LONGEST_RECORD {
        return Err(Error::Usage("the record has more than 16 MiB, too much for a proof".to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| Error::Usage("the record is not UTF-8, and a proof is a text".to_owned()))
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let chunk = input.fill_buf()?;
        let (read, is_end) = match memchr::memchr(b'\n', chunk) {
            Some(at) => (at + 1, true),
            None => (chunk.len(), chunk.is_empty()),
        };
        input.consume(read);
        if is_end {
            return Ok(());
        }
    }
}
