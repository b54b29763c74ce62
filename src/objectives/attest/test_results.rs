//! The predicate of a verdict: by which inputs the artifacts were judged, and with what result.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AttestError, AttestedFile, Statement, StatementPredicate};

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

impl Statement<TestResults> {
    /// Returns the statement with this content.
    ///
    /// # Errors
    ///
    /// [`AttestError::NoSubject`] if there is no subject: the statement is about artifacts.
    pub fn new(attested: Attested) -> Result<Self, AttestError> {
        let Attested { subjects, inputs, outcome, objectives, url, verdict } = attested;
        let ids = |result| {
            let these = objectives.iter().filter(|(_, outcome)| TestResult::from(*outcome) == result);
            these.map(|(id, _)| id.clone()).collect()
        };
        let predicate = TestResults {
            result: outcome.into(),
            configuration: inputs,
            url,
            passed_tests: ids(TestResult::Passed),
            warned_tests: ids(TestResult::Warned),
            failed_tests: ids(TestResult::Failed),
            mlspec_verdict: verdict,
        };
        Self::of(subjects, predicate)
    }

    /// Returns the inputs of the judgement, in the order in which they were read: `configuration` of the predicate.
    #[must_use]
    pub fn inputs(&self) -> &[AttestedFile] {
        &self.predicate().configuration
    }

    /// Returns the result, as one of the three values of the predicate. Whether a failure could not be judged is in [`Self::verdict`].
    #[must_use]
    pub fn result(&self) -> TestResult {
        self.predicate().result
    }

    /// Returns the ids of the objectives with this result, in the order of the statement.
    #[must_use]
    pub fn objectives(&self, result: TestResult) -> &[String] {
        match result {
            TestResult::Passed => &self.predicate().passed_tests,
            TestResult::Warned => &self.predicate().warned_tests,
            TestResult::Failed => &self.predicate().failed_tests,
        }
    }

    /// Returns the address of the gate's log.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.predicate().url.as_deref()
    }

    /// Returns the complete verdict, as it was published in JSON.
    #[must_use]
    pub fn verdict(&self) -> &Value {
        &self.predicate().mlspec_verdict
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

/// A predicate test-result v0.1, with the whole verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestResults {
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

impl StatementPredicate for TestResults {
    const TYPE: &'static str = "https://in-toto.io/attestation/test-result/v0.1";
    const NOUN: &'static str = "verdicts";
    const STATEMENT: &'static str = "an attestation of a gate";
}
