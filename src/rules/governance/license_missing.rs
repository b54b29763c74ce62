//! `governance/license-missing`

use super::{given, is_whole_model};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A model, and the data that it was trained on, must say under which license they may be used.
    ///
    /// Without a license nobody but its author may copy a model, build on it or serve it, whatever the author intended. Whoever finds it in
    /// a catalog has to ask, and most will not. The license of the data decides what may be done with the model, too.
    ///
    /// The rule applies to whole models, and to their `data` section if they have one, but not to files that hold only some sections. For a
    /// license without an SPDX identifier write `LicenseRef-` and a name, such as `LicenseRef-Contoso-Internal`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// framework: {name: lightgbm, version: 4.5.0}
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// data:
    ///   source_id: loan-applications
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// framework: {name: lightgbm, version: 4.5.0}
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// data:
    ///   source_id: loan-applications
    ///   license: LicenseRef-Contoso-Internal
    /// ---
    /// # Sections of a model, whose license another file says.
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// data:
    ///   source_id: loan-applications
    /// ```
    pub LICENSE_MISSING = {
        id: "governance/license-missing",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model.yaml, “license: (Optional) License for this model.”; data sets of the Machine Learning eXchange require one",
        kinds: [Model],
        check: Any(check),
    }
}

const HELP: &str =
    "add `license:` with an SPDX expression, such as Apache-2.0, or LicenseRef-… for a license of your own";

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !is_whole_model(cx) {
        return;
    }
    // An empty license exists, and is reported as empty.
    let is_missing = |keys: &[&str]| cx.find(cx.root, keys).is_none_or(|node| cx.tree.is_null(node));
    if is_missing(&["license"]) {
        out.push(cx.at_key(&LICENSE_MISSING, cx.root, "this model has no license").help(HELP));
    }
    if let Some(data) = given(cx, cx.root, &["data"]).filter(|_| is_missing(&["data", "license"])) {
        out.push(cx.at_key(&LICENSE_MISSING, data, "the data of this model has no license").help(HELP));
    }
}
