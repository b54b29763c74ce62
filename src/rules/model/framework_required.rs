//! `model/framework-required`

use crate::rules::declare_rule;

declare_rule! {
    /// A model must name its framework.
    ///
    /// What can load the stored model depends on the framework: an ONNX file, a TensorFlow SavedModel and a scikit-learn pickle need
    /// different runtimes. The Machine Learning eXchange stops with an exception when `framework` is missing. A file that holds only
    /// sections of a model, such as `train` or `serve`, need not repeat it.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// framework:
    ///   name: onnx
    /// ```
    pub FRAMEWORK_REQUIRED = {
        id: "model/framework-required",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “framework: (Required)”, “name: (Required) ML/DL framework format”",
        kinds: [Model],
        check: Schema(None),
    }
}
