//! `transformation/deprecated-field-used`

use crate::documents::common::Status;
use crate::documents::data_schema::LifecycleStage;
use crate::documents::roles::FieldRole;
use crate::rules::reference::unknown_data_field::schema_of;
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// A transformation must not read a field that its schema calls deprecated.
    ///
    /// A deprecated field is for no new model: its source ends, or its values are wrong. A model that is built on it today fails when the
    /// field goes. A transformation that is deprecated or archived itself need not be changed.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema,credit-features
    /// kind: data-schema
    /// fields:
    ///   - {name: income, type: number, lifecycleStage: DEPRECATED}
    /// ---
    /// kind: transformation
    /// schema: loans@1.0.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema,credit-features
    /// kind: data-schema
    /// fields:
    ///   - {name: income, type: number, lifecycleStage: PRODUCTION}
    /// ---
    /// kind: transformation
    /// schema: loans@1.0.0
    /// ```
    pub DEPRECATED_FIELD_USED = {
        id: "transformation/deprecated-field-used",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “Schema can also be used to prevent bad/drift in incoming data”",
        kinds: [Transformation],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    if workspace.own.object.status.is_some_and(|status| status != Status::Active) {
        return;
    }
    let Some((schema, document)) = schema_of(workspace) else { return };
    let fields = schema.fields_by_name();
    for node in cx.fields(FieldRole::DataField) {
        let own = cx.tree.text(node).and_then(|name| fields.get(name));
        let stage = own.and_then(|field| field.lifecycle_stage.located());
        if let Some((LifecycleStage::Deprecated, place)) = stage {
            let message = format!("the field {} is deprecated", cx.shown(node));
            let finding = cx.at_value(&DEPRECATED_FIELD_USED, node, message);
            out.push(workspace.relate(finding, document, Some(place), "deprecated here"));
        }
    }
}
