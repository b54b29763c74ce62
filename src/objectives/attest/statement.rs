//! The statement: which artifacts it is about, and what is said of them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{AttestError, TestResults};

/// "Always `https://in-toto.io/Statement/v1` for this version of the spec." (in-toto Statement v1)
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// The number of digits of a SHA-256 digest.
const DIGEST_DIGITS: usize = 64;

/// A file by name and content: a `ResourceDescriptor` of in-toto.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "ResourceDescriptor", try_from = "ResourceDescriptor")]
pub struct AttestedFile {
    name: String,
    sha256: String,
}

impl AttestedFile {
    /// Returns a file of this name whose bytes have this SHA-256 digest, in 64 hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`AttestError::Digest`] unless the digest is in the form in which equal digests have equal texts: "Standard cryptographic hash
    /// algorithms using \[…\] lowercase hex-encoded values" (in-toto `DigestSet`).
    pub fn new(name: impl Into<String>, sha256: impl Into<String>) -> Result<Self, AttestError> {
        let (name, sha256) = (name.into(), sha256.into());
        let is_digest =
            sha256.len() == DIGEST_DIGITS && sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_digest { Ok(Self { name, sha256 }) } else { Err(AttestError::Digest { name }) }
    }

    /// Returns the name: the path as it was given, with `/` between its parts.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the digest of its bytes, in 64 hexadecimal digits in lower case.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// What a statement says of its subjects.
pub trait StatementPredicate: Serialize + DeserializeOwned {
    /// Its type, a URI.
    const TYPE: &'static str;
    /// What it is in messages, in the plural: "verdicts".
    const NOUN: &'static str;
    /// What the whole statement is in messages: "an attestation of a gate".
    const STATEMENT: &'static str;
}

/// An in-toto Statement v1.
///
/// Unknown fields are dropped on reading: "Consumers MUST ignore unrecognized fields" (in-toto, parsing rules).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "P: StatementPredicate")]
pub struct Statement<P = TestResults> {
    #[serde(rename = "_type")]
    statement_type: String,
    subject: Vec<AttestedFile>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: P,
}

impl<P: StatementPredicate> Statement<P> {
    /// Returns the statement that says this of these artifacts.
    ///
    /// # Errors
    ///
    /// [`AttestError::NoSubject`] if there is no artifact.
    pub fn of(subject: Vec<AttestedFile>, predicate: P) -> Result<Self, AttestError> {
        if subject.is_empty() {
            return Err(AttestError::NoSubject);
        }
        let [statement_type, predicate_type] = [STATEMENT_TYPE, P::TYPE].map(str::to_owned);
        Ok(Self { statement_type, subject, predicate_type, predicate })
    }

    /// Returns the artifacts that it is about, in the order of the statement.
    #[must_use]
    pub fn subjects(&self) -> &[AttestedFile] {
        &self.subject
    }

    /// Returns what it says of them.
    #[must_use]
    pub fn predicate(&self) -> &P {
        &self.predicate
    }

    /// Returns the predicate alone, as JSON with a newline at its end: for tools that make the statement and sign it.
    ///
    /// # Errors
    ///
    /// [`AttestError::Statement`] if it cannot be written as JSON, which does not happen to the result of [`Statement::new`].
    pub fn predicate_json(&self) -> Result<String, AttestError> {
        Ok(serde_json::to_string(&self.predicate).map_err(AttestError::statement::<P>)? + "\n")
    }

    /// Reads a statement whose signature is verified. The types are checked first, because other types have other fields.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, AttestError> {
        let Types { statement_type, predicate_type } =
            serde_json::from_slice(bytes).map_err(AttestError::statement::<P>)?;
        expect_type("_type", statement_type, STATEMENT_TYPE)?;
        expect_type("predicateType", predicate_type, P::TYPE)?;
        let statement: Self = serde_json::from_slice(bytes).map_err(AttestError::statement::<P>)?;
        if statement.subject.is_empty() { Err(AttestError::NoSubject) } else { Ok(statement) }
    }
}

/// Returns an error unless a type is the expected one.
pub(super) fn expect_type(field: &'static str, found: String, expected: &'static str) -> Result<(), AttestError> {
    if found == expected { Ok(()) } else { Err(AttestError::Type { field, found, expected }) }
}

#[derive(Deserialize)]
struct Types {
    #[serde(rename = "_type")]
    statement_type: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
}

#[derive(Serialize, Deserialize)]
struct ResourceDescriptor {
    #[serde(default)]
    name: String,
    digest: DigestSet,
}

#[derive(Serialize, Deserialize)]
struct DigestSet {
    sha256: String,
}

impl From<AttestedFile> for ResourceDescriptor {
    fn from(AttestedFile { name, sha256 }: AttestedFile) -> Self {
        Self { name, digest: DigestSet { sha256 } }
    }
}

impl TryFrom<ResourceDescriptor> for AttestedFile {
    type Error = AttestError;

    fn try_from(ResourceDescriptor { name, digest }: ResourceDescriptor) -> Result<Self, AttestError> {
        Self::new(name, digest.sha256)
    }
}
