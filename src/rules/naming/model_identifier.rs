//! `naming/model-identifier`

use super::slug;
use crate::diagnostics::Applicability;
use crate::rules::declare_rule;

declare_rule! {
    /// A model identifier may hold only lower-case letters, digits and `-`.
    ///
    /// The identifier is the name under which a registry stores the model and by which others refer to it; the Machine
    /// Learning eXchange refuses to upload a model whose identifier holds anything else. The `name` of a model may be
    /// written for people.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: Credit_Default
    /// license: Apache-2.0
    /// framework:
    ///   name: onnx
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// framework:
    ///   name: onnx
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes it in lower case, and replaces characters that are not allowed with hyphens. Review it: the model may be
    /// stored under the old identifier already.
    pub MODEL_IDENTIFIER = {
        id: "naming/model-identifier",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "the Machine Learning eXchange: identifiers are lower-case letters, digits and '-'; else the upload fails with HTTP 422",
        kinds: [Model],
        check: Schema(Some(mend)),
    }
}

fn mend(identifier: &str) -> Option<(String, Applicability)> {
    let lower = identifier.to_ascii_lowercase();
    Some((slug(&lower, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')?, Applicability::Unsafe))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_become_lower_case_with_hyphens() {
        assert_eq!(mend("Facial_Age Estimator").map(|(slug, _)| slug).as_deref(), Some("facial-age-estimator"));
        assert_eq!(mend("__"), None);
    }
}
