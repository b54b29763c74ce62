//! What is remembered of each record, so that all records can be compared with each other.

use std::hash::{BuildHasher, Hasher, RandomState};

use rustc_hash::FxHasher;
use sha2::{Digest, Sha256};

use crate::documents::Kind;

/// The number of bytes of an entry where it is stored.
pub(super) const ENTRY_BYTES: usize = 58;

/// A record with a request id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordEntry {
    /// The request.
    pub request: RequestKey,
    /// The number of the file among those that are checked.
    pub file: u32,
    /// The position of the record in its file, from 0.
    pub record: u64,
    /// The kind, as the number of its role: 0 for a log, 1 for a request, 2 for a prediction.
    pub role: u8,
    /// Whether it is marked as final.
    pub is_final: bool,
    /// Whether its id does not fit its field, which is told already.
    pub is_faulty: bool,
    /// The time of the request, in nanoseconds since the beginning of 1970; `None` if it cannot be read.
    pub time: Option<i64>,
    /// A hash of the application; 0 if none is named.
    pub application: u64,
    /// A hash of all that is written.
    pub written: u64,
}

/// A request id as a number. Different ids have different numbers, except with a probability that is less than that of a fault of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestKey {
    form: u8,
    number: u128,
}

impl RequestKey {
    /// Returns the number of an id. A UUID in its canonical form is its own 128 bits, and up to 16 bytes stand for themselves. Of a longer id,
    /// the first 128 bits of its SHA-256 are taken: among a thousand million ids, two have the same with a probability below 2 × 10⁻²¹, and
    /// nobody can make ids that have.
    #[must_use]
    pub fn of(id: &str) -> Self {
        let bytes = id.as_bytes();
        if let Some(number) = uuid(bytes) {
            return Self { form: u8::MAX, number };
        }
        let short = bytes.len() <= 16;
        let number = match short {
            true => bytes.iter().fold(0, |number, byte| number << 8 | u128::from(*byte)),
            false => Sha256::digest(bytes).iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte)),
        };
        Self { form: if short { u8::try_from(bytes.len()).unwrap_or(0) } else { u8::MAX - 1 }, number }
    }
}

fn uuid(bytes: &[u8]) -> Option<u128> {
    let mut number = 0;
    if bytes.len() != 36 {
        return None;
    }
    for (at, byte) in bytes.iter().enumerate() {
        let digit = match (at, byte) {
            (8 | 13 | 18 | 23, b'-') => continue,
            (8 | 13 | 18 | 23, _) => return None,
            (_, b'0'..=b'9') => byte - b'0',
            (_, b'a'..=b'f') => byte - b'a' + 10,
            _ => return None,
        };
        number = number << 4 | u128::from(digit);
    }
    Some(number)
}

/// Returns the number of the role of a kind of records.
#[must_use]
pub fn role_of(kind: Kind) -> u8 {
    match kind {
        Kind::InferencePrediction => 2,
        Kind::InferenceRequest => 1,
        _ => 0,
    }
}

/// The role of a prediction.
const PREDICTION: u8 = 2;

/// Makes numbers of texts that are only compared within one run. They are random, so that nobody can make two texts meet.
#[derive(Clone, Debug)]
pub struct TextHasher {
    of_ids: RandomState,
    seed: u64,
}

impl Default for TextHasher {
    fn default() -> Self {
        let of_ids = RandomState::new();
        Self { seed: of_ids.hash_one(0), of_ids }
    }
}

impl TextHasher {
    /// Returns the number of an id; never 0.
    #[must_use]
    pub fn number_of(&self, id: &str) -> u64 {
        self.of_ids.hash_one(id).max(1)
    }

    /// Returns the number of a whole record. It costs a fraction of that of an id: records with one number are compared before they are called
    /// equal.
    #[must_use]
    pub fn number_of_record(&self, written: &str) -> u64 {
        let mut hasher = FxHasher::default();
        hasher.write_u64(self.seed);
        hasher.write(written.as_bytes());
        hasher.finish()
    }
}

impl RecordEntry {
    /// The order in which records are compared: those of a request together, requests before predictions, and then by place.
    pub(super) fn order(&self) -> (RequestKey, bool, u32, u64) {
        (self.request, self.is_prediction(), self.file, self.record)
    }

    pub(super) fn is_prediction(&self) -> bool {
        self.role == PREDICTION
    }

    pub(super) fn to_bytes(self) -> [u8; ENTRY_BYTES] {
        let mut bytes = [0; ENTRY_BYTES];
        let flags = u8::from(self.is_final) | u8::from(self.is_faulty) << 1 | u8::from(self.time.is_some()) << 2;
        let parts: [&[u8]; 9] = [
            &[self.request.form],
            &self.request.number.to_le_bytes(),
            &self.file.to_le_bytes(),
            &self.record.to_le_bytes(),
            &[self.role],
            &[flags],
            &self.time.unwrap_or(0).to_le_bytes(),
            &self.application.to_le_bytes(),
            &self.written.to_le_bytes(),
        ];
        let mut rest = bytes.as_mut_slice();
        for part in parts {
            if let Some((own, later)) = std::mem::take(&mut rest).split_at_mut_checked(part.len()) {
                own.copy_from_slice(part);
                rest = later;
            }
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; ENTRY_BYTES]) -> Self {
        let mut rest = bytes.as_slice();
        let mut next = |count: usize| {
            let (own, later) = rest.split_at_checked(count).unwrap_or_default();
            rest = later;
            own.iter().rev().fold(0_u128, |number, byte| number << 8 | u128::from(*byte))
        };
        // Each number has as many bytes as it was written with, so that nothing is cut off.
        let form = next(1) as u8;
        let request = RequestKey { form, number: next(16) };
        let (file, record, role, flags) = (next(4) as u32, next(8) as u64, next(1) as u8, next(1) as u8);
        let (time, application, written) = (next(8) as u64 as i64, next(8) as u64, next(8) as u64);
        let (is_final, is_faulty) = (flags & 1 != 0, flags & 2 != 0);
        let time = (flags & 4 != 0).then_some(time);
        Self { request, file, record, role, is_final, is_faulty, time, application, written }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_entry_is_read_as_it_was_written(id in ".{0,40}", file: u32, record: u64, role in 0_u8..3, is_final: bool, is_faulty: bool, time: Option<i64>, application: u64, written: u64) {
            let request = RequestKey::of(&id);
            let entry = RecordEntry { request, file, record, role, is_final, is_faulty, time, application, written };
            prop_assert_eq!(RecordEntry::from_bytes(&entry.to_bytes()), entry);
        }

        #[test]
        fn different_ids_have_different_numbers(a in "[\0a]{0,17}|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", b in "[\0a]{0,17}") {
            prop_assert_eq!(RequestKey::of(&a) == RequestKey::of(&b), a == b);
            prop_assert!(a.to_uppercase() == a || RequestKey::of(&a) != RequestKey::of(&a.to_uppercase()));
        }
    }
}
