//! `document/versions-disagree`

use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A model card that gives its version under both names must give the same one.
    ///
    /// A model card says the edition of the specification under `specVersion`; `mlSpecVersion`, as in other kinds, means the same. A reader
    /// looks at one of the two: if they differ, two readers read the card by different rules.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model-card
    /// specVersion: 0.0.1
    /// mlSpecVersion: 0.1.0
    /// framework: {name: tensorflow, version: 2.16.1}
    /// custom: {origin: {pipeline: train-credit-default}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model-card
    /// specVersion: 0.1.0
    /// mlSpecVersion: 0.1.0
    /// framework: {name: tensorflow, version: 2.16.1}
    /// custom: {origin: {pipeline: train-credit-default}}
    /// ```
    pub VERSIONS_DISAGREE = {
        id: "document/versions-disagree",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_example.yml, “specVersion”; data/dataset.yml, “mlSpecVersion”",
        kinds: [ModelCard],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::ModelCard(card) = document else { return };
    if let (Some((own, node)), Some((other, second))) = (card.spec_version.located(), card.ml_spec_version.located())
        && **own != **other
        && !cx.is_faulty(node)
        && !cx.is_faulty(second)
    {
        let message = format!("'mlSpecVersion' is {}, and 'specVersion' {}", cx.shown(second), cx.shown(node));
        let finding =
            cx.at_value(&VERSIONS_DISAGREE, second, message).help("leave out one of them, or give the same version");
        out.push(finding.related(cx.tree.span(cx.tree.resolve(node)), "the version of the card"));
    }
}
