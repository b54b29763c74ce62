//! `transformation/output-not-unique`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};
use rustc_hash::FxHashMap;

declare_rule! {
    /// Each step of a transformation must have an output of its own name.
    ///
    /// Of two steps that write one feature, the second overwrites what the first has done, or the feature occurs twice and every reader
    /// picks another. A step may write to the name of the field that it reads.
    ///
    /// ## Fails
    /// ```yaml base:credit-features
    /// steps:
    ///   - {field: income, method: log, output: income_scaled}
    ///   - {field: income, method: cast, output: income_scaled}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-features
    /// steps:
    ///   - {field: income, method: log, output: income_log}
    ///   - {field: income, method: cast, output: income_float}
    /// ```
    pub OUTPUT_NOT_UNIQUE = {
        id: "transformation/output-not-unique",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 4, “data conversions and feature wrangling”",
        kinds: [Transformation],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Transformation(own) = document else { return };
    let mut known = FxHashMap::default();
    for (_, step) in own.steps.get().into_iter().flat_map(List::iter) {
        let Some((name, node)) = step.output.located() else { continue };
        // A chain of steps over one field passes it on.
        let continues = step.field.get().is_some_and(|field| **field == **name);
        match known.get(&**name).filter(|_| !continues) {
            Some(first) => {
                let message = format!("two steps have the output {}", cx.shown(node));
                let finding = cx.at_value(&OUTPUT_NOT_UNIQUE, node, message);
                out.push(finding.related(cx.tree.span(cx.tree.resolve(*first)), "the other step"));
            }
            None => drop(known.insert(&**name, node)),
        }
    }
}
