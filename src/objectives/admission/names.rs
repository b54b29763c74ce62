//! Names that look alike but differ, and units of different dimensions.

use rustc_hash::FxHashMap;
use unicode_security::confusable_detection::skeleton;

use super::{Admission, Inadmissible};
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::metric::Metric;
use crate::objectives::hir::{ValueKind, Within};
use crate::objectives::unit::{Dimension, MetricUnit};
use crate::objectives::verdict::InputRole;
use crate::workspace::Member;

/// Names by their visual appearance, each with the file where it was first seen.
#[derive(Default)]
struct Looks<'n>(FxHashMap<String, (&'n str, &'n str)>);

impl<'n> Looks<'n> {
    /// Returns a different name with the same appearance that was seen before.
    fn other(&mut self, name: &'n str, file: &'n str) -> Option<(&'n str, &'n str)> {
        let known = *self.0.entry(look(name)).or_insert((name, file));
        (known.0 != name).then_some(known)
    }

    fn holds(&self, name: &str) -> bool {
        self.0.contains_key(&look(name))
    }
}

/// Returns the appearance of a name: without case, blanks, the separators of case styles, and invisible characters; confusable letters of
/// other alphabets are replaced (UTS #39).
fn look(name: &str) -> String {
    let is_seen = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '-') && !is_invisible(*c);
    let folded: String = name.chars().filter(is_seen).flat_map(char::to_lowercase).collect();
    // The capital of a letter may look like that of another one: case is folded before and after.
    skeleton(&folded).flat_map(char::to_lowercase).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
    ) || c.is_control()
}

/// Returns a name, followed by the code points of its blanks and of its characters that are not ASCII.
fn shown(name: &str) -> String {
    let odd: Vec<String> =
        name.chars().filter(|c| !c.is_ascii_graphic()).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    if odd.is_empty() { format!("'{name}'") } else { format!("'{name}' ({})", odd.join(", ")) }
}

impl<'a> Admission<'_, 'a> {
    /// Checks that names differ visibly. Refused: "A dimension or metric name that differs only by case, blanks, look-alike letters or an
    /// invisible character."
    pub(super) fn names_differ(&self) -> Result<(), Inadmissible> {
        let objectives = self.objectives_member.file();
        let mut metrics = Looks::default();
        let mut dimensions = Looks::default();
        // Only values under names that the objectives use can be missed.
        for metric in &self.policy.metrics {
            metrics.other(&metric.name, objectives);
        }
        for dimension in self.read_dimensions() {
            dimensions.other(dimension, objectives);
        }
        let alike = |what, first: (&str, &str), second: (&str, &str)| Inadmissible::LookAlike {
            what,
            first: shown(first.0),
            first_file: first.1.to_owned(),
            second: shown(second.0),
            second_file: second.1.to_owned(),
        };
        for member in self.measured() {
            for (metric, slice) in self.named(member) {
                let known = metric.filter(|name| metrics.holds(name));
                if let Some((name, other)) = known.and_then(|name| Some((name, metrics.other(name, member.file())?))) {
                    return Err(alike("metrics", other, (name, member.file())));
                }
                for dimension in slice {
                    let other =
                        dimensions.holds(dimension).then(|| dimensions.other(dimension, member.file())).flatten();
                    if let Some(other) = other {
                        return Err(alike("dimensions", other, (dimension, member.file())));
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the dimensions that are declared, or that expressions slice by.
    fn read_dimensions(&self) -> Vec<&str> {
        let mut found: Vec<&str> = self.policy.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        let demands = self.policy.objectives.iter().flat_map(|own| own.expect.iter().chain(&own.aim));
        for condition in demands.filter_map(|demand| demand.condition.as_ref()) {
            found.extend(condition.for_each.iter().flat_map(|slices| &slices.dimensions).map(String::as_str));
            let values = condition.claims().into_iter().flat_map(|claim| claim.values().collect::<Vec<_>>());
            let definitions = self.policy.definitions.iter().filter_map(|definition| definition.value.as_ref());
            for part in values.chain(definitions).flat_map(crate::objectives::hir::Value::parts) {
                match &part.kind {
                    ValueKind::Across(across) => found.extend(across.slices.dimensions.iter().map(String::as_str)),
                    ValueKind::Within(_, Within::Slice(pairs)) => {
                        found.extend(pairs.iter().map(|(dimension, _)| dimension.as_str()));
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn measured(&self) -> impl Iterator<Item = &'a Member> {
        self.candidate().chain(self.with_role(InputRole::Baseline)).chain(self.with_role(InputRole::History))
    }

    /// Returns the name and the dimensions of each metric, as they are written.
    fn named(&self, member: &'a Member) -> Vec<(Option<&'a str>, Vec<&'a str>)> {
        let tree = &member.tree;
        let dimensions = |metric: &Metric| {
            let slice = metric.slice.node().filter(|node| tree.is_mapping(*node));
            slice.map(|node| tree.entries(node).map(|entry| tree.key_name(entry.key)).collect()).unwrap_or_default()
        };
        metrics(member).map(|metric| (metric.key.get().map(|key| &**key), dimensions(metric))).collect()
    }

    /// Checks the units of records. Refused: "A `unit` in the record that the declared unit cannot be converted from."
    pub(super) fn units_fit(&self) -> Result<(), Inadmissible> {
        let declared: FxHashMap<&str, &MetricUnit> =
            self.policy.metrics.iter().map(|metric| (metric.name.as_str(), &metric.unit)).collect();
        for member in self.measured() {
            for metric in metrics(member) {
                let (Some(key), Some(unit)) = (metric.key.get(), metric.unit.get()) else { continue };
                let Some(declared) = declared.get(&**key) else { continue };
                let own = MetricUnit::named(unit);
                // A count is not a proportion, though both are plain numbers.
                let is_share = |unit: &MetricUnit| unit.dimension == Dimension::One;
                let is_count = |unit: &MetricUnit| unit.dimension == Dimension::Count;
                let is_mixed = is_share(declared) && is_count(&own) || is_count(declared) && is_share(&own);
                if is_mixed || !declared.dimension.fits(&own.dimension) {
                    return Err(Inadmissible::OtherUnit {
                        file: member.file().to_owned(),
                        metric: key.to_string(),
                        unit: quoted(unit),
                        declared: word(declared),
                    });
                }
            }
        }
        Ok(())
    }
}

/// Returns the metrics of a document.
pub(super) fn metrics(member: &Member) -> impl Iterator<Item = &Metric> {
    let metrics = match member.typed() {
        Some(Document::Run(own)) => own.metrics.get(),
        Some(Document::PipelineRun(own)) => own.metrics.get(),
        Some(Document::Evaluation(own) | Document::Test(own)) => own.metrics.get(),
        _ => None,
    };
    metrics.into_iter().flat_map(List::iter).map(|(_, metric)| metric)
}

/// Returns a text in quotes, or says that there is none.
pub(super) fn quoted(text: &str) -> String {
    if text.trim().is_empty() { "an empty text".to_owned() } else { format!("'{text}'") }
}

fn word(unit: &MetricUnit) -> String {
    match unit.dimension {
        Dimension::One if unit.symbol.is_empty() => "fraction".to_owned(),
        Dimension::Count => "count".to_owned(),
        _ => unit.symbol.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_alike_without_case_blanks_and_foreign_letters() {
        for (a, b) in [
            ("recall", "Recall"),
            ("recall", "rec\u{430}ll"),
            ("recall", "recall "),
            ("recall", "re\u{200b}call"),
            ("val/acc", "VAL/\u{430}cc"),
            ("region", "regi\u{3bf}n"),
            ("region", "re gion"),
        ] {
            assert_eq!(look(a), look(b), "{a} {b}");
        }
        for (a, b) in [("recall", "precision"), ("recall@1", "recall@5"), ("f1", "f2"), ("val_acc", "val/acc")] {
            assert_ne!(look(a), look(b), "{a} {b}");
        }
    }
}
