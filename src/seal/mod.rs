//! Seals of logs: a signed statement of which records a file has, in which order, and which file came before it.
//!
//! Over the records of a file stands a Merkle tree ([`merkle`]). Its root is signed in an in-toto statement ([`LogSeal`]), in the envelope that
//! attestations of the gate have, too. Each seal names the one before it by its digest, so that the files are a chain. The log itself is not
//! changed, and each record can be proved without the others ([`InclusionProof`]).
//!
//! A seal shows that records were altered, removed, added or reordered, and that a file inside the chain is missing or replaced. It cannot
//! show that the last files were dropped, unless their head is kept elsewhere, nor what was forged before it was sealed.

mod changes;
pub mod merkle;
mod proof;
mod records;
mod statement;

pub use changes::{ChangedRecords, RecordChange, changes};
pub use proof::{InclusionProof, ProofError, unverified_root};
pub use records::{RecordVisitor, SealedRecords, read_records};
pub use statement::{BLOCK_SIZE, LogSeal, SealBlocks, hex, unhex};
