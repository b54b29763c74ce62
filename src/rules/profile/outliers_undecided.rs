//! `profile/outliers-undecided`

use crate::documents::Document;
use crate::documents::field::Map;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// What is to become of outliers should be decided.
    ///
    /// Outliers that were found and forgotten pull means and scales towards them. Whether they are real and stay, or are mistakes and go,
    /// is a decision that others must know: `treatment` is `kept`, `eliminated` or `capped`.
    ///
    /// ## Fails
    /// ```yaml base:credit-profile
    /// fields:
    ///   income: {type: number, outliers: {method: iqr, factor: 1.5, count: 167}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-profile
    /// fields:
    ///   income: {type: number, outliers: {method: iqr, factor: 1.5, count: 167, treatment: kept}}
    /// ```
    pub OUTLIERS_UNDECIDED = {
        id: "profile/outliers-undecided",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “Identify outliers”; step 4, “any outliers that were programmatically eliminated”",
        kinds: [Profile],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Profile(profile) = document else { return };
    for (.., field) in profile.fields.get().into_iter().flat_map(Map::iter) {
        let Some(outliers) = field.outliers.get().filter(|outliers| outliers.treatment.node().is_none()) else {
            continue;
        };
        let Some((count, node)) = outliers.count.located().filter(|(count, _)| **count > 0) else { continue };
        let message = format!("{count} outliers were found, and it does not say what became of them");
        out.push(cx.at_value(&OUTLIERS_UNDECIDED, node, message).help("add 'treatment': kept, eliminated or capped"));
    }
}
