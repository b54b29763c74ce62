//! `document/not-json`

use crate::rules::declare_rule;

declare_rule! {
    /// A file whose name ends in `.json`, `.jsonl` or `.ndjson` must hold JSON.
    ///
    /// YAML accepts nearly all of JSON and much more: comments, single quotes, a comma after the last entry, `.inf`. Programs that read a
    /// `.json` file accept none of that, and stop at the first of them. Python's `json` module writes `NaN` for a missing number, and
    /// almost nothing else reads it. The finding points at the place where a JSON parser stops; the rest of the document is still checked.
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
