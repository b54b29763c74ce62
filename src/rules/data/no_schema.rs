//! `data/no-schema`

use crate::rules::declare_rule;

declare_rule! {
    /// Data should be described by a data schema.
    ///
    /// Without one, only what is wrong with any data is found: rows that cannot be read, constant fields, addresses of e-mail. A schema is found if its
    /// `dataset` is one whose `location` is the file, or if `--schema` names it. `mlspec-lint infer` begins one from a few rows.
    ///
    /// ## Fails
    /// ```text
    /// $ mlspec-lint check loans.csv
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// $ mlspec-lint check loans.csv --schema loans
    /// ```
    pub NO_SCHEMA = {
        id: "data/no-schema",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
