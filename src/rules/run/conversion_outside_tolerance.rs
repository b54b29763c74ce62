//! `run/conversion-outside-tolerance`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::training::Conversion;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A converted model must answer within the tolerance of its conversion.
    ///
    /// A conversion computes with other numbers and other operators, so that answers differ a little. `atol` and `rtol` say by how much they
    /// may, `maxAbsoluteError` and `maxRelativeError` by how much they did. Beyond that it is another model, which nobody has tested.
    ///
    /// ## Fails
    /// ```yaml base:credit-fit
    /// conversions: [{from: lightgbm, to: onnx, opset: 17, atol: 0.0001, maxAbsoluteError: 0.004}]
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-fit
    /// conversions: [{from: lightgbm, to: onnx, opset: 17, atol: 0.0001, maxAbsoluteError: 0.00004}]
    /// ```
    pub CONVERSION_OUTSIDE_TOLERANCE = {
        id: "run/conversion-outside-tolerance",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 7, “results of any conversions”",
        kinds: [PipelineRun, Run],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let conversions = match document {
        Document::Run(own) => own.conversions.get(),
        Document::PipelineRun(own) => own.conversions.get(),
        _ => None,
    };
    for (_, conversion) in conversions.into_iter().flat_map(List::iter) {
        if let Some(node) = outside(conversion).filter(|node| !cx.is_faulty(*node)) {
            let message =
                format!("the answers of the converted model differ by {}, more than they may", cx.shown(node));
            out.push(cx.at_value(&CONVERSION_OUTSIDE_TOLERANCE, node, message));
        }
    }
}

/// Returns the node of an error that is beyond its tolerance. An answer may differ by either of the two.
fn outside(conversion: &Conversion) -> Option<NodeId> {
    let own = |error: Option<(&f64, NodeId)>, tolerance: Option<&f64>| {
        let (error, node) = error?;
        Some((*error > *tolerance?, node))
    };
    let absolute = own(conversion.max_absolute_error.located(), conversion.atol.get());
    let relative = own(conversion.max_relative_error.located(), conversion.rtol.get());
    match (absolute, relative) {
        // With a relative tolerance, what an absolute error means depends on the answer.
        (Some((true, _)), None) if conversion.rtol.get().is_some_and(|rtol| *rtol > 0.0) => None,
        (None, Some((true, _))) if conversion.atol.get().is_some_and(|atol| *atol > 0.0) => None,
        (Some((true, node)), None | Some((true, _))) | (None, Some((true, node))) => Some(node),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn either_tolerance_is_enough() {
        let is_found = |more: &str| {
            let base = include_str!("../bases/credit-fit.yml");
            let text = format!("{base}conversions: [{{from: keras, to: onnx, {more}}}]\n");
            found(&text).iter().any(|(rule, ..)| *rule == "run/conversion-outside-tolerance")
        };
        for more in [
            "atol: 0.1, maxAbsoluteError: 0.2",
            "rtol: 0.1, maxRelativeError: 0.2",
            "atol: 0.1, maxAbsoluteError: 0.2, rtol: 0.1, maxRelativeError: 0.2",
        ] {
            assert!(is_found(more), "{more}");
        }
        for more in [
            "atol: 0.1, maxAbsoluteError: 0.1",
            "atol: 0.1, maxAbsoluteError: 0.2, rtol: 0.1, maxRelativeError: 0.1",
            "atol: 0.1, maxAbsoluteError: 0.2, rtol: 0.1",
            "maxAbsoluteError: 0.2",
        ] {
            assert!(!is_found(more), "{more}");
        }
    }
}
