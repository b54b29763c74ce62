//! `model/convert-needs-model`

use crate::rules::declare_rule;

declare_rule! {
    /// A model that can be converted to ONNX must be trainable or servable.
    ///
    /// The conversion takes a trained model and gives another one. A model that can be neither trained nor served
    /// offers nothing to convert, and nothing would come of the result.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// serve:
    ///   servable: false
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
    pub CONVERT_NEEDS_MODEL = {
        id: "model/convert-needs-model",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “The model needs to be either trainable or servable.”",
        kinds: [Model],
        check: Schema(None),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn the_finding_names_the_keys_to_set_whichever_of_them_is_there() {
        let convert = "convert:\n  onnx_convertable: true\n";
        for (sections, place) in [
            ("serve: {servable: false}\n", "false"),
            ("serve: {tested_platforms: [knative]}\n", "serve"),
            ("train: {trainable: false}\n", "false"),
            ("serve: {servable: false}\ntrain: {trainable: false}\n", "false"),
            ("name: credit-default\n", "kind"),
        ] {
            let text = format!("kind: model\nmlSpecVersion: 0.1.0\n{sections}{convert}");
            let found = found(&text);
            let own: Vec<_> = found.iter().filter(|(rule, ..)| *rule == super::CONVERT_NEEDS_MODEL.id).collect();
            let [(_, pointed_at, message)] = own.as_slice() else { panic!("{text}{found:#?}") };
            assert_eq!(pointed_at, place, "{text}");
            assert!(message.contains("train.trainable") && message.contains("serve.servable"), "{message}");
        }
    }
}
