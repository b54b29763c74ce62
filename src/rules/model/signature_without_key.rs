//! `model/signature-without-key`

use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The signature of a model must name its key and its file.
    ///
    /// A signature proves that a file is the one that somebody released, if one knows whose key made it and where it is. `keyid` names the
    /// key, `file` the file with the signature. The rule applies to documents of version 0.2.0.
    ///
    /// ## Fails
    /// ```yaml base:credit-model
    /// signing: {format: dsse, file: signatures/credit-2.1.0.json}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-model
    /// signing: {format: dsse, keyid: release-2026, file: signatures/credit-2.1.0.json}
    /// ```
    pub SIGNATURE_WITHOUT_KEY = {
        id: "model/signature-without-key",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 10, “additional security constraints, monitoring agents, signing”",
        kinds: [Model],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Model(own) = document else { return };
    let Some((_, node)) = own.signing.located().filter(|_| cx.is_newest() && cx.is_complete()) else { return };
    let says = |key: &str| cx.find(node, &[key]).is_some_and(|node| !cx.tree.is_blank(node) && !cx.tree.is_null(node));
    if let Some(missing) = ["keyid", "file"].into_iter().find(|key| !says(key)) {
        let message = format!("the signature does not say its '{missing}'");
        out.push(cx.at_key(&SIGNATURE_WITHOUT_KEY, node, message));
    }
}
