//! `transformation/counts-disagree`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// What was read, less what was removed, must be what was written.
    ///
    /// Examples that are neither written nor listed as removed were lost: by a join, a filter or an error that nobody noticed. The data
    /// that is left may be another population than that which the model is for.
    ///
    /// ## Fails
    /// ```yaml base:credit-features
    /// numRead: 18000
    /// numWritten: 17900
    /// eliminated:
    ///   - {reason: outlier, rule: income > 45000, count: 41}
    ///   - {reason: duplicate, count: 35}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-features
    /// numRead: 18000
    /// numWritten: 17924
    /// eliminated:
    ///   - {reason: outlier, rule: income > 45000, count: 41}
    ///   - {reason: duplicate, count: 35}
    /// ```
    pub COUNTS_DISAGREE = {
        id: "transformation/counts-disagree",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 4, “any outliers that were programmatically eliminated”",
        kinds: [Transformation],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Transformation(own) = document else { return };
    let (Some((read, read_node)), Some((written, node))) = (own.num_read.located(), own.num_written.located()) else {
        return;
    };
    let eliminated = own.eliminated.get().into_iter().flat_map(List::iter);
    let removed: u128 = eliminated.filter_map(|(_, part)| part.count.get().copied()).map(u128::from).sum();
    if u128::from(*written) + removed != u128::from(*read) {
        let message = format!("{read} examples were read and {removed} removed, so {written} cannot have been written");
        let finding = cx.at_value(&COUNTS_DISAGREE, node, message);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(read_node)), "the number that was read"));
    }
}
