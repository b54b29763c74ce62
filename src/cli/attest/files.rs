//! `attest files`: verify the signatures and attestations that documents name.

use std::path::Path;

use crate::analysis::Options;
use crate::cli::args::Global;
use crate::cli::attest_args::AttestFilesArgs;
use crate::cli::inputs::{inputs, load_config};
use crate::cli::loaded::load;
use crate::cli::named_files::Lookup;
use crate::cli::signed::{denied, verifying_key};
use crate::cli::{Error, Exit, output, workspace_context};
use crate::files::{self, FileToCheck};
use crate::objectives::attest::{VerifyingKey, inspect};
use crate::text::{Markup, visible};
use crate::workspace::{FileFault, Member, NamedContent, NamedFile};

pub(super) fn verify(args: &AttestFilesArgs, global: &Global) -> Result<Exit, Error> {
    let keys = args.key.iter().map(|path| verifying_key(path)).collect::<Result<Vec<_>, _>>()?;
    let index = load(&args.files, global)?;
    let config = load_config(global, &args.files)?;
    let checked = inputs(&args.files, &config)?.files;
    let root = workspace_context::root(&args.files, None, &config)?;
    let options = Options { config: &config, ..Options::default() };
    let mut lookup = Lookup::new(&args.files, options, root, &checked);
    let (mut said, mut exit) = (Vec::new(), Exit::Clean);
    for (_, member) in index.members() {
        for named in member.named_files().iter().filter(|named| named.content != NamedContent::Evidence) {
            match of_one(member, named, &mut lookup, &keys, args.files.max_file_size)? {
                Ok(keyid) => said.push(format!(
                    "verified: {} ({}) by the key {keyid}",
                    visible(named.path),
                    visible(member.file())
                )),
                Err(why) => exit = denied(&format!("{} ({}) {why}", visible(named.path), visible(member.file()))),
            }
        }
    }
    if said.is_empty() && exit == Exit::Clean {
        return Err(Error::Usage("no document names a signature or an attestation".to_owned()));
    }
    let written = output::to_stdout(Markup::Plain, |out| said.iter().try_for_each(|line| writeln!(out, "{line}")));
    exit.after(written)
}

/// Returns the key that signed a file that a document names, or why there is none.
fn of_one(
    member: &Member,
    named: &NamedFile<'_>,
    lookup: &mut Lookup<'_>,
    keys: &[VerifyingKey],
    limit: u64,
) -> Result<Result<String, String>, Error> {
    let folder = Path::new(member.file()).parent().unwrap_or(Path::new(""));
    if !lookup.is_inside(folder, named.path) {
        return Ok(Err(FileFault::Outside.to_string()));
    }
    if let Some(fault) = lookup.fault(folder, named) {
        return Ok(Err(fault.to_string()));
    }
    let path = folder.join(named.path);
    let file = FileToCheck { name: path.to_string_lossy().into_owned(), path, explicit: true };
    let bytes = files::read(&file, limit).map_err(|problem| Error::Usage(problem.to_string()))?;
    let NamedContent::Signature { digest, .. } = &named.content else { return Ok(Err("is no signature".to_owned())) };
    let Some(digest) = digest else {
        return Ok(Err("signs nothing here: the document gives no digest".to_owned()));
    };
    let statements = inspect(&bytes).map_err(|error| Error::Usage(error.to_string()))?;
    let about = || statements.iter().filter(|statement| statement.is_about(digest));
    // Each statement about this must be signed: nobody may add one that is not.
    let signs_all = |key: &&VerifyingKey| about().all(|statement| statement.check(key).is_ok());
    let keyid = keys.iter().find(signs_all).map(VerifyingKey::keyid);
    Ok(keyid.ok_or_else(|| "is signed by none of the keys, or was altered".to_owned()))
}
