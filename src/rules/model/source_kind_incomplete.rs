//! `model/source-kind-incomplete`

use crate::rules::declare_rule;

declare_rule! {
    /// The source of a model must say completely where the model is.
    ///
    /// In an object store that requires `data_store`, `bucket` and `path` (for scoring, `data_store_file_paths`); elsewhere a `url`; on the
    /// machine of the user a path in the source that ends in `_local`. With only some of the three, the deployment stops when it tries to
    /// fetch the model.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, path: 1.2.0/model.onnx}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    pub SOURCE_KIND_INCOMPLETE = {
        id: "model/source-kind-incomplete",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “(Required for s3 type)”, “(Required for url type)”, “(Required if local)”",
        kinds: [Model],
        check: Schema(None),
    }
}
