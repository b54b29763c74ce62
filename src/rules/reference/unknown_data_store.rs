//! `reference/unknown-data-store`

use super::{DATA_STORES, check_names, is_fragment};
use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A data store must be defined in the model package that names it.
    ///
    /// `data_store: credit-lake` is only a name: the endpoint and the credentials are in the entry of `data_stores` with this name. Without
    /// it a job has nothing to connect to, and fails after its machines were started. A file that holds only sections of a model (no
    /// `name`, no `framework`, …) may leave `data_stores` to another file of the package; if it has that section, every data store that it
    /// names must be defined there.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lak, bucket: credit-default, path: 1.2.0/model.onnx}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    ///
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// framework:
    ///   name: onnx
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// ```
    ///
    /// ## Passes
    /// A whole package, and a file of another package that leaves its data stores to another file:
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// framework:
    ///   name: onnx
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ---
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: card-lake, bucket: card-default, path: 1.4.0/model.onnx}
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` replaces the name with that of a defined data store that is at most two letters away, if there is only one such.
    pub UNKNOWN_DATA_STORE = {
        id: "reference/unknown-data-store",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "model_packaging/model_packaging.md, “data_store: (Required) datastore for the model code source”; model_packaging.yaml, “festure_schema_datastore”",
        kinds: [Model],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Model(model) = document else { return };
    let is_trainable = model.train.get().is_some_and(|train| train.trainable.get() == Some(&true));
    // A trainable model without a list is one fault, and the schema reports it.
    let has_list = !DATA_STORES.definitions(cx).names.is_empty();
    if has_list || !is_trainable || is_fragment(cx) {
        check_names(&DATA_STORES, &UNKNOWN_DATA_STORE, cx, out);
    }
}
