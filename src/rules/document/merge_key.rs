//! `document/merge-key`

use crate::rules::declare_rule;

declare_rule! {
    /// A merge key `<<` may occur once in a mapping, and takes a mapping or a list of mappings.
    ///
    /// `<<` copies the entries of other mappings. If its value is text, PyYAML, ruamel.yaml and most other readers stop with an exception.
    /// If a mapping has two `<<`, PyYAML accepts both, while ruamel.yaml and js-yaml reject them; a list means the same to all readers.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: credit-train
    /// steps:
    ///   train:
    ///     <<: defaults
    ///     cmd: python train.py
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: credit-train
    /// x-defaults: &defaults {computeName: cpu-small}
    /// steps:
    ///   train:
    ///     <<: *defaults
    ///     cmd: python train.py
    /// ```
    pub MERGE_KEY = {
        id: "document/merge-key",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "the YAML type tag:yaml.org,2002:merge: “specified by a single mapping node or a sequence of mapping nodes”",
        kinds: [],
        check: Reader,
    }
}
