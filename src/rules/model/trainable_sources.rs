//! `model/trainable-sources`

use crate::rules::declare_rule;

declare_rule! {
    /// A trainable model must say where its code is, where its data is, and where the result goes.
    ///
    /// These are `train.model_source.initial_model`, `train.data_source.training_data` and
    /// `train.model_training_results.trained_model`. A platform copies the first two into the training job and the
    /// third out of it. If one is missing, the job does not start, or its result is lost when it ends.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// train:
    ///   trainable: true
    ///   model_source:
    ///     initial_model: {data_store: credit-lake, bucket: credit-default, path: code/train.zip}
    ///   data_source:
    ///     training_data: {data_store: credit-lake, bucket: credit-default, path: loans/}
    ///   mount_type: mount_cos
    ///   execution:
    ///     command: python train.py
    ///     compute_configuration: {name: k80, nodes: 1}
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
    /// train:
    ///   trainable: true
    ///   model_source:
    ///     initial_model: {data_store: credit-lake, bucket: credit-default, path: code/train.zip}
    ///   model_training_results:
    ///     trained_model: {data_store: credit-lake, bucket: credit-default, path: models/}
    ///   data_source:
    ///     training_data: {data_store: credit-lake, bucket: credit-default, path: loans/}
    ///   mount_type: mount_cos
    ///   execution:
    ///     command: python train.py
    ///     compute_configuration: {name: k80, nodes: 1}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    pub TRAINABLE_SOURCES = {
        id: "model/trainable-sources",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “model_source: (Required for trainable)”, “training_data: (Required for trainable)”",
        kinds: [Model],
        check: Schema(None),
    }
}
