//! `ingestion/select-all`

use super::code;
use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A query should name the columns that it reads.
    ///
    /// `select *` reads whatever columns the table has on that day. A column that somebody adds is in the data from then on, and may be one
    /// that must not be there, such as what the model is to predict; one that is removed is missing without an error.
    ///
    /// ## Fails
    /// ```yaml base:credit-ingestion
    /// source: {DataStore: core-banking, Query: select * from loans order by loan_id}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-ingestion
    /// source: {DataStore: core-banking, Query: "select loan_id, income, count(*) from loans group by loan_id, income order by loan_id"}
    /// ```
    pub SELECT_ALL = {
        id: "ingestion/select-all",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 2, “along with queries used (including signed datasets)”",
        kinds: [Ingestion],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Ingestion(own) = document else { return };
    let Some((query, node)) = own.source.get().and_then(|source| source.query.located()) else { return };
    if selects_all(query) && !cx.is_faulty(node) {
        let message = "the query reads all columns that the table has on that day";
        out.push(cx.at_value(&SELECT_ALL, node, message).help("name the columns"));
    }
}

/// Whether a query selects all columns, of one table or of all: `select *`, `select distinct t.*`, `a, t.*`.
fn selects_all(query: &str) -> bool {
    let bare = code(query);
    bare.match_indices('*').any(|(at, _)| {
        let before = bare.get(..at).unwrap_or_default();
        let word = before.trim_end().rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        let ends = |end: char| before.trim_end().ends_with(end);
        matches!(word, "select" | "distinct" | "all") && before.ends_with(char::is_whitespace) || ends('.')
    })
}

#[cfg(test)]
mod tests {
    use super::selects_all;

    #[test]
    fn a_star_is_all_columns_only_where_columns_are_listed() {
        for query in [
            "select * from a",
            "SELECT DISTINCT * FROM a",
            "select a, t.* from t",
            "with x as (select  * from a) select b from x",
        ] {
            assert!(selects_all(query), "{query}");
        }
        for query in [
            "select count(*) from a",
            "select a * b from c",
            "select a from b where c = '*'",
            "select 2 * a from b",
            "select a from b -- not select * from b",
            "select a.b * 2 from a",
        ] {
            assert!(!selects_all(query), "{query}");
        }
    }
}
