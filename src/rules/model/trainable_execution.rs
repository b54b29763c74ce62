//! `model/trainable-execution`

use crate::rules::declare_rule;

declare_rule! {
    /// A trainable model must say which command trains it, and on what.
    ///
    /// A platform starts `train.execution.command` on machines of the size that `compute_configuration.name` gives. The number of `nodes`
    /// defaults to 1, and is never less.
    ///
    /// ## Fails
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
    ///     compute_configuration: {name: k80, nodes: 0}
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
    pub TRAINABLE_EXECUTION = {
        id: "model/trainable-execution",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “execution: (Required for trainable)”, “nodes: (Required) … Default: 1”",
        kinds: [Model],
        check: Schema(None),
    }
}
