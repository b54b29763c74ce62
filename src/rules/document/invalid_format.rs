//! `document/invalid-format`

use crate::rules::declare_rule;

declare_rule! {
    /// A value must have the form that its field asks for, such as that of an e-mail address.
    ///
    /// People look up such an address when a model misbehaves. A placeholder such as `${AUTHOR_EMAIL}` that is filled in later is accepted.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// author:
    ///   name: Jane Doe
    ///   email: jane.doe at contoso.com
    /// framework:
    ///   name: onnx
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// author:
    ///   name: Jane Doe
    ///   email: jane.doe@contoso.com
    /// framework:
    ///   name: onnx
    /// ```
    pub INVALID_FORMAT = {
        id: "document/invalid-format",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “email of this training job's author”",
        kinds: [],
        check: Schema(None),
    }
}
