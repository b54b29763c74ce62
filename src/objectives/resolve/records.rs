//! Resolves what is asked of the records of a log. Each question is a metric of its own, named as it is written: an evaluation may report it,
//! too.

use super::super::diagnostic::{DiagnosticKind, Fault};
use super::super::hir::{MetricId, Value};
use super::super::number::Exact;
use super::super::policy::{PolicyMetric, RecordMetric};
use super::super::syntax::ast::{Name, RecordTest};
use super::super::unit::{Dimension, MetricUnit};
use super::Resolver;
use crate::documents::metric::MetricType;
use crate::text::Span;

impl Resolver<'_> {
    /// Resolves the share of the records with a property.
    pub(super) fn share(&mut self, test: &RecordTest, span: Span) -> Value {
        let id = self.asked(format!("share({test})"), RecordMetric::Share(test.clone()));
        self.metric_value(id, None, span)
    }

    /// Resolves the distance of the values of a field from those of the profile that the claim names.
    pub(super) fn distance(&mut self, distance: &Name, field: &Name, span: Span) -> Option<Value> {
        let Some(profile) = self.profile.clone() else {
            let message = format!("{}(…) does not say from what", distance.text);
            let help =
                "name a dataset with a `profile` behind the bound, as in `js_divergence(income) <= 0.1 vs training`";
            self.helped(DiagnosticKind::UnknownDataset, span, message, help);
            return None;
        };
        let dataset = self.dataset(&profile)?;
        if self.policy.datasets.get(dataset).is_some_and(|data| data.profile.is_none()) {
            let message = format!("the dataset '{}' has no profile", profile.text);
            // Not at the name: one that is declared counts as known.
            let fault = Fault::new(DiagnosticKind::UnknownDataset, self.node?, span, message);
            self.faults.push(fault.help("name it under `datasets`, as in `training: {profile: card-training}`"));
            return None;
        }
        let name = format!("{}({field}) vs {profile}", distance.text);
        let (distance, field) = (distance.text.clone(), field.text.clone());
        let id = self.asked(name, RecordMetric::Distance { distance, field, dataset });
        Some(self.metric_value(id, None, span))
    }

    /// Returns the metric that a question is.
    fn asked(&mut self, name: String, from: RecordMetric) -> MetricId {
        if let Some(id) = self.metrics.get(&name) {
            return *id;
        }
        let (unit, most) = match &from {
            // It is in the unit of the field, which nobody declares.
            RecordMetric::Distance { distance, .. } if distance == "wasserstein" => {
                (MetricUnit { dimension: Dimension::One, ..MetricUnit::unknown() }, None)
            }
            RecordMetric::Distance { distance, .. } if distance == "psi" => (MetricUnit::named("fraction"), None),
            _ => (MetricUnit::named("fraction"), Some(Exact::ONE)),
        };
        let range = most.clone().map(|most| (Exact::ZERO, most));
        self.policy.metrics.push(PolicyMetric {
            name: name.clone(),
            node: None,
            unit,
            range,
            possible: (Some(Exact::ZERO), most),
            is_proportion: matches!(from, RecordMetric::Share(_)),
            better: None,
            shape: Some(MetricType::Scalar),
            fields: Vec::new(),
            from: Some(from),
        });
        let id = self.policy.metrics.len() - 1;
        self.metrics.insert(name, id);
        id
    }
}
