use std::sync::Arc;

use super::*;
use crate::analysis::{Options, members};
use crate::documents::Document;
use crate::text::Source;

const CATALOGUE: &str = "
mlSpecVersion: 0.1.0
kind: objectives
datasets:
  validation: {dataset: credit-validation@1.2.0, stage: evaluation}
  holdback: {dataset: credit-holdback@1.0.0, stage: test}
  live: {stage: monitoring}
metrics:
  accuracy: {unit: fraction, range: [0, 1], better: higher}
  f1: {unit: fraction}
  latency: {unit: ms, type: array, better: lower}
  model_size: {unit: MB}
  loss: {unit: percent}
  val.acc: {unit: fraction}
  confusion_matrix: {type: object, unit: count, fields: [true_positive, false_negative]}
dimensions:
  gender: {values: [A, B]}
";

fn policy(definitions: &str, expect: &str) -> (Policy, Vec<Fault>) {
    policy_in("", definitions, expect)
}

fn policy_in(language: &str, definitions: &str, expect: &str) -> (Policy, Vec<Fault>) {
    let text = format!(
        "{CATALOGUE}{language}definitions:\n  total: confusion_matrix.true_positive + 1\n{definitions}objectives:\n- {{id: a, expect: \"{expect}\"}}\n"
    );
    let member = members("a.yml", &text, &Options::default()).remove(0);
    let Some(Document::Objectives(objectives)) = member.typed() else { panic!("{text}") };
    let tree = crate::yaml::parse(
        Arc::new(Source::new("a.yml", text.as_str())),
        crate::yaml::Limits::default(),
        crate::yaml::Framing::Stream,
    );
    Policy::of(objectives, &tree)
}

#[test]
fn conditions_that_make_sense_are_resolved() {
    for expect in [
        "accuracy >= 85% on holdback with 95% confidence",
        "for each slice of gender ignoring slices under 100 examples, accuracy >= 0.75 on holdback",
        "accuracy improves by at least 5% vs baseline",
        "p95(latency) < 200ms on holdback and mean(latency) < 100ms",
        "ratio(accuracy across gender) >= 0.9 and worst(accuracy across gender) > 0.5",
        "confusion_matrix.false_negative / total <= 2%",
        "(accuracy on validation) - (accuracy on holdback) <= 2pp",
        "accuracy < 90% implies model_size <= 1GB",
        "latency is reported on live over last 7 days",
        "metric('f1') within 5% of val.acc",
        "count(latency) >= 100 and model_size / mean(latency) < 5",
        "abs(f1 - accuracy) < 2pp",
    ] {
        let (policy, faults) = policy("", expect);
        assert_eq!(faults, [], "{expect}");
        assert!(policy.objectives[0].expect.as_ref().unwrap().condition.is_some());
    }
}

#[test]
fn faults_say_what_is_wrong_and_where() {
    for (expect, check, at, message) in [
        ("acuracy > 1", DiagnosticKind::UnknownMetric, "acuracy", "no metric or definition is called 'acuracy'"),
        (
            "f1 > 1 on hold-back",
            DiagnosticKind::Syntax,
            "-",
            "expected 'on', 'with', 'over', 'and', 'or' or 'implies', found '-'",
        ),
        ("f1 > 1 on hold_back", DiagnosticKind::UnknownDataset, "hold_back", "no dataset is called 'hold_back'"),
        ("for each slice of sex, f1 > 1", DiagnosticKind::UnknownDimension, "sex", "no dimension is called 'sex'"),
        ("avg(latency) > 1ms", DiagnosticKind::UnknownFunction, "avg", "no function is called 'avg'"),
        ("p100(latency) > 1ms", DiagnosticKind::UnknownFunction, "p100", "no function is called 'p100'"),
        ("confusion_matrix.tp > 1", DiagnosticKind::UnknownField, "tp", "'confusion_matrix' has no field 'tp'"),
        (
            "latency < 1ms",
            DiagnosticKind::NeedsAggregate,
            "latency",
            "this is a list of numbers, and one number was expected",
        ),
        (
            "confusion_matrix < 1",
            DiagnosticKind::NeedsAggregate,
            "confusion_matrix",
            "this is several named numbers, and one number was expected",
        ),
        ("mean(f1) < 1", DiagnosticKind::NeedsAggregate, "f1", "mean(…) takes a list of numbers"),
        ("f1", DiagnosticKind::NeedsAggregate, "f1", "this is a number, and a condition was expected"),
        (
            "(f1 > 1) + 2 > 1",
            DiagnosticKind::NeedsAggregate,
            "(f1 > 1)",
            "this is a condition, and a number was expected",
        ),
        (
            "mean(latency) < 2GB",
            DiagnosticKind::UnitMismatch,
            "2GB",
            "this is an amount of data, and the value is a time",
        ),
        (
            "f1 + model_size > 2",
            DiagnosticKind::UnitMismatch,
            "model_size",
            "this is an amount of data, and cannot be added to what is a fraction",
        ),
        ("mean(latency) < 200", DiagnosticKind::UnitMissing, "200", "the number has no unit; it is read as ms"),
        (
            "mean(latency) drops by at most 1pp vs baseline",
            DiagnosticKind::UnitMismatch,
            "1pp",
            "percentage points apply to fractions, and the value is a time",
        ),
        (
            "f1 drops by at most -1pp vs baseline",
            DiagnosticKind::BadAmount,
            "-1pp",
            "an amount of change cannot be negative; the word before it gives the direction",
        ),
        (
            "f1 improves by at least 1pp vs baseline",
            DiagnosticKind::NoDirection,
            "improves",
            "'improves' needs to know which values of 'f1' are better",
        ),
        (
            "f1 > 1 on holdback over last 2 days",
            DiagnosticKind::WindowNotMonitoring,
            "over last 2 days",
            "'holdback' is not monitored: it is measured once, and not over a period of time",
        ),
    ] {
        let (_, faults) = policy("", expect);
        let [fault] = faults.as_slice() else { panic!("{expect}: {faults:#?}") };
        let place = if fault.span.is_empty() { "" } else { expect.get(fault.span.range()).unwrap() };
        assert_eq!((fault.check, place, fault.message.as_str()), (check, at, message), "{expect}");
    }
}

#[test]
fn bounds_that_differ_by_slice_are_numbers_for_all_values_of_a_dimension() {
    for (bounds, message) in [
        ("{by: gender, A: 0.9, else: 90%}", None),
        ("{by: gender, A: 0.9, B: -0.5}", None),
        ("{by: gender, A: f1, B: 0.9}", Some("a bound that differs by slice is a number")),
        ("{by: gender, A: 0.9}", Some("there is no bound for gender 'B', and no `else`")),
        ("{by: gender, A: 0.9, C: 0.9, B: 0.9}", Some("'gender' has no value 'C'")),
        ("{by: sex, A: 0.9, else: 0.9}", Some("no dimension is called 'sex'")),
        ("{by: gender, A: 9ms, B: 0.9}", Some("the bounds do not measure the same")),
        ("{by: gender, A: .nan, else: 0.9}", Some("expected 'not', a metric, a number or '(', found '.'")),
    ] {
        let definitions = format!("  floor: {{bounds: {bounds}}}\n");
        let text = "for each slice of gender, f1 >= floor on holdback";
        let (policy, faults) = policy_in("language: mlspec-objectives/2\n", &definitions, text);
        let found: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(found, message.into_iter().collect::<Vec<_>>(), "{bounds}");
        assert_eq!(policy.objectives[0].expect.as_ref().unwrap().condition.is_some(), message.is_none());
    }
}

#[test]
fn bare_numbers_take_the_unit_of_the_metric() {
    use crate::objectives::hir::{Predicate, TruthKind, ValueKind};
    for (expect, value) in
        [("mean(latency) < 200", "0.2"), ("loss < 5", "0.05"), ("model_size < 1", "1000000"), ("f1 < 0.5", "0.5")]
    {
        let (policy, _) = policy("", expect);
        let demand = policy.objectives[0].expect.as_ref().unwrap();
        let TruthKind::Claim(claim) = &demand.condition.as_ref().unwrap().root.kind else { panic!("{expect}") };
        let Predicate::Compare(_, bound) = &claim.predicate else { panic!("{expect}") };
        let ValueKind::Number(number) = &bound.kind else { panic!("{expect}: {bound:?}") };
        assert_eq!(number, &Exact::parse(value).unwrap(), "{expect}");
    }
}

#[test]
fn definitions_that_need_themselves_are_found_once() {
    let (policy, faults) = policy("  a: b + 1\n  b: c * 2\n  c: a - d\n  d: f1\n  e: e\n  g: a\n", "d > 0");
    let circular: Vec<_> = faults.iter().map(|fault| (fault.check, fault.message.as_str())).collect();
    assert_eq!(
        circular,
        [
            (DiagnosticKind::CircularDefinition, "these definitions depend on each other: a → b → c → a"),
            (DiagnosticKind::CircularDefinition, "'e' is defined by itself"),
        ]
    );
    assert!(policy.definitions.iter().find(|definition| definition.name == "d").unwrap().value.is_some());
    assert!(policy.definitions.iter().find(|definition| definition.name == "g").unwrap().value.is_none());
}

#[test]
fn a_chain_of_definitions_as_long_as_a_document_uses_no_stack() {
    let chain: String = (0..20_000).map(|index| format!("  d{index}: d{} + d{}\n", index + 1, index + 1)).collect();
    let (_, faults) = policy(&format!("{chain}  d20000: f1\n"), "d0 > 0");
    assert!(faults.iter().any(|fault| fault.check == DiagnosticKind::TooLarge));
}

#[test]
fn what_is_asked_of_slices_can_be_asked_of_the_declared_ones() {
    let second = "language: mlspec-objectives/2\n";
    for (expect, message) in [
        (
            "for each slice of gender except 'A' and 'B', accuracy >= 0.5",
            "every declared value is excepted, and no slice is left",
        ),
        ("at least 3 slices of gender satisfy accuracy >= 0.5", "3 slices are asked for, and 2 are declared"),
        (
            "at least 2 slices of gender except 'A' satisfy accuracy >= 0.5",
            "2 slices are asked for, and 1 are declared",
        ),
        ("ratio(accuracy across gender relative to 'C') >= 0.9", "'gender' has no value 'C'"),
        ("accuracy >= 0.5 on live over last 0 days", "a period of 0 holds nothing"),
        ("evaluated within 0 days and accuracy >= 0.5", "a period of 0 holds nothing"),
        ("accuracy drops by at most 1pp vs median of last 0 runs", "no runs have no median"),
    ] {
        let (_, faults) = policy_in(second, "", expect);
        let messages: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(messages, [message], "{expect}");
    }
    for expect in [
        "for each slice of gender except 'A', accuracy >= 0.5",
        "at least 2 slices of gender satisfy accuracy >= 0.5",
        "ratio(accuracy across gender relative to 'B') >= 0.9",
        "accuracy drops by at most 1pp vs median of last 3 runs",
    ] {
        assert_eq!(policy_in(second, "", expect).1, [], "{expect}");
    }
}

#[test]
fn combinations_are_of_declared_dimensions_and_values() {
    for (combination, message) in [
        ("{gender: A}", None),
        ("{gender: C}", Some("'gender' has no value 'C'")),
        ("{age: old}", Some("no dimension is called 'age'")),
    ] {
        let (_, faults) = policy_in(&format!("combinations: [{combination}]\n"), "", "accuracy >= 0.5");
        let messages: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(messages, Vec::from_iter(message), "{combination}");
    }
}
