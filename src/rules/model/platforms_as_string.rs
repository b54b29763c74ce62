//! `model/platforms-as-string`

use crate::rules::declare_rule;

declare_rule! {
    /// The tested platforms must be a list, not one string.
    ///
    /// A tool that looks for `knative` in a list does not find it in the string `kubernetes, knative`, or finds it by
    /// accident in part of another name.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   tested_platforms: kubernetes, knative
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
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
    ///   tested_platforms: [kubernetes, knative]
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    ///
    /// ## Fix
    /// `--fix` splits the string at its commas into a list.
    pub PLATFORMS_AS_STRING = {
        id: "model/platforms-as-string",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "model_packaging/model_packaging.md, “tested_platforms (optional list)”",
        kinds: [Model],
        check: Schema(None),
    }
}
