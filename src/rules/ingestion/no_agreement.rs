//! `ingestion/no-agreement`

use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// If several people label, it should be recorded how well they agree.
    ///
    /// Where labelers disagree, the label is an opinion, and no model can be better than the opinions that it learns from. `agreement`
    /// tells how good the labels are: a metric such as Krippendorff's alpha, and its value.
    ///
    /// ## Fails
    /// ```yaml base:credit-ingestion
    /// labeling: {method: human, labelers: 3}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-ingestion
    /// labeling: {method: human, labelers: 3, agreement: {metric: krippendorff_alpha, value: 0.82}}
    /// ```
    pub NO_AGREEMENT = {
        id: "ingestion/no-agreement",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 2, “may include labeling”",
        kinds: [Ingestion],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Ingestion(own) = document else { return };
    let Some(labeling) = own.labeling.get().filter(|labeling| labeling.agreement.get().is_none()) else { return };
    if let Some((number, node)) = labeling.labelers.located().filter(|(number, _)| **number > 1) {
        let message = format!("{number} people label each example, and it does not say how well they agree");
        out.push(
            cx.at_value(&NO_AGREEMENT, node, message).help("measure it, and add 'agreement' with 'metric' and 'value'"),
        );
    }
}
