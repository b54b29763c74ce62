//! `reference/floating-module`

use super::steps;
use crate::documents::Document;
use crate::rules::naming::id_form::is_id;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A step should name the version of its module.
    ///
    /// A bare name is resolved when the pipeline is submitted: the same pipeline runs other code next month, and its
    /// results can be neither compared nor repeated. `prepare-loans@1.0.0`, or the id of a module version, always
    /// means the same.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     moduleName: prepare-loans
    ///     outputs: {features: {type: parquet}}
    ///   fit:
    ///     moduleName: fit-credit-model@2.1.0
    ///     inputs: {features: {from: prepare.features}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     moduleName: prepare-loans@1.0.0
    ///     outputs: {features: {type: parquet}}
    ///   fit:
    ///     moduleName: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    ///     inputs: {features: {from: prepare.features}}
    /// ```
    pub FLOATING_MODULE = {
        id: "reference/floating-module",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "modules/module.md: a reference to a Module is resolved to one of its versions at submission",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Pipeline(pipeline) = document else { return };
    for step in steps(pipeline) {
        let Some((module, node)) = step.module_name.located() else { continue };
        if module.contains('@') || is_id(module) || is_given_later(module) || cx.is_faulty(node) {
            continue;
        }
        let message = format!("the module {} is named without a version", cx.shown(node));
        out.push(cx.at_value(&FLOATING_MODULE, node, message).help(format!("write '{}@' and the version", &**module)));
    }
}
