//! `digest`: the digest of what a document says, or of the bytes of a file.

use std::io::Read;
use std::path::Path;

use super::args::Global;
use super::gate::digest_of;
use super::inputs::config_for;
use super::lineage_args::DigestArgs;
use super::{Error, Exit, output};
use crate::analysis::{self, Options};
use crate::digest::{bytes_digest, canonical, content_digest};
use crate::files::{self, FileToCheck};
use crate::text::{Markup, visible};

/// What a document says, and its name in the output.
type Said = (String, String);

pub(super) fn run(args: &DigestArgs, global: &Global) -> Result<Exit, Error> {
    let mut lines: Vec<Said> = Vec::new();
    for path in &args.files {
        let name = path.to_string_lossy().replace('\\', "/");
        match args.raw {
            true => lines.push((raw(path, args.max_file_size)?, name)),
            false => add(path, &name, args, global, &mut lines)?,
        }
    }
    if args.canonical {
        let [(canonical, _)] = lines.as_slice() else {
            return Err(Error::Usage(format!("--canonical prints one document, and there are {}", lines.len())));
        };
        return Exit::Clean.after(output::to_stdout_raw(|out| out.write_all(canonical.as_bytes())));
    }
    let written = output::to_stdout(Markup::Plain, |out| {
        lines.iter().try_for_each(|(digest, name)| writeln!(out, "{digest}  {}", visible(name)))
    });
    Exit::Clean.after(written)
}

/// Returns the digest of a file's bytes. Models are large, so they are not read into memory.
fn raw(path: &Path, limit: u64) -> Result<String, Error> {
    match path.as_os_str() == "-" {
        true => Ok(bytes_digest(&stdin(limit)?)),
        false => Ok(format!("sha256:{}", digest_of(path)?)),
    }
}

fn stdin(limit: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(Error::Usage(format!("standard input has more than {limit} bytes"))),
        false => Ok(bytes),
    }
}

/// Adds the digests of the documents of a file.
fn add(path: &Path, name: &str, args: &DigestArgs, global: &Global, lines: &mut Vec<Said>) -> Result<(), Error> {
    let is_stdin = path.as_os_str() == "-";
    let config = config_for(global, if is_stdin { Path::new(".") } else { path })?;
    let bytes = match is_stdin {
        true => stdin(args.max_file_size)?,
        false => {
            let file = FileToCheck { name: name.to_owned(), path: path.to_owned(), explicit: true };
            files::read(&file, args.max_file_size).map_err(|problem| Error::Usage(problem.to_string()))?
        }
    };
    let text = String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{name} is not UTF-8")))?;
    let options = Options { config: &config, kind: args.kind, ..Options::default() };
    let read = analysis::unchecked(name, &text, &options);
    let problems = read.members.first().map(|member| member.tree.documents());
    // What is read in more than one way has no digest: the last of two equal keys, an alias of nothing.
    if read.unread.is_some() || problems.is_some_and(|all| all.iter().any(|document| !document.problems.is_empty())) {
        let why = "has documents that are not valid YAML, and no digest; `mlspec-lint check` shows where";
        return Err(Error::Usage(format!("{name} {why}")));
    }
    if read.members.is_empty() {
        return Err(Error::Usage(format!("{name} contains no MLSpec document; --raw digests its bytes")));
    }
    let is_alone = read.members.iter().all(|member| member.tree.documents().len() == 1);
    for member in &read.members {
        let place = if is_alone { name.to_owned() } else { format!("{name}#{}", member.position) };
        let said = if args.canonical { canonical } else { content_digest };
        lines.push((said(&member.tree, member.root), place));
    }
    Ok(())
}
