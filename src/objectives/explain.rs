//! Objectives as sentences, for readers who do not know the language.

use super::number::Exact;
use super::syntax::ast::{
    Change, ChangeReference, Claim, Comparison, EACH, Expr, ExprKind, Expression, ForEach, Limit, Metrics, Predicate,
    Slices, SmallSlices, StepOrder, Verb,
};

/// Whether a condition is required or assumed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    /// "recall must be at least 65%"
    Must,
    /// "if recall is at least 65%"
    If,
}

/// Returns the sentence for a condition, without a full stop.
#[must_use]
pub fn sentence(expression: &Expression) -> String {
    let root = expression.each_metric.as_ref().map_or(&expression.root, |each| &each.template);
    let condition = condition(root, Mood::Must);
    let condition = match &expression.for_each {
        Some(ForEach { at_least: Some(1), slices: own, .. }) => {
            format!("in at least 1 slice of {}, {condition}", slices(own))
        }
        Some(ForEach { at_least: Some(least), slices: own, .. }) => {
            format!("in at least {least} slices of {}, {condition}", slices(own))
        }
        Some(for_each) => format!("in each slice of {}, {condition}", slices(&for_each.slices)),
        None => condition,
    };
    match &expression.each_metric {
        Some(each) => {
            let metrics = match &each.metrics {
                Metrics::Listed(names) => names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
                Metrics::Matching(form) => format!("the metrics called like '{}'", form.text),
            };
            format!("with each of {metrics} as the {EACH}, {condition}")
        }
        None => condition,
    }
}

fn condition(node: &Expr, mood: Mood) -> String {
    match &node.kind {
        ExprKind::Claim(claim) => self::claim(claim, mood),
        ExprKind::Not(negated) => {
            format!("it {} not be so that {}", verb(mood, "must", "may"), condition(negated, Mood::If))
        }
        ExprKind::And(parts) => joined(parts, " and ", mood),
        ExprKind::Or(parts) => format!("{}{}", verb(mood, "either ", ""), joined(parts, " or ", mood)),
        ExprKind::Implies(premise, conclusion) => {
            format!("if {}, then {}", condition(premise, Mood::If), condition(conclusion, mood))
        }
        // Not a condition, which has a finding of its own.
        _ => node.to_string(),
    }
}

fn joined(parts: &[Expr], word: &str, mood: Mood) -> String {
    parts.iter().map(|part| condition(part, mood)).collect::<Vec<_>>().join(word)
}

fn verb(mood: Mood, must: &'static str, is: &'static str) -> &'static str {
    if mood == Mood::Must { must } else { is }
}

fn claim(claim: &Claim, mood: Mood) -> String {
    let be = verb(mood, "must be", "is");
    let mut text = format!("{} ", claim.value);
    match &claim.predicate {
        Predicate::Compare(comparison, _, bound) => {
            let words = match comparison {
                Comparison::AtLeast => "at least",
                Comparison::AtMost => "at most",
                Comparison::Above => "more than",
                Comparison::Below => "less than",
                Comparison::Equal => "exactly",
                Comparison::NotEqual => "anything but",
            };
            text += &format!("{be} {words} {bound}");
        }
        Predicate::Between(low, high) => text += &format!("{be} between {low} and {high}"),
        Predicate::Within(amount, of) => text += &format!("{be} no further than {amount} from {of}"),
        Predicate::Change(change) => text += &self::change(change, mood),
        Predicate::Along(order, _, along) => {
            let verb = match (order, mood) {
                (StepOrder::Rises, Mood::Must) => "must rise",
                (StepOrder::Falls, Mood::Must) => "must fall",
                (own, Mood::If) => own.word(),
            };
            text += &format!("{verb} from each slice of {} to the next", slices(along));
        }
        Predicate::Fresh(seconds, _) => {
            text = format!("what is judged {be} no older than {}", period(*seconds));
        }
        Predicate::Reported(false) => text += &format!("{be} reported"),
        Predicate::Reported(true) => text += verb(mood, "must not be reported", "is not reported"),
    }
    let own = &claim.qualifiers;
    if let Some(dataset) = &own.dataset {
        text += &format!(" on {dataset}");
    }
    if let Some(profile) = &own.profile {
        text += &format!(", compared with the profile of {profile}");
    }
    if let Some((seconds, _)) = own.window {
        text += &format!(" in the last {}", period(seconds));
    }
    if let Some((examples, _)) = own.examples {
        text += &format!(", measured on at least {examples} examples");
    }
    let places: Vec<_> =
        own.slice.iter().map(|(dimension, value)| format!("{dimension} is '{}'", value.text)).collect();
    if !places.is_empty() {
        text += &format!(" where {}", places.join(" and "));
    }
    if let Some(own) = &own.confidence {
        let percent = &own.level * &Exact::whole(100);
        text += &match own.is_one_sided {
            true => format!(", and so must its bound at one-sided {percent}% confidence"),
            false => format!(", and so must all of its {percent}% confidence interval"),
        };
        if own.is_paired {
            text += ", by the same examples with both models";
        }
    }
    text
}

fn period(seconds: u64) -> String {
    let units = [(86_400, "days"), (3600, "hours")];
    let (length, unit) =
        units.into_iter().find(|(length, _)| seconds.is_multiple_of(*length)).unwrap_or((60, "minutes"));
    format!("{} {unit}", seconds / length)
}

fn change(change: &Change, mood: Mood) -> String {
    let reference = match &change.reference {
        ChangeReference::Baseline => "the baseline".to_owned(),
        ChangeReference::PreviousRun => "the previous run".to_owned(),
        ChangeReference::Run(name) => format!("run '{name}'"),
        ChangeReference::MedianOfLast(count) => format!("the median of the last {count} runs"),
        ChangeReference::Named(name) => format!("the reference '{}'", name.text),
    };
    let amount = match change.amount.is_relative() && !change.amount.says_relative {
        true => format!("{} of that", change.amount),
        false => change.amount.to_string(),
    };
    let (must, is) = match change.verb {
        Verb::Rises => ("rise", "rises"),
        Verb::Drops => ("drop", "drops"),
        Verb::Changes => ("change", "changes"),
        Verb::Improves => ("improve", "improves"),
        Verb::Worsens => ("worsen", "worsens"),
    };
    match (change.limit, mood) {
        (Limit::AtLeast, Mood::Must) => format!("must {must} by at least {amount} from {reference}"),
        (Limit::AtMost, Mood::Must) => format!("must not {must} by more than {amount} from {reference}"),
        (Limit::AtLeast, Mood::If) => format!("{is} by at least {amount} from {reference}"),
        (Limit::AtMost, Mood::If) => format!("{is} by at most {amount} from {reference}"),
    }
}

fn slices(slices: &Slices) -> String {
    let names: Vec<_> = slices.dimensions.iter().map(ToString::to_string).collect();
    let names = names.join(" by ");
    let except: Vec<_> = slices.except.iter().map(|name| format!("'{}'", name.text)).collect();
    let names = if except.is_empty() { names } else { format!("{names} except {}", except.join(" and ")) };
    match &slices.sample {
        Some(sample) if sample.small == SmallSlices::Unknown => {
            format!("{names} (one with fewer than {} examples leaves it open)", sample.examples)
        }
        Some(sample) => format!("{names} (those with fewer than {} examples are left out)", sample.examples),
        None => names,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::objectives::Language;
    use crate::objectives::syntax::parse;

    #[test]
    fn conditions_are_put_into_words() {
        for (text, expected) in [
            ("recall >= 65% on holdback", "recall must be at least 65% on holdback"),
            (
                "accuracy drops by at most 1% vs baseline on holdback",
                "accuracy must not drop by more than 1% of that from the baseline on holdback",
            ),
            (
                "for each slice of sex by age ignoring slices under 50 examples, recall > 0.5 with 95% confidence",
                "in each slice of sex by age (those with fewer than 50 examples are left out), recall must be more than 0.5, and so must all of its 95% confidence interval",
            ),
            (
                "accuracy < 90% implies model_size <= 1GB",
                "if accuracy is less than 90%, then model_size must be at most 1GB",
            ),
            (
                "not (auc is reported) and f1 changes by at least 2pp vs run 'a'",
                "it must not be so that auc is reported and f1 must change by at least 2pp from run 'a'",
            ),
            (
                "p95(latency) < 200ms on live with at least 50 examples over last 7 days",
                "p95(latency) must be less than 200ms on live in the last 7 days, measured on at least 50 examples",
            ),
        ] {
            assert_eq!(sentence(&parse(text, Language::Second).expression.unwrap()), expected, "{text}");
        }
    }
}
