//! `data/looks-personal`

use crate::rules::declare_rule;

declare_rule! {
    /// A field that holds addresses of e-mail should be classified as personal.
    ///
    /// Comments and notes hold what people write into them. Whoever gets the data should know that it is about persons, and so should this tool: values of a
    /// field that is classified as personal are never shown. Reported is a field of which one value in a hundred or more holds an address.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: note, type: string}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted,note
    /// L1,3200,car,0,ask jo@example.org
    /// L2,2800,car,0,paid
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: note, type: string, classification: personal}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted,note
    /// L1,3200,car,0,ask jo@example.org
    /// L2,2800,car,0,paid
    /// ```
    pub LOOKS_PERSONAL = {
        id: "data/looks-personal",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, “PII”",
        kinds: [DataSchema],
        check: Data,
    }
}
