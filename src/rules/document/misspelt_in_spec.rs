//! `document/misspelt-in-spec`

use crate::rules::declare_rule;

declare_rule! {
    /// A field must be spelled as in the examples, not as in a typo of the specification's text.
    ///
    /// The prose of the specification misspells a few fields or gives them two names, and documents copy that. Tools that follow the
    /// examples do not find `endpoing`. The intended field is understood and checked; only its name must be changed.
    ///
    /// | as written | canonical |
    /// |---|---|
    /// | `endpoing` | `endpoint` |
    /// | `secorable_model_local` | `scorable_model_local` |
    /// | `model_feature_schema_source` | `model_features_schema_source` |
    /// | `data_stores_file_paths` | `data_store_file_paths` |
    /// | `training_data_url` | `url` |
    /// | `metrics_type`, `directory` of the evaluation metrics | `type`, `in` |
    ///
    /// ## Fails
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
    ///       endpoing: https://s3.eu-central-1.amazonaws.com
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
    ///
    /// ## Fix
    /// `--fix` renames the field, unless the same mapping already has a field of the right name.
    pub MISSPELT_IN_SPEC = {
        id: "document/misspelt-in-spec",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "model_packaging/model_packaging.md, “endpoing”, “secorable_model_local”, “model_feature_schema_source”",
        kinds: [],
        check: Schema(None),
    }
}
