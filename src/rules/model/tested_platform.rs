//! `model/tested-platform`

use crate::diagnostics::Fix;
use crate::documents::Document;
use crate::documents::field::{List, Optional};
use crate::documents::model::{SERVING_PLATFORMS, TRAINING_PLATFORMS};
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::edit;

declare_rule! {
    /// A tested platform must be one that the specification knows.
    ///
    /// A deployment compares the platform that it runs on with this list, by name: under any other name the test might
    /// as well not have been done. Training is tested on `wml`, `ffdl` or `kubeflow`, serving on `kubernetes`,
    /// `knative`, `seldon`, `wml` or `kfserving`. `watsonml` and `kserve` are later names of `wml` and `kfserving`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   tested_platforms: [Kubernetes, kserve]
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   tested_platforms: [kubernetes, kfserving]
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// ```
    ///
    /// ## Fix
    /// `--fix` corrects upper and lower case, and replaces `watsonml` and `kserve`; `--unsafe-fixes` also corrects a
    /// misspelling.
    pub TESTED_PLATFORM = {
        id: "model/tested-platform",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "model_packaging/model_packaging.md, “current options: wml, ffdl, kubeflow”, “kubernetes, knative, seldon, wml, kfserving”",
        kinds: [Model],
        check: Typed(check),
    }
}

/// Later names of platforms, and their names in the specification.
const ALIASES: &[(&str, &str)] = &[("watsonml", "wml"), ("kserve", "kfserving")];

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Model(model) = document else { return };
    if let Some(train) = model.train.get() {
        check_list(&train.tested_platforms, "training", TRAINING_PLATFORMS, cx, out);
    }
    if let Some(serve) = model.serve.get() {
        check_list(&serve.tested_platforms, "serving", SERVING_PLATFORMS, cx, out);
    }
}

fn check_list(
    platforms: &Optional<List<String>>,
    what: &str,
    known: &'static [&'static str],
    cx: &Context<'_>,
    out: &mut Findings<'_>,
) {
    let Some((list, list_node)) = platforms.located() else { return };
    // A string instead of a list is another fault.
    if !cx.tree.is_sequence(list_node) {
        return;
    }
    for (node, platform) in list.iter() {
        if known.contains(&platform.as_str()) || is_given_later(platform) || cx.is_faulty(node) {
            continue;
        }
        let meant = meant(platform, known);
        let fix = |name: &str| {
            // A platform is not renamed to one that the list already has.
            let is_free = !list.iter().any(|(_, other)| other == name);
            let edits = is_free.then(|| edit::replace_scalar(cx.tree, cx.tree.resolve(node), name)).flatten()?;
            Some(Fix::safe(format!("use '{name}'"), edits))
        };
        let message = format!("{} is not a known {what} platform ({})", cx.shown(node), known.join(", "));
        let finding = cx.at_value(&TESTED_PLATFORM, node, message);
        out.push(match (meant, crate::text::nearest(platform, known.iter().copied())) {
            (Some(name), _) => finding.help(format!("it is called '{name}' here")).fix(fix(name)),
            (None, Some(near)) => finding
                .help(format!("did you mean '{near}'?"))
                .fix(fix(near).map(|fix| Fix::needs_review(fix.title, fix.edits))),
            (None, None) => finding,
        });
    }
}

/// Returns the known platform that a name certainly means.
fn meant(platform: &str, known: &'static [&'static str]) -> Option<&'static str> {
    let platform = platform.trim();
    let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(platform)).map(|(_, name)| *name);
    known.iter().copied().find(|name| alias == Some(*name) || name.eq_ignore_ascii_case(platform))
}
