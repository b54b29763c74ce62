//! `run/metric-not-finite`

use super::{metrics, number};
use crate::diagnostics::Severity;
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::run::Run;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// The value of a metric must be a finite number, and that of a hyperparameter should be.
    ///
    /// NaN comes from a division by zero, and infinity from a training that diverged. JSON has neither, so the record is lost or refused on
    /// its way to a tracker, and every comparison with NaN is false: an objective such as `loss < 0.3` fails, and `not (loss >= 0.3)`
    /// passes. Leave the metric out, and give the reason in the description of the run. A hyperparameter that is NaN or infinite is a
    /// warning: nobody can repeat a run from a record that lost it. Write what the library takes for it, such as `none`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20
    /// name: credit-default-validation
    /// model: credit-default@1.2.0
    /// dataset: credit-validation@1.2.0
    /// performedOn: 2026-08-22T09:30:00Z
    /// metrics:
    ///   - key: log_loss
    ///     value: .nan
    ///   - key: gradient_norms
    ///     value: [0.4, 11.2, -.Inf, Infinity]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20
    /// name: credit-default-validation
    /// model: credit-default@1.2.0
    /// dataset: credit-validation@1.2.0
    /// performedOn: 2026-08-22T09:30:00Z
    /// metrics:
    ///   - key: log_loss
    ///     value: 0.2217
    ///   - key: gradient_norms
    ///     value: [0.4, 11.2]
    /// ```
    pub METRIC_NOT_FINITE = {
        id: "run/metric-not-finite",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "experiment_tracking/run.md, “the numerical value associated with the metric”; RFC 8259, section 6: Infinity and NaN are not permitted",
        kinds: [Evaluation, PipelineRun, Run, Test],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Document::Run(run) = document {
        check_hyperparameters(run, cx, out);
    }
    for metric in metrics(document) {
        let Some(value) = metric.value.node() else { continue };
        let name = metric.key.get().map_or("", |key| &**key);
        let bounds = metric.ci.get().map(|ci| [ci.lower.node(), ci.upper.node()]);
        let mut nodes: Vec<NodeId> = bounds.into_iter().flatten().flatten().collect();
        nodes.push(value);
        while let Some(node) = nodes.pop() {
            nodes.extend(cx.tree.items(node));
            nodes.extend(cx.tree.entries(node).map(|entry| entry.value));
            if is_not_finite(cx, node) && !cx.is_faulty(node) {
                let message =
                    format!("the metric '{name}' holds {}, which cannot be compared with a number", cx.shown(node));
                out.push(cx.at_value(&METRIC_NOT_FINITE, node, message));
            }
        }
    }
}

fn check_hyperparameters(run: &Run, cx: &Context<'_>, out: &mut Findings<'_>) {
    for (_, setting) in run.hyperparameters.get().into_iter().flat_map(List::iter) {
        let Some(value) = setting.value.node().filter(|node| !cx.is_faulty(*node)) else { continue };
        // A text may be a choice of the library: `norm: inf`.
        if cx.tree.string(value).is_none() && is_not_finite(cx, value) {
            let name = setting.key.get().map_or("", |key| &**key);
            let message = format!("the hyperparameter '{name}' is {}, which JSON cannot hold", cx.shown(value));
            out.push(cx.at_value(&METRIC_NOT_FINITE, value, message).severity(Severity::Warning));
        }
    }
}

/// Whether a value is infinite or NaN, as a number or as the text that programs print for it.
pub(in crate::rules) fn is_not_finite(cx: &Context<'_>, node: NodeId) -> bool {
    match cx.tree.string(node) {
        Some(text) => {
            let text = text.strip_prefix(['-', '+']).unwrap_or(text);
            ["nan", "inf", "infinity", ".nan", ".inf"].iter().any(|name| name.eq_ignore_ascii_case(text))
        }
        None => may_be_infinite(cx, node) && number(cx, node).is_some_and(|number| !number.is_finite()),
    }
}

/// Whether a number may be infinite or NaN. Most numbers have a few digits, which is faster to see than to parse them.
fn may_be_infinite(cx: &Context<'_>, node: NodeId) -> bool {
    let is_few_digits =
        |text: &str| text.len() < 300 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+'));
    !cx.tree.text(node).is_some_and(is_few_digits)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn hyperparameters_are_numbers_that_a_record_can_hold() {
        for (value, findings) in
            [(".nan", 1), (".inf", 1), ("-.Inf", 1), ("1e999", 1), ("inf", 0), ("'nan'", 0), ("0.1", 0), ("[1]", 0)]
        {
            let text = format!(
                "kind: run\nmlSpecVersion: 0.1.0\nid: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e\nname: fit\n\
                 hyperparameters: [{{key: margin, value: {value}}}]\n"
            );
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::METRIC_NOT_FINITE.id).count();
            assert_eq!(own, findings, "{value}");
        }
    }
}
