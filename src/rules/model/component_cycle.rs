//! `model/component-cycle`

use rustc_hash::FxHashSet;

use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::DocId;

declare_rule! {
    /// A model must not ask itself, directly or through other models.
    ///
    /// A model that asks another one waits for its answer. If that one, or one that it asks in turn, asks the first again, no request is ever
    /// answered. The `composition` of models is a graph without cycles, as that of a pipeline is.
    ///
    /// ## Fails
    /// ```yaml base:credit-model
    /// composition: [fraud-score@1.4.0]
    /// ---
    /// name: fraud-score
    /// model_identifier: fraud-score
    /// version: 1.4.0
    /// composition: [credit-default@2.1.0]
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-model
    /// composition: [fraud-score@1.4.0]
    /// ---
    /// name: fraud-score
    /// model_identifier: fraud-score
    /// version: 1.4.0
    /// ```
    pub COMPONENT_CYCLE = {
        id: "model/component-cycle",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 10: “required infrastructure”; model_packaging/model_packaging.yaml, which packages one model",
        kinds: [Model],
        check: Workspace(check),
    }
}

/// The maximum number of models that are looked at below one.
const MOST_LOOKED_AT: usize = 500;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let components = workspace.found().filter(|(reference, ..)| reference.role == ReferenceRole::Component);
    for (reference, member, id) in components {
        if id == workspace.id || asks(workspace, id, workspace.id) {
            let message = format!("this model asks {}, which asks this model", cx.shown(reference.node));
            let finding = cx.at_value(&COMPONENT_CYCLE, reference.node, message);
            let finding = finding.help("let one of them answer without the other");
            out.push(workspace.relate(finding, member, member.object.name, "the other model"));
        }
    }
}

/// Whether a model asks another one, directly or through others.
fn asks(workspace: &Linked<'_>, model: DocId, other: DocId) -> bool {
    let (mut open, mut seen) = (vec![model], FxHashSet::default());
    while let Some(id) = open.pop() {
        if id == other {
            return true;
        }
        let is_model = workspace.member(id).is_some_and(|member| member.kind == Kind::Model);
        if !is_model || !seen.insert(id) || seen.len() > MOST_LOOKED_AT {
            continue;
        }
        let components = workspace.references_of(id).filter(|(own, _)| own.role == ReferenceRole::Component);
        open.extend(components.filter_map(|(_, resolution)| resolution.found()));
    }
    false
}
