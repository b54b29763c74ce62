//! Fingerprints: the stable identity of a finding.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Finding;

/// Bytes of the hash that are kept: 128 bits make chance collisions negligible, and 32 digits still fit a line.
const BYTES: usize = 16;

/// The identity of a finding: 32 hexadecimal digits.
///
/// It is derived from rule, file, YAML path and message, not from the position, so it survives edits elsewhere in the file.
/// Findings of one file that agree in all of these are numbered, so that each has its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
#[schemars(extend("pattern" = "^[0-9a-f]{32}$"))]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Returns the hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn new(parts: &[&str], ordinal: usize) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // The length separates the parts unambiguously: no text can imitate the boundary between two of them.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.update((ordinal as u64).to_le_bytes());
        let digits = hash.finalize().iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect();
        Self(digits)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the fingerprints of the findings of one file, in their order.
#[must_use]
pub fn fingerprints(file: &str, findings: &[Finding]) -> Vec<Fingerprint> {
    let mut seen: HashMap<[&str; 3], usize> = HashMap::new();
    let fingerprint = |finding| {
        let Finding { rule, message, place, identity, .. }: &Finding = finding;
        let path = identity.as_deref().unwrap_or(&place.pointer);
        let ordinal = seen.entry([rule.id, path, message]).or_default();
        *ordinal += 1;
        Fingerprint::new(&[rule.id, file, path, message], *ordinal)
    };
    findings.iter().map(fingerprint).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Part, Place};
    use crate::text::Span;

    fn finding(pointer: &str, message: &str, at: u32) -> Finding {
        let place = Place { document: 0, pointer: pointer.into(), part: Part::Value, span: Span::empty(at) };
        Finding::new(crate::rules::all()[0], place, message)
    }

    #[test]
    fn equal_findings_get_different_fingerprints_and_the_first_keeps_its_own() {
        let one = fingerprints("a.yml", &[finding("/a", "wrong", 1)]);
        let two = fingerprints("a.yml", &[finding("/a", "wrong", 1), finding("/a", "wrong", 9)]);
        assert_eq!(one[0], two[0]);
        assert_ne!(two[0], two[1]);
    }

    #[test]
    fn the_position_does_not_count_but_file_path_and_message_do() {
        let of = |file, pointer, message, at| fingerprints(file, &[finding(pointer, message, at)]).remove(0);
        let base = of("a.yml", "/a", "wrong", 1);
        assert_eq!(base, of("a.yml", "/a", "wrong", 77));
        assert_ne!(base, of("b.yml", "/a", "wrong", 1));
        assert_ne!(base, of("a.yml", "/b", "wrong", 1));
        assert_ne!(base, of("a.yml", "/a", "worse", 1));
        assert_ne!(of("a.yml", "/ab", "c", 1), of("a.yml", "/a", "bc", 1));
        assert_eq!(base.as_str().len(), 2 * BYTES);
        assert!(base.as_str().bytes().all(|digit| digit.is_ascii_hexdigit() && !digit.is_ascii_uppercase()));
    }
}
