//! What the commands have in common that sign statements and verify them.

use std::path::Path;

use super::gate::{is_below, read_text};
use super::{Error, Exit, output};
use crate::objectives::attest::{
    AttestError, SigningKey, Statement, StatementPredicate, VerifyingKey, open_as, open_bundle_as, sign,
};
use crate::text::visible;

/// The size limit of a key file; a key is a few lines.
const MOST_KEY_BYTES: u64 = 1 << 16;

/// Signs a statement and writes the envelope to a file.
pub(super) fn write<P: StatementPredicate>(statement: &Statement<P>, key: &Path, path: &Path) -> Result<(), Error> {
    let key = signing_key(key)?;
    let envelope = sign(statement, &key).map_err(|error| Error::Usage(error.to_string()))?;
    output::write_atomically(path, envelope.as_bytes())
}

/// Reads a private key.
pub(super) fn signing_key(path: &Path) -> Result<SigningKey, Error> {
    let (name, pem) = read_text(path, MOST_KEY_BYTES)?;
    SigningKey::from_pem(&pem).map_err(|error| Error::Usage(format!("{}: {error}", visible(&name))))
}

/// Reads a public key.
pub(super) fn verifying_key(path: &Path) -> Result<VerifyingKey, Error> {
    let (name, pem) = read_text(path, MOST_KEY_BYTES)?;
    VerifyingKey::from_pem(&pem).map_err(|error| Error::Usage(format!("{}: {error}", visible(&name))))
}

/// A statement whose signature is good, or that is in a bundle that others verify.
pub(super) struct Opened<P> {
    pub statement: Statement<P>,
    /// The name of its file.
    pub name: String,
    /// What is known about its signature.
    pub said: String,
}

/// Reads a signed statement. What is inside on its second level is why it is not trusted.
pub(super) fn read<P: StatementPredicate>(
    path: &Path,
    key: Option<&Path>,
    is_bundle: bool,
    limit: u64,
) -> Result<Result<Opened<P>, String>, Error> {
    let key = key.map(verifying_key).transpose()?;
    let (name, envelope) = read_text(path, limit)?;
    let found = match (&key, is_bundle) {
        (key, true) => open_bundle_as(envelope.as_bytes(), key.as_ref())
            .map(|found| (found.statement, format!("entry {} of {} in the bundle", found.entry, found.entries))),
        (Some(key), false) => open_as(envelope.as_bytes(), key).map(|statement| (statement, String::new())),
        (None, false) => Err(AttestError::NoSignature),
    };
    let said = |place: String| match &key {
        Some(key) if is_bundle => format!("signature: good, by the key {} ({place})", key.keyid()),
        Some(_) => "signature: good".to_owned(),
        None => format!("signature: not checked ({place}); verify the bundle with cosign or gh before this"),
    };
    Ok(match found {
        Ok((statement, place)) => Ok(Opened { statement, name, said: said(place) }),
        Err(error) => Err(format!("{}: {error}", visible(&name))),
    })
}

/// Returns why a file that a statement names cannot be found: its path leads out of the folder, directly or through a link.
pub(super) fn outside<'p>(mut paths: impl Iterator<Item = &'p str>, root: &Path) -> Option<String> {
    let real_root = crate::files::same_file(root);
    let is_inside = |path: &str| {
        is_below(path) && std::fs::canonicalize(root.join(path)).map_or(true, |real| real.starts_with(&real_root))
    };
    paths.find(|path| !is_inside(path)).map(|path| format!("{} is outside of the folder", visible(path)))
}

pub(super) fn denied(why: &str) -> Exit {
    output::notice(format_args!("not verified: {why}"));
    Exit::Findings
}

pub(super) fn denied_for(whys: &[String]) -> Exit {
    for why in whys {
        denied(why);
    }
    Exit::Findings
}
