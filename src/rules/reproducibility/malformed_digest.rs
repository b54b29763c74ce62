//! `reproducibility/malformed-digest`

use crate::rules::declare_rule;

declare_rule! {
    /// A digest must name its algorithm and be complete: `sha256:` and 64 hexadecimal digits.
    ///
    /// A digest exists to prove that the content is still the same. A shortened one proves little, since other content can be found that
    /// begins with the same seven digits, and one without its algorithm cannot be checked at all. `sha512:` with 128 digits and `sha1:`
    /// with 40 are accepted too.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: 9f86d08
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    pub MALFORMED_DIGEST = {
        id: "reproducibility/malformed-digest",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, “signed datasets”; digests in official samples are cut to 7 digits",
        kinds: [],
        check: Schema(None),
    }
}
