//! The thirteen steps of a machine-learning lifecycle, and the kinds that document each: "every stage of an ML lifecycle requires some
//! form of metadata management".

use super::Kind;

/// A step of the lifecycle.
#[derive(Debug, PartialEq, Eq)]
pub struct LifecycleStep {
    /// Its number in the specification, from 1.
    pub number: u8,
    /// Its name.
    pub name: &'static str,
    /// The kinds that document it, the usual one first. None for a step that has no kind yet.
    pub kinds: &'static [Kind],
}

/// All steps, in their order.
pub const STEPS: &[LifecycleStep] = &[
    step(1, "objectives", &[Kind::Objectives]),
    step(2, "ingestion", &[Kind::Ingestion]),
    step(3, "analysis", &[Kind::Profile]),
    step(4, "transformation", &[Kind::Transformation]),
    step(5, "validation", &[Kind::Validation, Kind::DataSchema]),
    step(6, "split", &[Kind::Split]),
    step(7, "training", &[Kind::Run, Kind::PipelineRun]),
    step(8, "evaluation", &[Kind::Evaluation]),
    step(9, "test", &[Kind::Test]),
    step(10, "packaging", &[Kind::Model, Kind::ModelCard]),
    step(11, "rollout", &[Kind::Rollout]),
    step(12, "monitoring", &[Kind::Monitoring]),
    step(13, "logging", &[Kind::InferenceLog, Kind::InferenceRequest, Kind::InferencePrediction]),
];

const fn step(number: u8, name: &'static str, kinds: &'static [Kind]) -> LifecycleStep {
    LifecycleStep { number, name, kinds }
}

impl LifecycleStep {
    /// Returns the step with this name or number, or that documents of the kind with this name document.
    #[must_use]
    pub fn by_name(text: &str) -> Option<&'static Self> {
        let text = text.trim().to_lowercase();
        STEPS.iter().find(|step| {
            step.name == text || step.number.to_string() == text || step.kinds.iter().any(|kind| kind.name() == text)
        })
    }

    /// Returns the step that documents of a kind document.
    #[must_use]
    pub fn of_kind(kind: Kind) -> Option<&'static Self> {
        STEPS.iter().find(|step| step.kinds.contains(&kind))
    }

    /// Returns what documents it, in words: "inference log". `None` for a step that has no kind yet.
    #[must_use]
    pub fn document(&self) -> Option<String> {
        self.kinds.first().map(|kind| kind.name().replace('-', " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_in_order_and_no_kind_documents_two() {
        assert!(STEPS.iter().map(|step| step.number).eq(1..=13));
        for kind in Kind::ALL {
            assert!(STEPS.iter().filter(|step| step.kinds.contains(kind)).count() <= 1, "{kind}");
        }
    }

    #[test]
    fn a_step_is_found_by_name_number_and_kind() {
        let number = |text| LifecycleStep::by_name(text).map(|step| step.number);
        assert_eq!(number("Training"), Some(7));
        assert_eq!(number("7"), Some(7));
        assert_eq!(number("pipeline-run"), Some(7));
        assert_eq!(number("14"), None);
    }
}
