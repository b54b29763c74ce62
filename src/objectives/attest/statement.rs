//! The statement: which artifacts were judged, by which inputs, and with what result.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AttestError;

/// "Always `https://in-toto.io/Statement/v1` for this version of the spec." (in-toto Statement v1)
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// The type URI of the predicate "Test Result", version 0.1.0.
const PREDICATE_TYPE: &str = "https://in-toto.io/attestation/test-result/v0.1";

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

/// The outcome of an objective, or of all of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestedOutcome {
    /// Met.
    Passed,
    /// Not blocked, but with a warning: the aim was missed, an advisory objective was not met, or a waiver was used.
    Warned,
    /// Not met.
    Failed,
    /// Could not be judged. The predicate has no such value, so it is published as [`TestResult::Failed`], since it must not count as
    /// approval; `mlspecVerdict` distinguishes the two.
    Unknown,
}

/// The content of an attestation.
#[derive(Clone, Debug)]
pub struct Attested {
    /// The artifacts that were judged, for instance the file of the model. At least one.
    pub subjects: Vec<AttestedFile>,
    /// The inputs of the judgement, in the order in which they were read: the objectives first, then runs, evaluations and so on.
    pub inputs: Vec<AttestedFile>,
    /// The decision of the gate.
    pub outcome: AttestedOutcome,
    /// The ids of the objectives, as written in the document, with the outcome of each.
    pub objectives: Vec<(String, AttestedOutcome)>,
    /// The address of the gate's log, for instance a job of CI.
    pub url: Option<String>,
    /// The verdict as it is published in JSON. If it nested more than a hundred levels deep, it could be signed, but not read again.
    pub verdict: Value,
}

/// An in-toto Statement v1 whose predicate is a test-result v0.1.
///
/// Unknown fields are dropped on reading: "Consumers MUST ignore unrecognized fields" (in-toto, parsing rules).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    #[serde(rename = "_type")]
    statement_type: String,
    subject: Vec<AttestedFile>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Predicate,
}

impl Statement {
    /// Returns the statement with this content.
    ///
    /// # Errors
    ///
    /// [`AttestError::NoSubject`] if there is no subject: the statement is about artifacts.
    pub fn new(attested: Attested) -> Result<Self, AttestError> {
        let Attested { subjects, inputs, outcome, objectives, url, verdict } = attested;
        if subjects.is_empty() {
            return Err(AttestError::NoSubject);
        }
        let ids = |result| {
            let these = objectives.iter().filter(|(_, outcome)| TestResult::from(*outcome) == result);
            these.map(|(id, _)| id.clone()).collect()
        };
        let predicate = Predicate {
            result: outcome.into(),
            configuration: inputs,
            url,
            passed_tests: ids(TestResult::Passed),
            warned_tests: ids(TestResult::Warned),
            failed_tests: ids(TestResult::Failed),
            mlspec_verdict: verdict,
        };
        let [statement_type, predicate_type] = [STATEMENT_TYPE, PREDICATE_TYPE].map(str::to_owned);
        Ok(Self { statement_type, subject: subjects, predicate_type, predicate })
    }

    /// Returns the artifacts that were judged, in the order of the statement.
    #[must_use]
    pub fn subjects(&self) -> &[AttestedFile] {
        &self.subject
    }

    /// Returns the inputs of the judgement, in the order in which they were read: `configuration` of the predicate.
    #[must_use]
    pub fn inputs(&self) -> &[AttestedFile] {
        &self.predicate.configuration
    }

    /// Returns the predicate alone, as JSON with a newline at its end: for tools that make the statement and sign it.
    ///
    /// # Errors
    ///
    /// [`AttestError::Statement`] if it cannot be written as JSON, which does not happen to the result of [`Statement::new`].
    pub fn predicate_json(&self) -> Result<String, AttestError> {
        let json = serde_json::to_string(&self.predicate).map_err(|error| AttestError::Statement(error.to_string()))?;
        Ok(json + "\n")
    }

    /// Returns the result, as one of the three values of the predicate. Whether a failure could not be judged is in [`Self::verdict`].
    #[must_use]
    pub fn result(&self) -> TestResult {
        self.predicate.result
    }

    /// Returns the ids of the objectives with this result, in the order of the statement.
    #[must_use]
    pub fn objectives(&self, result: TestResult) -> &[String] {
        match result {
            TestResult::Passed => &self.predicate.passed_tests,
            TestResult::Warned => &self.predicate.warned_tests,
            TestResult::Failed => &self.predicate.failed_tests,
        }
    }

    /// Returns the address of the gate's log.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.predicate.url.as_deref()
    }

    /// Returns the complete verdict, as it was published in JSON.
    #[must_use]
    pub fn verdict(&self) -> &Value {
        &self.predicate.mlspec_verdict
    }

    /// Reads a statement whose signature is verified. The types are checked first, because other types have other fields.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, AttestError> {
        let Types { statement_type, predicate_type } = from_json(bytes)?;
        expect_type("_type", statement_type, STATEMENT_TYPE)?;
        expect_type("predicateType", predicate_type, PREDICATE_TYPE)?;
        let statement: Self = from_json(bytes)?;
        if statement.subject.is_empty() { Err(AttestError::NoSubject) } else { Ok(statement) }
    }
}

/// `result` of the predicate: "One of `PASSED`, `WARNED`, or `FAILED`."
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TestResult {
    /// No errors, no warnings.
    Passed,
    /// No errors.
    Warned,
    /// An error, or no result: see [`AttestedOutcome::Unknown`].
    Failed,
}

impl From<AttestedOutcome> for TestResult {
    fn from(outcome: AttestedOutcome) -> Self {
        match outcome {
            AttestedOutcome::Passed => Self::Passed,
            AttestedOutcome::Warned => Self::Warned,
            AttestedOutcome::Failed | AttestedOutcome::Unknown => Self::Failed,
        }
    }
}

/// Returns an error unless a type is the expected one.
pub(super) fn expect_type(field: &'static str, found: String, expected: &'static str) -> Result<(), AttestError> {
    if found == expected { Ok(()) } else { Err(AttestError::Type { field, found, expected }) }
}

fn from_json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, AttestError> {
    serde_json::from_slice(bytes).map_err(|error| AttestError::Statement(error.to_string()))
}

#[derive(Deserialize)]
struct Types {
    #[serde(rename = "_type")]
    statement_type: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Predicate {
    result: TestResult,
    configuration: Vec<AttestedFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default)]
    passed_tests: Vec<String>,
    #[serde(default)]
    warned_tests: Vec<String>,
    #[serde(default)]
    failed_tests: Vec<String>,
    /// "Producers MAY add extension fields to any JSON object. Extension fields SHOULD use names that are unlikely to collide
    /// with names used by other orgs." (in-toto, parsing rules)
    mlspec_verdict: Value,
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
