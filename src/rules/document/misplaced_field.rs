//! `document/misplaced-field`

use crate::rules::declare_rule;

declare_rule! {
    /// A field must be in the mapping that it belongs to.
    ///
    /// The field is known, but not here: tools look for it elsewhere and do not find it. `data_stores` inside `convert`
    /// leaves the document without data stores. Move the field, with everything under it, to where the message says.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// convert:
    ///   onnx_convertable: false
    ///   data_stores:
    ///     - name: credit-lake
    ///       type: s3
    ///       connection:
    ///         endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model:
    ///       data_store: credit-lake
    ///       bucket: credit-default
    ///       path: 1.2.0/model.onnx
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    pub MISPLACED_FIELD = {
        id: "document/misplaced-field",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_onnx_conversion.yaml nests data_stores in convert; its comments put onnx_model under model_source",
        kinds: [],
        check: Schema(None),
    }
}
