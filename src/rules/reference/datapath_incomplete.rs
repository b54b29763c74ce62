//! `reference/datapath-incomplete`

use crate::rules::declare_rule;

declare_rule! {
    /// A datapath must say where in its datastore the data is.
    ///
    /// A datastore is a whole bucket, share or database. Without a `RelativePath`, a `Table` or a `Query` a reader does
    /// not know which part of it is meant, and reads all of it or nothing.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datapath
    /// mlSpecVersion: 0.1.0
    /// DataStore: credit-lake
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datapath
    /// mlSpecVersion: 0.1.0
    /// DataStore: credit-lake
    /// RelativePath: loans/2026-08.csv
    /// ```
    pub DATAPATH_INCOMPLETE = {
        id: "reference/datapath-incomplete",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/datapath.md, “DataPath always contains reference to DataStore”",
        kinds: [],
        check: Schema(None),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    #[test]
    fn what_is_null_or_empty_is_missing() {
        let incomplete = |place: &'static str| [("reference/datapath-incomplete", place)];
        let wrong_type = [("document/wrong-type", "5")];
        for (fields, expected) in [
            ("RelativePath: ~\n", &incomplete("RelativePath")[..]),
            ("RelativePath: ''\n", &incomplete("''")),
            ("Table: ~\n", &incomplete("mlSpecVersion")),
            ("RelativePath: ~\nTable: loans\n", &[]),
            ("RelativePath: 5\n", &wrong_type),
            ("Table: 5\n", &wrong_type),
            ("RelativePath: a/b.csv\nTable: 5\n", &wrong_type),
            ("RelativePath: a/b.csv\nTable: loans\n", &incomplete("Table")),
        ] {
            assert_found(&format!("mlSpecVersion: 0.1.0\nkind: datapath\nDataStore: lake\n{fields}"), expected);
        }
    }
}
