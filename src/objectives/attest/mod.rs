//! Attestation: a signed record of what a gate decided, about which model, from which documents.
//!
//! Four public specifications lie inside each other; none of them is changed here:
//!
//! | layer | says | specification |
//! |---|---|---|
//! | envelope | who signed which bytes | [DSSE 1.0](https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md) |
//! | signature | that the bytes are those | ed25519, [RFC 8032](https://www.rfc-editor.org/rfc/rfc8032) |
//! | statement | which artifacts it is about | [in-toto Statement v1](https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md) |
//! | predicate | how the tests of them went | [test-result v0.1](https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md) |
//!
//! Any tool that reads in-toto attestations can act on the result. The whole verdict goes along in a field of ours,
//! `mlspecVerdict`, so that it can be computed again and compared:
//!
//! 1. [`open`] the envelope with a public key that is trusted: the statement is then what the owner of the key signed.
//! 2. Compare [`Statement::subjects`] and [`Statement::inputs`] with the files at hand.
//! 3. Judge the inputs again, make a [`Statement`] of that, and compare the two with `==`: not only the verdict must be the
//!    same, the lists of objectives that other tools read must agree with it.
//!
//! No attestation, or none that passes, means: do not deploy. Nothing that is left out of an attestation turns a denial into
//! an approval (the monotonic principle of in-toto); this is why [`AttestedOutcome::Unknown`] is published as `FAILED`.
//!
//! Everything here is a pure function of its arguments: the same statement and key give the same bytes.

mod envelope;
mod key;
mod statement;

pub use envelope::{BundledStatement, open, open_bundle, sign};
pub use key::{KeyError, SigningKey, VerifyingKey};
pub use statement::{Attested, AttestedFile, AttestedOutcome, Statement, TestResult};

/// Why something cannot be attested, or an attestation is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttestError {
    /// A digest that is none.
    #[error("the sha256 digest of {name:?} must be 64 hexadecimal digits in lower case")]
    Digest {
        /// What the artifact is called.
        name: String,
    },
    /// A statement about nothing.
    #[error("an attestation needs at least one subject: the model that was judged")]
    NoSubject,
    /// The text is not an envelope. It is not quoted: it could be a key that was given by mistake.
    #[error(
        "not a DSSE envelope, which is a JSON object with `payload`, `payloadType` and `signatures` (line {line}, column {column})"
    )]
    Envelope {
        /// The line at which it is not, from 1; 0 if there is no place to point at.
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
    /// An envelope that nobody signed.
    #[error("the envelope has no signature")]
    NoSignature,
    /// More signatures than are worth to be checked: each of them costs a pass over the payload.
    #[error("the envelope has {found} signatures, more than the {limit} that are checked")]
    TooManySignatures {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// No signature fits the key and the payload.
    #[error(
        "no signature of the envelope was made over this content with the key {keyid}: it was altered, or another key signed it"
    )]
    Unverified {
        /// [`VerifyingKey::keyid`] of the key that was asked for.
        keyid: String,
    },
    /// A bundle in which not one verdict stands, but none or several: nobody may choose the better one.
    #[error("the bundle holds {found} verdicts that can be read{}, and not one: a bundle of one says which is meant", of_key(.signed))]
    Bundle {
        /// How many.
        found: usize,
        /// How many of them the key signed, if one is asked for.
        signed: Option<usize>,
    },
    /// The owner of the key did sign it, but it is something else than an attestation of a gate.
    #[error("`{field}` is {found:?}, expected `{expected}`")]
    Type {
        /// The name of the field: `payloadType` of the envelope, `_type` or `predicateType` of the statement.
        field: &'static str,
        /// What it says.
        found: String,
        /// What it has to say.
        expected: &'static str,
    },
    /// The owner of the key did sign it, but it cannot be read, or lacks something.
    #[error("the statement is not an attestation of a gate: {0}")]
    Statement(String),
}

fn of_key(signed: &Option<usize>) -> String {
    signed.map_or_else(String::new, |signed| format!(", {signed} of them signed with this key"))
}
