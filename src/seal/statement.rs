//! The signed statement about a file of records.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::merkle::Hash;
use crate::objectives::attest::StatementPredicate;

/// The number of records whose root a seal gives beside that of the file: 65,536. It tells where a file was changed.
pub const BLOCK_SIZE: u64 = 1 << 16;

/// What a seal says of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSeal {
    /// The number of records.
    pub records: u64,
    /// The root of the Merkle tree over the records: 64 hexadecimal digits.
    pub root: String,
    /// The roots of the parts of the file.
    pub blocks: SealBlocks,
    /// The time of the first record that gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The time of the last record that gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The number of the file in its chain, from 1.
    pub sequence: u64,
    /// The SHA-256 of the payload of the seal before it: 64 hexadecimal digits; null for the first.
    pub previous: Option<String>,
}

impl StatementPredicate for LogSeal {
    const TYPE: &'static str = "https://github.com/mlspec/mlspec-lint/inference-log-seal/v1";
    const NOUN: &'static str = "seals of logs";
    const STATEMENT: &'static str = "the seal of a log";
}

/// The roots of the parts of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealBlocks {
    /// The number of records in each part but the last.
    pub size: u64,
    /// The root of each part, in order.
    pub roots: Vec<String>,
}

/// Returns a digest as 64 hexadecimal digits in lower case.
#[must_use]
pub fn hex(hash: &Hash) -> String {
    HEXLOWER.encode(hash)
}

/// Returns the digest that 64 hexadecimal digits in lower case stand for.
#[must_use]
pub fn unhex(digits: &str) -> Option<Hash> {
    HEXLOWER.decode(digits.as_bytes()).ok()?.try_into().ok()
}
