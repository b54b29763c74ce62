//! `profile/constant-field`

use crate::documents::Document;
use crate::documents::field::{List, Map};
use crate::rules::{Context, Findings, declare_rule};
use crate::secrets::shortened;

declare_rule! {
    /// A field that has only one value tells nothing.
    ///
    /// No model can learn from a value that all examples have. Usually a filter of the query has fixed it, or a join has lost the others,
    /// and the model would meet values in production that it has never seen.
    ///
    /// ## Fails
    /// ```yaml base:credit-profile
    /// fields:
    ///   country: {type: string, distinct: 1}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-profile
    /// fields:
    ///   country: {type: string, distinct: 3}
    /// ```
    pub CONSTANT_FIELD = {
        id: "profile/constant-field",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “descriptive statistics on the included features”",
        kinds: [Profile],
        check: Typed(check),
    }
}

/// The maximum number of characters of a name in a message.
const LONGEST: usize = 60;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Profile(profile) = document else { return };
    if profile.rows.get().is_none_or(|rows| *rows < 2) {
        return;
    }
    for (name, node, field) in profile.fields.get().into_iter().flat_map(Map::iter) {
        let ends = field.minimum.get().zip(field.maximum.get());
        // Values that are listed contradict their number, which is another finding.
        let listed = field.top.get().map_or(0, |top| List::iter(top).count());
        let is_constant =
            (field.distinct.get() == Some(&1) && listed < 2) || ends.is_some_and(|(low, high)| low == high);
        if is_constant {
            let message = format!("all examples have the same value of '{}'", shortened(name, LONGEST));
            out.push(
                cx.at_key(&CONSTANT_FIELD, node, message).help("find out what has fixed it, or leave the field out"),
            );
        }
    }
}
