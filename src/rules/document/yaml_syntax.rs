//! `document/yaml-syntax`

use crate::rules::declare_rule;

declare_rule! {
    /// A document must be valid YAML.
    ///
    /// Nothing can be read from a document that does not parse: whatever loads it stops with an exception, and no other rule can run on it.
    /// Most of the broken files we have seen have one of three causes: tabs in the indentation, keys of a list item that are indented
    /// deeper than the item's first key, and unquoted template expressions such as `{{name}}`. The other documents of the same file are
    /// still checked.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// data_store_file_paths:
    ///   - name: scoring-files
    ///       features: 2.0/assets/features.csv
    /// ```
    /// A quote that is never closed swallows the rest of the file:
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// description: "Loan applications of the retail branches
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// data_store_file_paths:
    ///   - name: scoring-files
    ///     features: 2.0/assets/features.csv
    /// ```
    ///
    /// ## Fix
    /// `--fix` turns tabs in the indentation into spaces and realigns the keys of a list item, if the document can be read after the
    /// change, and if all ways of making the change give the same document.
    pub YAML_SYNTAX = {
        id: "document/yaml-syntax",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "pipelines/pipeline.md, “can be defined by yaml file on disk”; five files of model_packaging/ and metadata_file/metadata.yaml do not parse",
        kinds: [],
        check: Reader,
    }
}
