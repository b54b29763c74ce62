//! `model/convert-tensorflow`

use crate::rules::declare_rule;

declare_rule! {
    /// The conversion of a TensorFlow model must name its inputs and outputs.
    ///
    /// A TensorFlow graph does not say which of its placeholders are the inputs and outputs of the model: the converter needs
    /// `convert.tf_inputs` (name and shape of each) and `convert.tf_outputs`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// author: {name: Jane Doe, email: jane.doe@contoso.com}
    /// framework:
    ///   name: tensorflow
    ///   runtimes: {name: python, version: "3.11"}
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.pb}
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
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// author: {name: Jane Doe, email: jane.doe@contoso.com}
    /// framework:
    ///   name: tensorflow
    ///   runtimes: {name: python, version: "3.11"}
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.pb}
    /// convert:
    ///   onnx_convertable: true
    ///   model_source:
    ///     initial_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.pb}
    ///   onnx_converted_model:
    ///     onnx_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    ///   tf_inputs: {"features:0": [1, 24]}
    ///   tf_outputs: ["default_probability:0"]
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    pub CONVERT_TENSORFLOW = {
        id: "model/convert-tensorflow",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “tf_inputs: (Required for TensorFlow model)”",
        kinds: [Model],
        check: Schema(None),
    }
}
