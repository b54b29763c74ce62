//! `document/too-many-findings`

use crate::rules::declare_rule;

declare_rule! {
    /// Findings beyond 1000 in a document, or 2000 in a file, are counted, not listed.
    ///
    /// So many findings usually have one cause: the document is of another kind than it says, or a generator writes it. Fix the first few,
    /// then check again. The finding is an error, so that a document cannot hide an error behind a thousand warnings. The report for people
    /// shows the 1000 most severe findings of all files; the other formats contain all findings up to the limits.
    ///
    /// ## Fails
    /// ```text
    /// 1000 findings in predictions.yml, and then:
    /// predictions.yml:1:1: error[document/too-many-findings] 412 more findings in this document are not shown
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// up to 1000 findings, all of them listed
    /// ```
    pub TOO_MANY_FINDINGS = {
        id: "document/too-many-findings",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "the tool's own limit: a report is there to be read",
        kinds: [],
        check: Reader,
    }
}
