//! `inference/features-mismatch`

use crate::documents::Document;
use crate::documents::inference::FeatureInputs;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// Input features must map names to strings, or give as many values as names.
    ///
    /// The values are kept as the application sent them, so that an inference can be repeated exactly: as a number,
    /// `0042` becomes 42 or 34, and a long id loses its last digits. Quote what looks like a number or boolean.
    ///
    /// If `inputs` gives the features as two lists, each name needs its value: with one too few, every value after the gap belongs to
    /// another feature, and nobody notices. A batch is a list of such lists of values.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// modelId: credit-default/1.2.0
    /// inputFeatures:
    ///   income: 42000
    ///   employment: permanent
    /// prediction: 0.23
    /// ```
    ///
    /// ```yaml
    /// kind: inference-request
    /// mlSpecVersion: 0.1.0
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// inputs:
    ///   featureNames: [income, employment, loan_amount]
    ///   featureValues: [42000, permanent]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// modelId: credit-default/1.2.0
    /// inputFeatures:
    ///   income: "42000"
    ///   employment: permanent
    /// prediction: 0.23
    /// ---
    /// kind: inference-request
    /// mlSpecVersion: 0.1.0
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// inputs:
    ///   featureNames: [income, employment, loan_amount]
    ///   featureValues: [[42000, permanent, 12000], [31000, self-employed, 8000]]
    /// ```
    ///
    /// ## Fix
    /// `--fix` quotes a number or boolean as it is written.
    pub FEATURES_MISMATCH = {
        id: "inference/features-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "monitoring_proto/README.md, “inputFeatures (dictionary, string:string)”; inferenceRequest.yml, featureNames and featureValues",
        kinds: [InferenceLog, InferenceRequest, InferencePrediction],
        check: SchemaAndTyped(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let inputs = match document {
        Document::InferenceLog(record) | Document::InferenceRequest(record) | Document::InferencePrediction(record) => {
            record.inputs.get()
        }
        _ => None,
    };
    if let Some(inputs) = inputs {
        check_lengths(inputs, cx, out);
    }
}

fn check_lengths(inputs: &FeatureInputs, cx: &Context<'_>, out: &mut Findings<'_>) {
    let list = |node| cx.tree.is_sequence(node).then(|| (cx.tree.items(node), node));
    let Some((names, names_node)) = inputs.feature_names.node().and_then(list) else { return };
    if inputs.feature_values.node().is_none_or(|node| cx.tree.is_null(node)) && !names.is_empty() {
        let message = "'featureNames' has names, and there are no 'featureValues'";
        return out.push(cx.at_key(&FEATURES_MISMATCH, names_node, message));
    }
    let Some((values, values_node)) = inputs.feature_values.node().and_then(list) else { return };
    let is_batch = !values.is_empty() && values.iter().all(|row| cx.tree.is_sequence(*row));
    let differs = |found: usize| (found != names.len()).then_some(found);
    let in_row = |row: &NodeId| differs(cx.tree.items(*row).len());
    // The values of one feature can themselves be lists, such as those of an image. A batch may have as many rows as there are names, and
    // is one if a row has a value for each.
    let found = match differs(values.len()) {
        Some(_) if is_batch => values.iter().find_map(in_row),
        None if is_batch && values.iter().any(|row| in_row(row).is_none()) => values.iter().find_map(in_row),
        found => found,
    };
    if let Some(found) = found {
        let noun = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let message = format!("'featureValues' has {} for {}", noun(found, "value"), noun(names.len(), "name"));
        let span = cx.tree.span(cx.tree.key_of(names_node).unwrap_or(names_node));
        out.push(cx.at_key(&FEATURES_MISMATCH, values_node, message).related(span, "the names"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn names_have_values() {
        for (inputs, findings) in [
            ("{featureNames: [a, b]}", 1),
            ("{featureNames: [a, b], featureValues: ~}", 1),
            ("{featureNames: [a, b], featureValues: [1, 2]}", 0),
            ("{featureNames: [a, b], featureValues: [[1, 2], [1, 2, 3], [1, 2]]}", 1),
            ("{featureNames: []}", 0),
            ("{featureNames: [a, b], featureValues: [[1, 2], [3]]}", 1),
            ("{featureNames: [a, b], featureValues: [[], [3, 4]]}", 1),
            ("{featureNames: [a, b], featureValues: [[1, 2], [3, 4]]}", 0),
            ("{featureNames: [a, b], featureValues: [[1, 2, 3], [4]]}", 0),
            ("{featureNames: [a, b], featureValues: [[1, 2], 3]}", 0),
            ("{featureNames: [image], featureValues: [[1, 2]]}", 0),
        ] {
            let text = format!(
                "kind: inference-request\nmlSpecVersion: 0.1.0\nrequestId: r-1\nrequestTimestamp: 2026-08-22T09:30:00Z\n\
                 inputs: {inputs}\n"
            );
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::FEATURES_MISMATCH.id).count();
            assert_eq!(own, findings, "{inputs}");
        }
    }
}
