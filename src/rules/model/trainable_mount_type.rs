//! `model/trainable-mount-type`

use crate::rules::declare_rule;

declare_rule! {
    /// A trainable model should say how its object storage is mounted.
    ///
    /// Some platforms copy the data to the training job, others mount the bucket as a file system; code that reads a file twice is fast
    /// with the former and slow with the latter. The specification contradicts itself on whether the field is required, so leaving it out
    /// is a warning. It may be in `train` or in `train.data_source`.
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
    pub TRAINABLE_MOUNT_TYPE = {
        id: "model/trainable-mount-type",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md calls mount_type required, the comments of model_training.yaml optional",
        kinds: [Model],
        check: Schema(None),
    }
}
