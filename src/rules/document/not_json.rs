//! `document/not-json`

use crate::rules::declare_rule;

declare_rule! {
    /// A file whose name ends in `.json`, `.jsonl` or `.ndjson` must hold JSON.
    ///
    /// YAML takes nearly all of JSON and much more: comments, single quotes, a comma behind the last entry, `.inf`. What
    /// reads a `.json` file takes none of that, and stops at the first of them. Python's `json` module writes `NaN` for a
    /// number that is missing, and almost nothing else reads it. The finding points at the place where a reader of JSON
    /// stops; the rest of the document is checked all the same.
    ///
    /// ## Fails
    /// ```text
    /// {"kind": "inference-log", "mlSpecVersion": "0.1.0", "resultInfo": {"prediction": NaN}}
    /// ```
    /// ```text
    /// {'kind': 'inference-log', 'mlSpecVersion': '0.1.0',}
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// {"kind": "inference-log", "mlSpecVersion": "0.1.0", "resultInfo": {"prediction": null}}
    /// ```
    ///
    /// ## Fix
    /// `--fix` removes a byte order mark.
    pub NOT_JSON = {
        id: "document/not-json",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "RFC 8259, section 2; logging: one record per inference request, which other programs read",
        kinds: [],
        check: Reader,
    }
}
