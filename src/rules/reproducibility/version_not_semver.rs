//! `reproducibility/version-not-semver`

use crate::diagnostics::Applicability;
use crate::rules::declare_rule;

declare_rule! {
    /// A version should be a semantic version: three numbers such as `1.2.0`.
    ///
    /// From `1.2.0` to `2.0.0` something broke, from `1.2.0` to `1.2.1` something was fixed: people and tools rely on that to decide what
    /// they may upgrade to. A version such as `1` or `latest` does not say, and cannot be ordered with the others.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: "1.2"
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.2.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` adds the missing numbers and removes a leading `v`. Review it: other documents may refer to the old version.
    pub VERSION_NOT_SEMVER = {
        id: "reproducibility/version-not-semver",
        severity: Warning,
        since: "0.1.0",
        fix: Unsafe,
        source: "model_packaging/README.md, “Track breaking changes on models through semantic versioning”",
        kinds: [],
        check: Schema(Some(mend)),
    }
}

/// Completes a version: `1` → `1.0.0`, `v1.2` → `1.2.0`; what follows the numbers is kept. Other forms do not say which version is meant.
fn mend(version: &str) -> Option<(String, Applicability)> {
    let version = version.trim().trim_start_matches(['v', 'V']);
    let core_end = version.find(['-', '+']).unwrap_or(version.len());
    let (core, suffix) = version.split_at_checked(core_end)?;
    let mut numbers = core.split('.').map(str::parse::<u64>).collect::<Result<Vec<_>, _>>().ok()?;
    if numbers.len() > 3 {
        return None;
    }
    numbers.resize(3, 0);
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    let mended = format!("{}{suffix}", numbers.join("."));
    semver::Version::parse(&mended).is_ok().then_some((mended, Applicability::Unsafe))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_missing_are_zero() {
        for (version, expected) in
            [("1", "1.0.0"), ("1.2", "1.2.0"), ("v1.2.3", "1.2.3"), ("1.02.3", "1.2.3"), ("2.0-rc.1", "2.0.0-rc.1")]
        {
            assert_eq!(mend(version).map(|(mended, _)| mended).as_deref(), Some(expected), "{version}");
        }
        for version in ["latest", "1.2.3.4", "", "v", "2026/08", "1..2", "+1"] {
            assert_eq!(mend(version), None, "{version}");
        }
    }

    #[test]
    fn what_comes_before_a_release_has_no_leading_zeros() {
        let about = |version: &str| {
            let text = format!(
                "kind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: loans\nstate: Active\n\
                 version: \"{version}\"\nlocation: s3://credit/loans.csv\n"
            );
            let own =
                crate::rules::testing::found(&text).into_iter().filter(|(rule, ..)| *rule == VERSION_NOT_SEMVER.id);
            own.count()
        };
        for version in
            ["1.0.0-rc.01", "1.0.0-01", "1.0.0-a..b", "1.0.0-", "1.0.0-a.", "1.0.0+", "1.0.0+a..b", "1.0.0-a+b+c"]
        {
            assert_eq!(about(version), 1, "{version}");
        }
        for version in
            ["1.0.0-rc.1", "1.0.0-0", "1.0.0-0a", "1.0.0-01a.x-y", "1.0.0+01", "1.0.0-rc.1+build.007", "1.0.0--"]
        {
            assert_eq!(about(version), 0, "{version}");
        }
    }
}
