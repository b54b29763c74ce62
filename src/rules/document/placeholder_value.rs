//! `document/placeholder-value`

use super::is_free;
use crate::documents::Kind;
use crate::rules::context::is_secret_name;
use crate::rules::{Context, Findings, declare_rule};
use crate::schema::required_names;

declare_rule! {
    /// A placeholder must be replaced by a real value, or the field left out.
    ///
    /// `TBD` was written to be replaced later, and later never came. `None` is how Python prints the absence of a value: in YAML it is an
    /// ordinary four-letter string. To a tool all of these are real values, so that a framework called `N/A` is looked up, and not found.
    /// The rule reports `TBD`, `TODO`, `FIXME`, `None`, `N/A`, `GUID`, `UUID`, `xxx`, `blah`, a value in angle brackets such as
    /// `<your name>`, and the `ref` of a preview or profile. It does not check fields that hold secrets, since a placeholder is right
    /// there, nor the values of tags, parameters and features.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// description: TBD
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
    /// name: credit-lake
    /// description: Loan applications of the retail branches, one file per month.
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    pub PLACEHOLDER_VALUE = {
        id: "document/placeholder-value",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.yml, “versionNotes: None”, “preview: ref”; experiment_tracking/experiment_example.yml, “GUID”; model_packaging/model_example.yml, “xxx”",
        kinds: [],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (node, text) in cx.strings() {
        if !is_placeholder(text) && text != "ref" {
            continue;
        }
        let key = cx.key_name(node);
        // `ref` is a placeholder only in a field that holds a reference.
        let is_other_ref = text == "ref" && !matches!(key, "preview" | "profile");
        // Of a waiver it is an error, `objective/waiver-incomplete`.
        let is_of_waiver = cx.kind == Kind::Objectives && matches!(key, "by" | "reason");
        if is_of_waiver || is_other_ref || cx.is_faulty(node) || is_secret_name(key) || is_free(cx, node) {
            continue;
        }
        let help = if required_names(cx.kind).contains(key) {
            "write the real value"
        } else {
            "write the real value, or leave the field out"
        };
        let message = format!("'{key}' still holds the placeholder '{text}'");
        out.push(cx.at_value(&PLACEHOLDER_VALUE, node, message).help(help));
    }
}

/// Whether a text is a placeholder in any field.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    // This runs for every value, and the first byte rules out most of them.
    if !text.starts_with(['x', 'X', '<', 'N', 'n', 'T', 't', 'F', 'G', 'U', 'b']) {
        return false;
    }
    let is_all_x = text.len() >= 3 && text.bytes().all(|byte| matches!(byte, b'x' | b'X'));
    let is_bracketed = text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .is_some_and(|inner| !inner.is_empty() && !inner.contains(['<', '>']));
    is_all_x
        || is_bracketed
        || matches!(text, "None" | "TBD" | "tbd" | "TODO" | "FIXME" | "GUID" | "UUID" | "N/A" | "n/a" | "blah")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_values_are_placeholders_and_words_in_a_text_are_not() {
        for text in ["None", "TBD", "xxx", "XXXXXXXX", "<your name>", "N/A", "GUID", "blah"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["none", "", "xx", "TODO list", "<b>bold</b>", "<>", "XXL", "ref", "${NAME}", "a <b>"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
