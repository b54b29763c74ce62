//! `reference/signature-mismatch`

use super::path_escapes_workspace::is_absolute;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::FileFault;

declare_rule! {
    /// A file that is named as a signature or attestation must be one, of what the document says.
    ///
    /// A signature says something only about the bytes that were signed. A file that cannot be read as a signed statement, or is about
    /// something else than the digest that stands in the document, signs nothing here; nor may a model be rolled out by a verdict that does
    /// not let it pass. Files are read as DSSE envelopes with in-toto statements, or as bundles of Sigstore with such envelopes; other formats
    /// are not looked at. The signature itself needs a key: `mlspec-lint attest files --key KEY.pub` verifies it.
    ///
    /// ## Fails
    /// ```text
    /// $ sha256sum clients.parquet
    /// 4dce3bd0f53d58a7b4b7c3a3f8a3b1b0e29f6d4c3f0b9b5a1f7f0d2c6e8a9b11  clients.parquet
    /// $ grep -A1 Digest ingestion.yml
    /// outputDigest: sha256:4dce3bd0f53d58a7b4b7c3a3f8a3b1b0e29f6d4c3f0b9b5a1f7f0d2c6e8a9b11
    /// signature: {format: dsse, file: signatures/clients.json}
    /// $ jq -r .payload signatures/clients.json | base64 -d | jq .subject[0].digest.sha256
    /// "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// $ jq -r .payload signatures/clients.json | base64 -d | jq .subject[0].digest.sha256
    /// "4dce3bd0f53d58a7b4b7c3a3f8a3b1b0e29f6d4c3f0b9b5a1f7f0d2c6e8a9b11"
    /// ```
    pub SIGNATURE_MISMATCH = {
        id: "reference/signature-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README #2, signed datasets; #10, signing; #11: what is rolled out has a verdict",
        kinds: [Evaluation, Ingestion, Model, Rollout, Test],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, _: &Linked<'_>, out: &mut Findings<'_>) {
    for named in cx.member.named_files() {
        if is_absolute(named.path) || is_given_later(named.path) || cx.is_faulty(named.node) {
            continue;
        }
        let fault = cx.named_files().and_then(|files| files.fault(&named));
        let Some(fault) = fault.filter(|fault| fault.is_of_statement()) else { continue };
        let help = match fault {
            FileFault::OtherSubject => {
                "name the signature of this digest, or find out what was changed since it was signed"
            }
            FileFault::OfNothing => "give the digest of the model file in 'modelDigest'",
            FileFault::Unsigned => "sign it, as `mlspec-lint gate --attest` does, or name the one that is signed",
            FileFault::NoVerdict | FileFault::NotPassing => {
                "name the attestation of `mlspec-lint gate` that lets this model pass"
            }
            _ => "name a DSSE envelope around an in-toto statement, or a bundle of Sigstore with one",
        };
        let message = format!("file {} {fault}", cx.shown(named.node));
        out.push(cx.at_value(&SIGNATURE_MISMATCH, named.node, message).help(help));
    }
}
