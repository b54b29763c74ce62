//! `model/scorable-schema`

use crate::rules::declare_rule;

declare_rule! {
    /// A scorable model must say where the schema of its features is.
    ///
    /// Whoever scores the model has to send the features that it was trained with, in the right order and types.
    /// Without `score.model_features_schema_source` that is guesswork, and a wrong guess gives wrong predictions rather
    /// than an error.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// score:
    ///   scorable: true
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// score:
    ///   scorable: true
    ///   model_features_schema_source:
    ///     scorable_model:
    ///       data_store: credit-lake
    ///       bucket: credit-default
    ///       data_store_file_paths: scoring-files
    /// data_store_file_paths:
    ///   - name: scoring-files
    ///     feature_file: 1.2.0/features.csv
    ///     input_schema_file: 1.2.0/input-schema.json
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    pub SCORABLE_SCHEMA = {
        id: "model/scorable-schema",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “model_feature_schema_source: (Required if scorable is true)”",
        kinds: [Model],
        check: Schema(None),
    }
}
