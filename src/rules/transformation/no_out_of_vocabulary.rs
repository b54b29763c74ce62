//! `transformation/no-out-of-vocabulary`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::transformation::TransformMethod;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A vocabulary should say what becomes of other values.
    ///
    /// Sooner or later a request has a value that the training data did not have. If the vocabulary has no number for it, serving fails, or
    /// takes that of another value. `oovBuckets` is the number of extra numbers for such values; 0 says on purpose that there are none.
    ///
    /// ## Fails
    /// ```yaml base:credit-features
    /// steps:
    ///   - {field: purpose, method: vocabulary, output: purpose_id, values: [car, house, other]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-features
    /// steps:
    ///   - {field: purpose, method: vocabulary, output: purpose_id, values: [car, house, other], oovBuckets: 1}
    /// ```
    pub NO_OUT_OF_VOCABULARY = {
        id: "transformation/no-out-of-vocabulary",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 4, “feature to integer mappings”",
        kinds: [Transformation],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Transformation(own) = document else { return };
    for (_, step) in own.steps.get().into_iter().flat_map(List::iter) {
        let is_vocabulary = step.method.get() == Some(&TransformMethod::Vocabulary);
        if let Some(node) = step.values.node().filter(|_| is_vocabulary && step.oov_buckets.node().is_none()) {
            let message = "it does not say what becomes of values outside of the vocabulary";
            out.push(
                cx.at_key(&NO_OUT_OF_VOCABULARY, node, message)
                    .help("add 'oovBuckets: 1', or 0 if there are no others"),
            );
        }
    }
}
