//! The proof that a file has a record, without its other records.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use super::merkle::{Hash, leaf, root_of};
use super::statement::{LogSeal, hex, unhex};

/// The proof that a sealed file has a record at its place. It says nothing of the other records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InclusionProof {
    /// The version of this format: 1.
    pub version: u8,
    /// The name of the file.
    pub file: String,
    /// The number of the record in the file, from 1.
    pub record: u64,
    /// The record, as it is in the file, without its line break.
    pub text: String,
    /// The digests beside the way from the record to the root (RFC 9162, section 2.1.3), each in 64 hexadecimal digits.
    pub path: Vec<String>,
    /// The seal of the file: the envelope as it is in its file.
    pub seal: serde_json::Value,
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The format is of another version.
    #[error("the proof is of a version that is not known")]
    Version,
    /// The file has not as many records.
    #[error("the sealed file has no record of this number")]
    NoRecord,
    /// The root that follows from the record is another one.
    #[error("the record, its number or the path is not that of the sealed file")]
    Root,
}

/// Returns the root and the number of records that a seal gives, without looking at its signature: for whoever has the file, and makes a proof.
#[must_use]
pub fn unverified_root(seal: &serde_json::Value) -> Option<(Hash, u64)> {
    let payload = BASE64.decode(seal.get("payload")?.as_str()?.as_bytes()).ok()?;
    let statement: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    let predicate = statement.get("predicate")?;
    Some((unhex(predicate.get("root")?.as_str()?)?, predicate.get("records")?.as_u64()?))
}

impl InclusionProof {
    /// Returns a proof, with the path from the leaf to the root.
    #[must_use]
    pub fn new(file: String, record: u64, text: String, path: &[Hash], seal: serde_json::Value) -> Self {
        Self { version: 1, file, record, text, path: path.iter().map(hex).collect(), seal }
    }

    /// Checks that the record is in the file of a seal whose signature is verified.
    ///
    /// # Errors
    ///
    /// If it is not, or the proof cannot be read.
    pub fn check(&self, seal: &LogSeal) -> Result<(), ProofError> {
        if self.version != 1 {
            return Err(ProofError::Version);
        }
        let index = self.record.checked_sub(1).filter(|index| *index < seal.records).ok_or(ProofError::NoRecord)?;
        let path: Option<Vec<Hash>> = self.path.iter().map(|digits| unhex(digits)).collect();
        let root = path.and_then(|path| root_of(leaf(self.text.as_bytes()), index, seal.records, &path));
        if root.is_some() && root == unhex(&seal.root) { Ok(()) } else { Err(ProofError::Root) }
    }
}
