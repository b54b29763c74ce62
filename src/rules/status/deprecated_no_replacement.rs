//! `status/deprecated-no-replacement`

use crate::documents::Document;
use crate::documents::common::Status;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A deprecated dataset should name the one that replaces it.
    ///
    /// Whoever gets the warning that a dataset is deprecated wants to know what to use instead. With `replacedBy` the warning can say so;
    /// without it everybody asks the author, who moved to another team long ago.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Deprecated
    /// version: 1.0.0
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
    /// state: Deprecated
    /// replacedBy: loans-2026-08@2.0.0
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: loans-2026-08
    /// state: Active
    /// version: 2.0.0
    /// location: s3://credit-default/2026/08/loans-corrected.csv
    /// digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// ```
    pub DEPRECATED_NO_REPLACEMENT = {
        id: "status/deprecated-no-replacement",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “usage is no longer recommended and a replacement available”",
        kinds: [Dataset],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Dataset(dataset) = document else { return };
    let is_replaced = dataset.replaced_by.node().is_some_and(|node| !cx.tree.is_null(node));
    let node = match (dataset.state.located(), dataset.is_deprecated.located()) {
        _ if is_replaced => return,
        (Some((Status::Deprecated, node)), _) => node,
        // Without a state, which is another fault, the older field counts.
        (None, Some((true, node))) if dataset.state.node().is_none() => node,
        _ => return,
    };
    let message = "the dataset is deprecated, but nothing says what replaces it";
    let help = "name the dataset to use instead in replacedBy, as name@version";
    out.push(cx.at_value(&DEPRECATED_NO_REPLACEMENT, node, message).help(help));
}
