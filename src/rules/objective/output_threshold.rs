//! `objective/output-threshold`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The threshold of an output must lie in the range of what it is compared with.
    ///
    /// A decision is made by comparing a score with a threshold. Above or below all values that the score can have, the decision is always the
    /// same, and every metric of it says nothing about the model. The score is the output that `of` names, or the only one with a range.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// outputs:
    ///   default_probability: {type: float, range: [0, 1]}
    ///   decision: {type: string, values: [grant, refuse], threshold: 22}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// outputs:
    ///   default_probability: {type: float, range: [0, 1]}
    ///   decision: {type: string, values: [grant, refuse], threshold: 0.22}
    /// ```
    pub OUTPUT_THRESHOLD = {
        id: "objective/output-threshold",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “Detail the model outputs, possible errors, and minimum success criteria for launching in code”",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(own) = document else { return };
    let Some(outputs) = own.outputs.get() else { return };
    let ends = |range: &List<f64>| match range.iter().map(|(_, end)| *end).collect::<Vec<_>>()[..] {
        [least, greatest] => Some((least, greatest)),
        _ => None,
    };
    let ranges: Vec<_> = outputs
        .iter()
        .filter_map(|(name, node, output)| Some((name, node, output.range.get().and_then(ends)?)))
        .collect();
    for (own_name, _, output) in outputs.iter() {
        let Some((threshold, node)) = output.threshold.located().filter(|(_, node)| !cx.is_faulty(*node)) else {
            continue;
        };
        let named = |name: &str| ranges.iter().find(|(own, ..)| *own == name);
        let scored = match (output.of.get(), ranges.as_slice()) {
            (Some(of), _) => named(of),
            (None, [only]) => Some(only),
            (None, _) => named(own_name),
        };
        let Some((name, place, (least, greatest))) = scored else { continue };
        if threshold < least || threshold > greatest {
            let message = format!("{threshold} is outside of the range of '{name}', {least} to {greatest}");
            let finding = cx.at_value(&OUTPUT_THRESHOLD, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(*place)), "what it is compared with"));
        }
    }
}
