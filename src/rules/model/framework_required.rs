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

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_fragment_with_a_name_without_value_is_one_finding() {
        let about = |keys: &str| {
            let text = format!("kind: model\nmlSpecVersion: 0.1.0\n{keys}serve: {{servable: false}}\n");
            found(&text)
                .into_iter()
                .map(|(rule, ..)| rule)
                .filter(|rule| !rule.starts_with("governance/"))
                .collect::<Vec<_>>()
        };
        assert_eq!(about(""), [""; 0]);
        assert_eq!(about("name: ~\n"), ["document/missing-required"]);
        assert_eq!(about("name: ~\ndescription: ~\n"), ["document/missing-required"]);
        assert!(about("name: a\n").contains(&super::FRAMEWORK_REQUIRED.id));
        assert!(about("name: ~\ndescription: b\n").contains(&super::FRAMEWORK_REQUIRED.id));
    }
}
