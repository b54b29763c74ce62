//! `naming/name-characters`

use super::slug;
use crate::diagnostics::Applicability;
use crate::rules::declare_rule;

declare_rule! {
    /// A name may hold only letters, digits, `-` and `_`, and starts with a letter or digit.
    ///
    /// Names end up in paths, URLs, commands and labels, where a space or a slash means something else. For a model the
    /// finding is a warning: `model_identifier` identifies it, and its name is for people to read.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: Credit lake (Europe)
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: Credit-lake_Europe
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` replaces characters that are not allowed with hyphens. Review it: other documents may refer to the old name.
    pub NAME_CHARACTERS = {
        id: "naming/name-characters",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "common/object.md, “alphanumeric characters, hyphens (-), and underscores (_)”, “should start with an alphanumeric character”",
        kinds: [],
        check: Schema(Some(mend)),
    }
}

fn mend(name: &str) -> Option<(String, Applicability)> {
    let slug = slug(name, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))?;
    (slug.len() <= 255).then_some((slug, Applicability::Unsafe))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_allowed_becomes_a_hyphen() {
        let mended = |name| mend(name).map(|(slug, _)| slug);
        assert_eq!(mended("test experiment run").as_deref(), Some("test-experiment-run"));
        assert_eq!(mended("_Credit lake (Europe)").as_deref(), Some("Credit-lake-Europe"));
        assert_eq!(mended("Kreditausfälle 2026").as_deref(), Some("Kreditausf-lle-2026"));
        assert_eq!(mended("a - b"), Some("a-b".to_owned()));
        assert_eq!(mended("信用"), None);
    }
}
