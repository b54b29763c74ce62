//! `model/servable-source`

use crate::rules::declare_rule;

declare_rule! {
    /// A servable model must say what is served: a stored model, or a container image that holds it.
    ///
    /// `serve.servable: true` promises that the model can be deployed. Without `model_source` and without
    /// `serving_container_image` there is nothing to deploy. Either of them is enough.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   tested_platforms: [kubernetes]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: true
    ///   tested_platforms: [kubernetes]
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    pub SERVABLE_SOURCE = {
        id: "model/servable-source",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “Required if servable is true”, “serving_container_image: (Required for container type)”",
        kinds: [Model],
        check: Schema(None),
    }
}
