//! `model/trainable-data-stores`

use crate::rules::declare_rule;

declare_rule! {
    /// A trainable model must list its data stores, each with its endpoint.
    ///
    /// The sources of a training name a data store; `data_stores` says what that name means. Without it a job cannot find its data.
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
    ///   runtimes: {name: python, version: "3.11"}
    /// train:
    ///   trainable: true
    ///   model_source:
    ///     initial_model: {url: "https://artifacts.contoso.com/credit-default/train.zip"}
    ///   model_training_results:
    ///     trained_model: {url: "https://artifacts.contoso.com/credit-default/models/"}
    ///   data_source:
    ///     training_data: {url: "https://artifacts.contoso.com/credit-default/loans/"}
    ///   mount_type: mount_cos
    ///   execution:
    ///     command: python train.py
    ///     compute_configuration: {name: k80, nodes: 1}
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
    pub TRAINABLE_DATA_STORES = {
        id: "model/trainable-data-stores",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “data_stores: (Optional) - (Required for trainable)”",
        kinds: [Model],
        check: Schema(None),
    }
}
