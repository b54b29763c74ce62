//! `data/not-compared`

use crate::rules::declare_rule;

declare_rule! {
    /// A limit of drift or skew should be one that the data can be held to.
    ///
    /// A limit that could not be tested has not been kept. There may be no profile to compare with, or one without the field; a field may have too many
    /// different values, or the measure may be one of numbers. Or there are too few rows: without any drift, two samples of 100 rows differ by a psi of 0.1 in most cases, so that
    /// a limit of 0.1 cannot be told from chance. The message then says how many rows could.
    ///
    /// ## Fails
    /// ```text
    /// schema:  {name: income, type: number, drift: {psi: 0.1}}
    /// data:    100 rows, and 100 in the reference
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// schema:  {name: income, type: number, drift: {psi: 0.1}}
    /// data:    1,000 rows, and 10,000 in the reference
    /// ```
    pub NOT_COMPARED = {
        id: "data/not-compared",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “Schema can also be used to prevent bad/drift in incoming data”",
        kinds: [DataSchema],
        check: Data,
    }
}
