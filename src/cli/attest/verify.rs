//! `attest verify`: whether an attestation of a run holds.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use super::judge::{Judged, Records, deny, judge, measured};
use crate::analysis::{Options, unchecked};
use crate::cli::args::Color;
use crate::cli::attest_args::AttestVerifyArgs;
use crate::cli::gate::{digest_of, named_path, read_text};
use crate::cli::signed::{self, Opened, denied, denied_for};
use crate::cli::{Error, Exit, output};
use crate::digest::content_digest;
use crate::documents::Kind;
use crate::execution::{BUILD_TYPE, MadeArtifact};
use crate::objectives::as_of::{AsOf, is_later};
use crate::objectives::attest::{AttestedFile, SlsaProvenance, Statement};
use crate::objectives::gate::sha256;
use crate::text::{Markup, visible};

/// Verifies the signature, the digests of all files, and what is said, by looking at the documents again. Standard output is only written at
/// the end, so that closing it early cannot keep anything from being verified.
pub(super) fn verify(args: &AttestVerifyArgs, color: Color) -> Result<Exit, Error> {
    let mut said = Vec::new();
    let exit = verified(args, color, &mut said);
    let written = output::to_stdout(Markup::Plain, |out| said.iter().try_for_each(|line| writeln!(out, "{line}")));
    exit?.after(written)
}

fn verified(args: &AttestVerifyArgs, color: Color, said: &mut Vec<String>) -> Result<Exit, Error> {
    let opened = signed::read(&args.attestation, args.key.as_deref(), args.bundle, args.max_file_size)?;
    let Opened { statement, said: about_signature, .. } = match opened {
        Ok(opened) => opened,
        Err(why) => return Ok(denied(&why)),
    };
    said.push(about_signature);
    let provenance: &SlsaProvenance = statement.predicate();
    if provenance.build_definition.build_type != BUILD_TYPE {
        return Ok(denied("it is of no run of a pipeline: its build type is another one"));
    }
    let records = match records(provenance, args) {
        Ok(records) => records,
        Err(whys) => return Ok(denied_for(&whys)),
    };
    said.push(format!("records: all {} documents are as attested", records.len()));
    if !are_made(args, &statement, said)? {
        return Ok(Exit::Findings);
    }
    let details = &provenance.run_details;
    let id = details.metadata.invocation_id.as_deref().unwrap_or_default();
    if let Some(why) = other_than_demanded(args, id, &details.builder.id) {
        return Ok(denied(&why));
    }
    let measured: BTreeMap<String, String> =
        statement.subjects().iter().map(|subject| (subject.name().to_owned(), subject.sha256().to_owned())).collect();
    let records = Records { texts: &records, id, builder: &details.builder.id };
    let mut artifacts = Vec::new();
    let measure = |made: &[MadeArtifact]| {
        artifacts = made.to_vec();
        Ok(measured)
    };
    let judged = match judge(&records, measure)? {
        Ok(judged) => judged,
        Err(refused) => return Ok(deny(refused, color)),
    };
    if !is_same(&judged.attestable.statement, &statement) {
        return Ok(denied("looking at the same documents again gives another statement"));
    }
    said.push(format!("run: {} conforms to its pipeline ({})", visible(id), judged.pipeline_digest));
    if let Some(why) = other_pipeline(args, &judged)?.or_else(|| outlived(args, judged.submitted)) {
        return Ok(denied(&why));
    }
    if let Some(folder) = &args.artifacts
        && !are_in_place(folder, &artifacts, &statement, said)?
    {
        return Ok(Exit::Findings);
    }
    Ok(Exit::Clean)
}

/// Returns the texts of the documents, if they are what was attested; otherwise why not.
fn records(provenance: &SlsaProvenance, args: &AttestVerifyArgs) -> Result<BTreeMap<String, String>, Vec<String>> {
    let mut attested: BTreeMap<&str, &str> = BTreeMap::new();
    for record in &provenance.run_details.byproducts {
        let (Some(name), Some(digest)) = (record.name.as_deref(), record.sha256()) else {
            return Err(vec!["a document has no name or no SHA-256".to_owned()]);
        };
        if attested.insert(name, digest).is_some() {
            return Err(vec![format!("{} is attested twice", visible(name))]);
        }
    }
    if let Some(why) = signed::outside(attested.keys().copied(), &args.root) {
        return Err(vec![why]);
    }
    let mut texts = BTreeMap::new();
    let mut whys = Vec::new();
    for (name, digest) in attested {
        match read_text(&args.root.join(name), args.max_file_size) {
            Ok((_, text)) if sha256(text.as_bytes()) == digest => drop(texts.insert(name.to_owned(), text)),
            Ok(_) => whys.push(format!("{} is not what was attested: its digest differs", visible(name))),
            Err(error) => whys.push(error.to_string()),
        }
    }
    if whys.is_empty() { Ok(texts) } else { Err(whys) }
}

/// Returns whether these files are subjects, by their bytes; reports which are not.
fn are_made(
    args: &AttestVerifyArgs,
    statement: &Statement<SlsaProvenance>,
    said: &mut Vec<String>,
) -> Result<bool, Error> {
    let mut all = true;
    for file in &args.subject {
        let digest = digest_of(file)?;
        let name = named_path(file);
        match statement.subjects().iter().find(|subject| subject.sha256() == digest) {
            Some(subject) => said.push(format!("subject: {} is {}", visible(&name), visible(subject.name()))),
            None => {
                denied(&format!("{} was not made by this run, or was changed since", visible(&name)));
                all = false;
            }
        }
    }
    Ok(all)
}

/// Returns whether the files of all subjects are in a folder; reports which are not.
fn are_in_place(
    folder: &Path,
    artifacts: &[MadeArtifact],
    statement: &Statement<SlsaProvenance>,
    said: &mut Vec<String>,
) -> Result<bool, Error> {
    let found = measured(folder, artifacts)?;
    let why = |subject: &AttestedFile| match found.get(subject.name()) {
        Some(digest) if digest == subject.sha256() => None,
        Some(_) => {
            Some(format!("the file of {} is not what was attested: its digest differs", visible(subject.name())))
        }
        None => Some(format!("the file of {} is not in {}", visible(subject.name()), folder.display())),
    };
    let whys: Vec<String> = statement.subjects().iter().filter_map(why).collect();
    denied_for(&whys);
    said.extend(
        whys.is_empty().then(|| format!("artifacts: all {} files are as attested", statement.subjects().len())),
    );
    Ok(whys.is_empty())
}

/// Compares what was signed with what is said now. The numbers of both are read from JSON.
fn is_same(again: &Statement<SlsaProvenance>, signed: &Statement<SlsaProvenance>) -> bool {
    let again = serde_json::to_string(again).ok().and_then(|text| serde_json::from_str(&text).ok());
    again.as_ref() == Some(signed)
}

fn other_than_demanded(args: &AttestVerifyArgs, id: &str, builder: &str) -> Option<String> {
    if args.run.as_deref().is_some_and(|run| !run.trim().eq_ignore_ascii_case(id)) {
        return Some(format!("it is about the run {}", visible(id)));
    }
    args.builder
        .as_deref()
        .is_some_and(|own| own != builder)
        .then(|| format!("the run was executed by {}", visible(builder)))
}

/// Returns why the run executed another pipeline than the required one.
fn other_pipeline(args: &AttestVerifyArgs, judged: &Judged) -> Result<Option<String>, Error> {
    let of_file = args.pipeline.as_deref().map(|path| pipeline_digest(path, args.max_file_size)).transpose()?;
    for digest in args.pipeline_digest.iter().chain(&of_file) {
        let digest = digest.trim().to_ascii_lowercase();
        let digits = digest.strip_prefix("sha256:").unwrap_or(&digest);
        if judged.pipeline_digest.strip_prefix("sha256:") != Some(digits) {
            return Ok(Some("the run executed another pipeline than the required one: its digest differs".to_owned()));
        }
    }
    Ok(None)
}

/// Returns the digest of what the only pipeline in a file says.
fn pipeline_digest(path: &Path, limit: u64) -> Result<String, Error> {
    let (name, text) = read_text(path, limit)?;
    let read = unchecked(&name, &text, &Options::default());
    let pipelines: Vec<_> = read.members.iter().filter(|member| member.kind == Kind::Pipeline).collect();
    match pipelines.as_slice() {
        [only] if read.unread.is_none() => Ok(content_digest(&only.tree, only.root)),
        _ => Err(Error::Usage(format!("{} does not contain exactly one pipeline that can be read", visible(&name)))),
    }
}

/// Returns why the run is too old, or of the future.
fn outlived(args: &AttestVerifyArgs, submitted: Option<Timestamp>) -> Option<String> {
    let now = args.as_of.unwrap_or_else(|| AsOf::Instant(Timestamp::now())).end()?;
    if submitted.is_some_and(|submitted| is_later(submitted, now)) {
        let why =
            if args.as_of.is_some() { "was submitted after the time of --as-of" } else { "is dated in the future" };
        return Some(format!("the run {why}"));
    }
    let max_age = args.max_age?;
    let is_old = max_age.is_exceeded(submitted, now);
    is_old.then(|| format!("the run was submitted more than {max_age} ago, or does not say when"))
}
