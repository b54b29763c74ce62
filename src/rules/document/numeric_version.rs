//! `document/numeric-version`

use crate::diagnostics::Fix;
use crate::documents::Document;
use crate::rules::reproducibility::unpinned_dependency::{dependency, may_require};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::{NodeId, Number, ScalarType, Tree, edit};

declare_rule! {
    /// A version must be quoted when it would otherwise be read as a number.
    ///
    /// Without quotes, `1.10` is the number 1.1, and `3.0` may come back as `3`: whoever pins the version then installs
    /// another release than the one that the model was trained with. A version with two dots, such as `1.10.0`, needs
    /// no quotes. Among the packages that a model needs, versions that read as they are written may stay numbers.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// framework:
    ///   name: pytorch
    ///   version: 1.10
    /// ```
    ///
    /// ```yaml
    /// kind: metadata
    /// mlSpecVersion: 0.1.0
    /// framework:
    ///   name: pytorch
    ///   version: 2.4.0
    ///   requirement: {torchvision: 1.10}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// framework:
    ///   name: pytorch
    ///   version: "1.10"
    /// ```
    ///
    /// ## Fix
    /// `--fix` puts the version in quotes. Where the number reads as something else, such as `1.10` as 1.1, `--unsafe-fixes` does it: whoever
    /// has read the number gets another version from then on. Where only a semantic version is allowed, `--unsafe-fixes` completes it: `1`
    /// becomes `1.0.0`.
    pub NUMERIC_VERSION = {
        id: "document/numeric-version",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "model_packaging/model_example.yml, “version: 1.7”",
        kinds: [],
        check: SchemaAndTyped(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut misread = cx.scalars().filter_map(|node| Some((node, misread(cx.tree, node)?))).peekable();
    // Few documents have such a number, and fewer require anything; it costs most to find what.
    if misread.peek().is_none() || !may_require(cx) {
        return;
    }
    for (node, read) in misread {
        let Some(dependency) = dependency(cx, node).filter(|_| !cx.is_faulty(node)) else { continue };
        let (text, name) = (cx.tree.text(node).unwrap_or_default(), dependency.name);
        let message = format!("version {text} of '{name}' is a YAML number, and reads as {read}");
        let fix = edit::quote(cx.tree, node).map(|edits| Fix::needs_review("quote it", edits));
        out.push(cx.at_value(&NUMERIC_VERSION, node, message).fix(fix));
    }
}

/// What becomes of a version that is read as a number, where that is something else: `1.10` and `1.1` are one and the same. `None` where
/// nothing is lost, or the value is no number.
pub(in crate::rules) fn misread(tree: &Tree, node: NodeId) -> Option<String> {
    if !matches!(tree.scalar_type(node)?, ScalarType::Integer | ScalarType::Float) {
        return None;
    }
    let text = tree.text(node)?;
    if is_as_printed(text.as_bytes()) {
        return None;
    }
    let read = match tree.number(node)? {
        Number::Signed(number) => number.to_string(),
        Number::Unsigned(number) => number.to_string(),
        Number::Float(number) => number.to_string(),
    };
    (read != text && read.len() <= text.len()).then_some(read)
}

/// Returns whether a text is certainly printed as it is written if it is read as a number, as most numbers are: digits without a needless
/// zero, as few as a number holds exactly. Printing takes far longer.
fn is_as_printed(text: &[u8]) -> bool {
    const MOST_DIGITS: usize = 15;
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let is_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let is_whole = |part: &[u8]| matches!(part, [b'0'] | [b'1'..=b'9', ..]) && is_digits(part);
    let is_fraction = |part: &[u8]| matches!(part, [.., b'1'..=b'9']) && is_digits(part);
    text.len() <= MOST_DIGITS && parts.next().is_some_and(is_whole) && parts.next().is_none_or(is_fraction)
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, lint_text};
    use crate::diagnostics::Applicability;
    use crate::rules::testing::found;

    #[test]
    fn the_message_tells_what_becomes_of_this_very_version() {
        for (version, message) in [
            ("1.10", "version 1.10 is a YAML number, and reads as 1.1"),
            ("3.0", "version 3.0 is a YAML number, and reads as 3"),
            ("0x10", "version 0x10 is a YAML number, and reads as 16"),
            ("1.7", "version 1.7 is a YAML number; a version is text"),
            ("20260822093000123", "version 20260822093000123 is a YAML number; a version is text"),
        ] {
            let text = format!("kind: model\nmlSpecVersion: 0.1.0\nframework: {{name: onnx, version: {version}}}\n");
            let found = found(&text);
            let messages: Vec<_> = found.iter().filter(|(rule, ..)| *rule == super::NUMERIC_VERSION.id).collect();
            assert_eq!(messages.iter().map(|(.., message)| message.as_str()).collect::<Vec<_>>(), [message]);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_looks_printed_is_printed_like_that(text in "-?[0-9]{0,9}[.]?[0-9]{0,9}") {
            if super::is_as_printed(text.as_bytes()) {
                let read = match crate::yaml::Number::parse(&text) {
                    Some(crate::yaml::Number::Signed(number)) => number.to_string(),
                    Some(crate::yaml::Number::Unsigned(number)) => number.to_string(),
                    Some(crate::yaml::Number::Float(number)) => number.to_string(),
                    None => String::new(),
                };
                proptest::prop_assert_eq!(read, text);
            }
        }
    }

    #[test]
    fn the_version_of_a_package_is_not_cut_short() {
        let about = |requirement: &str| {
            let text = format!(
                "kind: metadata\nmlSpecVersion: 0.1.0\nframework: {{name: pytorch, version: 2.4.0, requirement: {requirement}}}\n"
            );
            let found = found(&text).into_iter().filter(|(rule, ..)| *rule == super::NUMERIC_VERSION.id);
            found.map(|(_, place, _)| place).collect::<Vec<_>>()
        };
        for version in ["1.10", "3.0", "2.20", "0x10", "1.0"] {
            assert_eq!(about(&format!("{{torch: {version}}}")), [version]);
            assert_eq!(about(&format!("[{{torch: {version}}}, numpy==2.0.0]")), [version]);
        }
        for version in ["1.9", "24", "\"1.10\"", "1.10.0", "'3.0'"] {
            assert_eq!(about(&format!("{{torch: {version}}}")), [""; 0], "{version}");
        }
    }

    #[test]
    fn a_version_that_must_be_semantic_is_completed() {
        for (version, completed) in [("1", "1.0.0"), ("0.1", "0.1.0")] {
            let text = format!("kind: dataset\nmlSpecVersion: 0.1.0\nname: a\nversion: {version}\n");
            let fixed = crate::analysis::fix_text("a.yml", &text, &Options::default(), Applicability::Unsafe).text;
            assert!(fixed.contains(&format!("version: {completed}\n")), "{fixed}");
        }
    }

    #[test]
    fn a_fix_is_safe_where_nobody_has_read_another_version() {
        for (version, is_safe) in [("1.7", true), ("24", true), ("1.10", false), ("3.0", false)] {
            let text = format!("kind: model\nmlSpecVersion: 0.1.0\nframework: {{name: onnx, version: {version}}}\n");
            let report = lint_text("a.yml", &text, &Options::default());
            let fixes = report.findings.iter().filter(|finding| finding.rule.id == super::NUMERIC_VERSION.id);
            let safe: Vec<_> = fixes.flat_map(|finding| &finding.fixes).map(|fix| fix.applicability).collect();
            assert_eq!(safe, [if is_safe { Applicability::Safe } else { Applicability::Unsafe }], "{version}");
        }
    }
}
