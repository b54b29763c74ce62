//! Attestation: a signed record of the decision of a gate, the model that it is about, and the documents that it is based on.
//!
//! It combines four public specifications, without changing them:
//!
//! | layer | content | specification |
//! |---|---|---|
//! | envelope | who signed which bytes | [DSSE 1.0](https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md) |
//! | signature | that the bytes are unchanged | ed25519, [RFC 8032](https://www.rfc-editor.org/rfc/rfc8032) |
//! | statement | which artifacts it is about | [in-toto Statement v1](https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md) |
//! | predicate | the results of their tests | [test-result v0.1](https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md) |
//! | or | how they were made | [SLSA Provenance v1](https://slsa.dev/spec/v1.0/provenance) |
//!
//! Any tool that reads in-toto attestations can act on the result. Of a gate, the complete verdict is included in a field of ours, `mlspecVerdict`, so
//! that it can be recomputed and compared:
//!
//! 1. [`open`] the envelope with a trusted public key: the statement is then what the owner of the key signed.
//! 2. Compare [`Statement::subjects`] and [`Statement::inputs`] with the actual files.
//! 3. Judge the inputs again, make a [`Statement`] of the result, and compare the two with `==`: besides the verdict, the lists of
//!    objectives that other tools read must agree with it.
//!
//! Without an attestation that passes, do not deploy. Removing anything from an attestation never turns a denial into an approval (the
//! monotonic principle of in-toto); this is why [`AttestedOutcome::Unknown`] is published as `FAILED`.
//!
//! Everything here is a pure function of its arguments: the same statement and key give the same bytes.

mod envelope;
mod inspect;
mod key;
mod provenance;
mod statement;
mod test_results;

pub use envelope::{BundledStatement, open, open_as, open_bundle, open_bundle_as, payload_digest, sign};
pub use inspect::{UnverifiedStatement, inspect};
pub use key::{KeyError, SigningKey, VerifyingKey};
pub use provenance::{BuildDefinition, Builder, Resource, RunDetails, RunMetadata, SlsaProvenance};
pub use statement::{AttestedFile, Statement, StatementPredicate};
pub use test_results::{Attested, AttestedOutcome, TestResult, TestResults};

/// Why something cannot be attested, or an attestation cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttestError {
    /// A malformed digest.
    #[error("the sha256 digest of {name:?} must be 64 hexadecimal digits in lower case")]
    Digest {
        /// The name of the artifact.
        name: String,
    },
    /// A statement without a subject.
    #[error("an attestation needs at least one subject: the model that was judged")]
    NoSubject,
    /// The text is not an envelope. It is not quoted: it could be a key that was given by mistake.
    #[error(
        "not a DSSE envelope, which is a JSON object with `payload`, `payloadType` and `signatures` (line {line}, column {column})"
    )]
    Envelope {
        /// The line of the error, from 1; 0 if it is not known.
        line: usize,
        /// The column, from 1, in bytes.
        column: usize,
    },
    /// A field of the envelope that cannot be decoded.
    #[error("`{field}` of the envelope is not base64")]
    Base64 {
        /// The name of the field.
        field: &'static str,
    },
    /// An envelope without a signature.
    #[error("the envelope has no signature")]
    NoSignature,
    /// More signatures than are checked: each of them requires a pass over the payload.
    #[error("the envelope has {found} signatures, more than the {limit} that are checked")]
    TooManySignatures {
        /// The number of signatures.
        found: usize,
        /// The greatest number of signatures.
        limit: usize,
    },
    /// No signature matches the key and the payload.
    #[error(
        "no signature of the envelope was made over this content with the key {keyid}: it was altered, or another key signed it"
    )]
    Unverified {
        /// [`VerifyingKey::keyid`] of the given key.
        keyid: String,
    },
    /// A bundle that does not hold exactly one statement of a kind: with several, a reader could choose the better one.
    #[error("the bundle holds {found} {what} that can be read{}, and not one: a bundle of one says which is meant", of_key(.signed))]
    Bundle {
        /// What they are: [`StatementPredicate::NOUN`].
        what: &'static str,
        /// Their number.
        found: usize,
        /// How many of them the key signed, if one is asked for.
        signed: Option<usize>,
    },
    /// The content is signed by the owner of the key, but is of another kind.
    #[error("`{field}` is {found:?}, expected `{expected}`")]
    Type {
        /// The name of the field: `payloadType` of the envelope, `_type` or `predicateType` of the statement.
        field: &'static str,
        /// The value found.
        found: String,
        /// The value expected.
        expected: &'static str,
    },
    /// The content is signed by the owner of the key, but cannot be read, or lacks a field.
    #[error("the statement is not {expected}: {why}")]
    Statement {
        /// What was expected: [`StatementPredicate::STATEMENT`].
        expected: &'static str,
        /// Why it is none.
        why: String,
    },
}

impl AttestError {
    fn statement<P: StatementPredicate>(error: serde_json::Error) -> Self {
        Self::Statement { expected: P::STATEMENT, why: error.to_string() }
    }
}

fn of_key(signed: &Option<usize>) -> String {
    signed.map_or_else(String::new, |signed| format!(", {signed} of them signed with this key"))
}
