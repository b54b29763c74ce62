//! `document/empty-string`

use super::is_free;
use crate::diagnostics::{Finding, Fix, Part, Place};
use crate::documents::Kind;
use crate::rules::{Context, Findings, declare_rule};
use crate::schema::required_names;
use crate::yaml::{Entry, NodeStyle, Tree, edit};

declare_rule! {
    /// A field without a value should be left out rather than set to an empty string.
    ///
    /// Readers treat a missing field as “use the default” and an empty string as a value: `url: ""` overwrites the default with nothing,
    /// and `path: ""` may name the root of a bucket. Values of tags, parameters and features are not checked, since an empty string can be
    /// intended there.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// description: ""
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
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    ///
    /// ## Fix
    /// `--fix` removes the field, unless it is a required one or the only one in its mapping.
    pub EMPTY_STRING = {
        id: "document/empty-string",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "the Machine Learning eXchange, models/README: an empty string overwrites the default value",
        kinds: [],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (node, _) in cx.strings().filter(|(_, text)| is_blank(text)) {
        if !matches!(cx.tree.style(node), NodeStyle::SingleQuoted | NodeStyle::DoubleQuoted) {
            continue;
        }
        let Some(entry) = cx.tree.entry_of(cx.home(node)).filter(Entry::is_live) else { continue };
        if !cx.is_faulty(node) && !is_free(cx, node) {
            out.push(finding(cx.tree, cx.kind, cx.place(node, Part::Value), entry));
        }
    }
}

/// Returns whether a text is of white space. The first byte tells most texts apart.
fn is_blank(text: &str) -> bool {
    !text.as_bytes().first().is_some_and(u8::is_ascii_graphic) && text.trim().is_empty()
}

/// Returns the finding about an entry whose value is an empty string. Also used if the schema of an optional field rejects the value as too
/// short.
#[must_use]
pub fn finding(tree: &Tree, kind: Kind, place: Place, entry: Entry) -> Finding {
    let key = tree.key_name(entry.key);
    if required_names(kind).contains(key) {
        return Finding::new(&EMPTY_STRING, place, format!("'{key}' is an empty string; give it a value"));
    }
    let fix = edit::remove_entry(tree, entry).map(|edits| Fix::safe(format!("remove '{key}'"), edits));
    Finding::new(&EMPTY_STRING, place, format!("'{key}' is an empty string; leave it out")).fix(fix)
}
