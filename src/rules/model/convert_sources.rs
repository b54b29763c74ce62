//! `model/convert-sources`

use crate::rules::declare_rule;

declare_rule! {
    /// A conversion to ONNX must say which model it reads and where the converted one goes.
    ///
    /// `convert.model_source` names the model, `convert.onnx_converted_model` the place of the result. Without the
    /// first there is nothing to convert; without the second the result is lost with the machine that made it.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// convert:
    ///   onnx_convertable: true
    ///   onnx_converted_model:
    ///     onnx_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
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
    /// convert:
    ///   onnx_convertable: true
    ///   model_source:
    ///     initial_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.pb}
    ///   onnx_converted_model:
    ///     onnx_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    pub CONVERT_SOURCES = {
        id: "model/convert-sources",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “model_source: (Required for onnx_convertable)”",
        kinds: [Model],
        check: Schema(None),
    }
}
