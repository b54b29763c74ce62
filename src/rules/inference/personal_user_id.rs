//! `inference/personal-user-id`

use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The id of a user should be no address by which the person is known.
    ///
    /// A log is kept long and read by many. An e-mail address in it says who asked for a loan; an id of your own says the same to those
    /// who may know it, and to nobody else. The rule applies to records of version 0.2.0.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-request
    /// mlSpecVersion: 0.2.0
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-09-01T08:00:03Z}
    /// modelId: credit-default/2.1.0
    /// userId: jane.meyer@contoso.com
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-request
    /// mlSpecVersion: 0.2.0
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-09-01T08:00:03Z}
    /// modelId: credit-default/2.1.0
    /// userId: u-17
    /// ```
    pub PERSONAL_USER_ID = {
        id: "inference/personal-user-id",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 13: an “NCSA-style record per inference request”",
        kinds: [InferenceLog, InferencePrediction, InferenceRequest],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(node) = cx.find(cx.root, &["userId"]).filter(|node| cx.is_newest() && !cx.is_faulty(*node)) else {
        return;
    };
    if cx.tree.string(node).is_some_and(is_address) {
        let message = "the id of the user is an e-mail address, which says who it is";
        out.push(cx.at_value(&PERSONAL_USER_ID, node, message).help("record an id that only your own systems know"));
    }
}

fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.trim().split_once('@') else { return false };
    !name.is_empty() && host.contains('.') && !text.trim().contains(char::is_whitespace)
}
