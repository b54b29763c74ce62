//! `document/library-dialect`

use crate::rules::declare_rule;

declare_rule! {
    /// A document of the Python library mlspeclib is recognized, but its fields are not checked.
    ///
    /// The library has a dialect of its own: `schema_type` and `schema_version` name a schema that comes with the library or that a team
    /// writes itself. This tool does not have those schemas. The finding says so, in order that a clean report is not mistaken for a
    /// checked document.
    ///
    /// ## Fails
    /// ```yaml
    /// schema_type: datasource
    /// schema_version: 0.0.1
    /// run_id: 6fc2ab5d-9a10-4c2a-8a0d-7f5a3b9a1c44
    /// step_id: 1b4a4ad3-52a5-4f0c-8b1d-0a6b7c2a9e10
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    ///
    /// ## Options
    /// Switch the rule off where such documents are expected:
    /// ```toml
    /// [rules]
    /// "document/library-dialect" = "off"
    /// ```
    pub LIBRARY_DIALECT = {
        id: "document/library-dialect",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "the Python library mlspeclib, whose documents begin with schema_type and schema_version",
        kinds: [],
        check: Reader,
    }
}
