//! `ingestion/query-not-reproducible`

use super::code;
use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A query should give the same rows whenever it is asked.
    ///
    /// `limit` without `order by` gives whichever rows the database finds first, and `now()` or `rand()` give others every time. The
    /// recorded query then does not tell which data was read. Write the day of the run as a parameter, and order by a key.
    ///
    /// ## Fails
    /// ```yaml base:credit-ingestion
    /// source: {DataStore: core-banking, Query: select loan_id from loans where booked_on < now() order by loan_id}
    /// ```
    ///
    /// ```yaml base:credit-ingestion
    /// source: {DataStore: core-banking, Query: select loan_id from loans limit 1000}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-ingestion
    /// source: {DataStore: core-banking, Query: "select loan_id from loans where booked_on < :cutoff order by loan_id limit 1000"}
    /// parameters: [{key: cutoff, value: "2026-08-01"}]
    /// ```
    pub QUERY_NOT_REPRODUCIBLE = {
        id: "ingestion/query-not-reproducible",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 2, “along with queries used (including signed datasets)”",
        kinds: [Ingestion],
        check: Typed(check),
    }
}

/// Functions whose values change from call to call.
const CHANGING: &[&str] = &[
    "current_date",
    "current_time",
    "current_timestamp",
    "getdate",
    "newid",
    "now",
    "rand",
    "random",
    "sysdate",
    "systimestamp",
    "today",
    "uuid",
];

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Ingestion(own) = document else { return };
    let Some((query, node)) = own.source.get().and_then(|source| source.query.located()) else { return };
    let words = words(query);
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let changing = words.iter().find(|word| CHANGING.contains(&word.trim_end_matches('(')) && is_call(word));
    let message = match changing {
        Some(word) => format!("the query gives other rows every time: it asks for {}", word.trim_end_matches('(')),
        None if (has("limit") || has("top")) && !has("order") => {
            "the query limits its rows without an order, so that any of them may come".to_owned()
        }
        None => return,
    };
    if !cx.is_faulty(node) {
        out.push(cx.at_value(&QUERY_NOT_REPRODUCIBLE, node, message));
    }
}

/// Whether a word calls a function: most of them are also common names of columns.
fn is_call(word: &str) -> bool {
    word.ends_with('(') || word.starts_with("current_") || word.starts_with("sys")
}

/// Returns the words of a query in lower case, without comments and texts in quotes; one that is followed by a parenthesis ends with it.
fn words(query: &str) -> Vec<String> {
    let bare = code(query).replace(" (", "(").replace('(', "( ");
    bare.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '(')))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn only_calls_change() {
        let is_found = |query: &str| {
            let base = include_str!("../bases/credit-ingestion.yml");
            let text = base.replace("select loan_id, income from loans order by loan_id", query);
            found(&text).iter().any(|(rule, ..)| *rule == "ingestion/query-not-reproducible")
        };
        for query in [
            "select * from a where d < NOW()",
            "select a from b where rand () < 0.1",
            "select top 5 * from a",
            "select CURRENT_DATE",
        ] {
            assert!(is_found(query), "{query}");
        }
        for query in [
            "select now, uuid from a",
            "select a from b where c = 'now()'",
            "select a from b order by a limit 5",
            "select a from b",
            "select a from b /* not now() */",
            "select a as `rand()` from b where c = 'it''s now()'",
        ] {
            assert!(!is_found(query), "{query}");
        }
    }
}
