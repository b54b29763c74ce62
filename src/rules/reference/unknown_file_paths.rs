//! `reference/unknown-file-paths`

use super::{FILE_PATHS, check_names};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A group of files must be defined in the model package that names it.
    ///
    /// Scoring needs several files: the features, the schemas, sample inputs. A source names them as one group, and the entry of
    /// `data_store_file_paths` with this name lists their paths. Without it nothing can be fetched. A file that holds only sections of a
    /// model (no `name`, no `framework`, …) may leave the list to another file of the package.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// score:
    ///   scorable: true
    ///   model_features_schema_source:
    ///     scorable_model:
    ///       data_store: credit-lake
    ///       bucket: credit-default
    ///       data_store_file_paths: scoring_files
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
    ///
    /// ## Fix
    /// `--unsafe-fixes` replaces the name with that of a defined group that is at most two letters away, if there is only one such.
    pub UNKNOWN_FILE_PATHS = {
        id: "reference/unknown-file-paths",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "model_packaging/model_scoring.yaml, “data_store_file_paths: scoring_file_paths”",
        kinds: [Model],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    check_names(&FILE_PATHS, &UNKNOWN_FILE_PATHS, cx, out);
}
