//! `data-schema/duplicate-field`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};
use rustc_hash::FxHashMap;

declare_rule! {
    /// A data schema must describe each field once.
    ///
    /// Of two descriptions of one field, a reader takes the first, the last, or reports the data that meets either. The names of fields are
    /// compared as they are written, since those of data are.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: age, type: integer}
    ///   - {name: age, type: number}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: age, type: integer}
    /// ```
    pub DUPLICATE_FIELD = {
        id: "data-schema/duplicate-field",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::DataSchema(schema) = document else { return };
    let mut known = FxHashMap::default();
    for (_, field) in schema.fields.get().into_iter().flat_map(List::iter) {
        let Some((name, node)) = field.name.located() else { continue };
        match known.get(&**name) {
            None => drop(known.insert(&**name, node)),
            Some(first) => {
                let message = format!("the field {} is described twice", cx.shown(node));
                let finding = cx.at_value(&DUPLICATE_FIELD, node, message);
                out.push(finding.related(cx.tree.span(cx.tree.resolve(*first)), "described here first"));
            }
        }
    }
}
