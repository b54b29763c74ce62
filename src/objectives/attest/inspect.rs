//! What signed statements of any kind are about, before anybody trusts them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::envelope::{Envelope, check_signatures, entries, payload_of};
use super::{AttestError, StatementPredicate, TestResult, TestResults, VerifyingKey};

/// A signed statement of any kind. Nobody has checked its signature.
pub struct UnverifiedStatement {
    envelope: Envelope,
    payload: Vec<u8>,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    #[serde(default)]
    subject: Vec<Subject>,
    predicate_type: String,
    #[serde(default)]
    predicate: serde_json::Value,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    digest: BTreeMap<String, String>,
}

/// Returns the statements in an envelope, or in bundles of Sigstore, line by line. What is in it besides is left out.
///
/// # Errors
///
/// [`AttestError::Envelope`] if it is not JSON, or neither an envelope nor a bundle.
pub fn inspect(text: &[u8]) -> Result<Vec<UnverifiedStatement>, AttestError> {
    let mut found = Vec::new();
    for envelope in entries(text) {
        let Some(envelope) = envelope? else { continue };
        let Ok(payload) = payload_of(&envelope) else { continue };
        let Ok(content) = serde_json::from_slice(&payload) else { continue };
        found.push(UnverifiedStatement { envelope, payload, content });
    }
    Ok(found)
}

impl UnverifiedStatement {
    /// Returns whether something with a digest, such as `sha256:…` in lower case, is among its subjects.
    #[must_use]
    pub fn is_about(&self, digest: &str) -> bool {
        let Some((algorithm, digits)) = digest.split_once(':') else { return false };
        let of = |subject: &Subject| subject.digest.get(algorithm).is_some_and(|own| own.eq_ignore_ascii_case(digits));
        self.content.subject.iter().any(of)
    }

    /// Returns whether anybody has signed it, whoever that is.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.envelope.is_signed()
    }

    /// Returns the result, if it is a verdict of a gate, or of other tests. If the whole verdict inside says something else, it failed: nobody
    /// may choose the better one.
    #[must_use]
    pub fn result(&self) -> Option<TestResult> {
        let predicate = self.verdict()?;
        let result = serde_json::from_value(predicate.get("result")?.clone()).ok()?;
        let whole = predicate.pointer("/mlspecVerdict/verdict").and_then(serde_json::Value::as_str);
        Some(if matches!(whole, Some("fail" | "unknown")) { TestResult::Failed } else { result })
    }

    /// Returns the ids of the objectives that a verdict is about.
    pub fn objectives(&self) -> impl Iterator<Item = &str> {
        let lists = ["passedTests", "warnedTests", "failedTests"].into_iter();
        let lists = lists.filter_map(|name| self.verdict()?.get(name)?.as_array());
        lists.flatten().filter_map(serde_json::Value::as_str)
    }

    fn verdict(&self) -> Option<&serde_json::Value> {
        (self.content.predicate_type == TestResults::TYPE).then_some(&self.content.predicate)
    }

    /// Checks that the owner of a key signed it.
    ///
    /// # Errors
    ///
    /// [`AttestError::NoSignature`], [`AttestError::TooManySignatures`] or [`AttestError::Unverified`].
    pub fn check(&self, key: &VerifyingKey) -> Result<(), AttestError> {
        check_signatures(&self.envelope, &self.payload, key)
    }
}
