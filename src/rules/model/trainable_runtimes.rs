//! `model/trainable-runtimes`

use crate::rules::declare_rule;

declare_rule! {
    /// A trainable model must name the language that runs its training, with its version.
    ///
    /// A platform picks the image that the training starts in by `framework.runtimes`. Without it the training runs on
    /// whatever version the platform happens to offer, and stops on the first line that this version does not
    /// understand.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// author: {name: Jane Doe, email: jane.doe@contoso.com}
    /// framework:
    ///   name: tensorflow
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
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// author: {name: Jane Doe, email: jane.doe@contoso.com}
    /// framework:
    ///   name: tensorflow
    ///   runtimes: {name: python, version: "3.11"}
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
    pub TRAINABLE_RUNTIMES = {
        id: "model/trainable-runtimes",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “runtimes: (Required for trainable)”",
        kinds: [Model],
        check: Schema(None),
    }
}
