//! Tests of the language, from text to tree and back.

use proptest::prelude::*;

use super::ast::{
    Across, AcrossFunction, Amount, Change, ChangeReference, Claim, Comparison, Confidence, EACH, EachMetric, Expr,
    ExprKind, Expression, ForEach, Limit, Literal, Metrics, Name, Operator, Predicate, Qualifiers, Sample, Slices,
    SmallSlices, Verb,
};
use super::{FaultKind, SyntaxFault};
use crate::documents::objectives::Language;
use crate::objectives::number::Exact;
use crate::objectives::unit::Unit;
use crate::text::Span;

/// Parses a text in the second version, which accepts every expression of the first.
fn parse(text: &str) -> super::Parsed {
    super::parse(text, Language::Second)
}

fn fault(text: &str) -> SyntaxFault {
    parse(text).expression.expect_err(text)
}

#[track_caller]
fn assert_canonical(text: &str, canonical: &str) {
    let parsed = parse(text);
    assert_eq!(parsed.expression.expect(text).to_string(), canonical);
}

/// The forms of the second version; in the first they are reported as newer.
#[test]
fn newer_forms_are_read_in_the_second_version_only() {
    for (text, form) in [
        ("accuracy >= 85% on holdback with 95% one-sided confidence", "one"),
        ("accuracy drops by at most 1pp vs baseline on holdback with 95% confidence paired", "paired"),
        ("accuracy >= (accuracy of baseline) - 1pp on holdback with 95% confidence paired", "of"),
        ("accuracy > 0.9 * (accuracy of baseline) on holdback with 95% one-sided confidence paired", "of"),
        ("precision >= 95% on holdback where state = 'break-idle'", "where"),
        ("precision >= 95% where state = 'idle' and app = 'meet' and recall >= 80%", "where"),
        ("for each slice of app except 'meet' and 'mail', f1 >= 0.5", "except"),
        ("at least 3 slices of site with at least 30 examples satisfy recall >= 0.8", "at least … slices"),
        ("at least 1 slice of site satisfies recall >= 0.8", "at least … slices"),
        ("for each metric of [precision, recall, 'val/f1'], value >= 0.8 on holdback", "for each metric"),
        ("for each metric of [f1], for each slice of site, value >= 0.8", "for each metric"),
        ("mean(recall across region) >= 0.7", "across"),
        ("weighted mean(recall across region by count) >= 0.7", "weighted mean"),
        ("weighted mean(wape across store ignoring slices under 9 examples by revenue) <= 20%", "weighted mean"),
        ("accuracy >= (accuracy of baseline) - 2 * (stderr of baseline) on holdback", "of"),
        ("mean(psi over last 7 days) < 0.2 on live", "over"),
        ("(burn over last 1 hour) < 14.4 on live", "over"),
        ("for each metric matching 'acc_*', value >= 0.8 on holdback", "for each metric"),
        ("bad_rate rises along score_band on holdback", "rises along"),
        ("bad_rate falls along score_band except 'none' with at least 9 examples with 95% confidence", "falls along"),
        ("evaluated within 30 days on holdback", "evaluated within"),
        ("evaluated within 12 hours and recall >= 0.5", "evaluated within"),
        ("expected_cost <= 120 EUR per 1000 on holdback", "EUR"),
        ("cost <= 5 USD", "USD"),
        ("defects <= 5 per 1000 on holdback", "per"),
        ("(bad_rate where band = '1') >= (bad_rate where band = '2') on holdback", "where"),
    ] {
        assert_canonical(text, text);
        let fault = super::parse(text, Language::First).expression.expect_err(text);
        assert_eq!(
            fault.message,
            format!("'{form}' is a form of mlspec-objectives/2, and the document is written in mlspec-objectives/1")
        );
        assert_eq!(fault.help.as_deref(), Some("declare `language: mlspec-objectives/2`"));
    }
    for (text, message) in [
        (
            "recall >= 0.8 with 95% confidence paired",
            "'paired' is about a change from one model to another on the same examples",
        ),
        (
            "recall >= (recall of baseline) - recall with 95% confidence paired",
            "'paired' is about a change from one model to another on the same examples",
        ),
        (
            "for each metric of [f1, recall], accuracy > 0.5",
            "the condition is said of each metric, and does not say 'value'",
        ),
        ("at least 0 slices of site satisfy recall > 0.5", "at least 0 slices satisfy anything"),
        ("recall > 0.5 with at least 0 examples", "every slice has at least 0 examples"),
        ("for each slice of site with at least 0 examples, recall > 0.5", "every slice has at least 0 examples"),
        (
            "for each slice of site ignoring slices under 0 examples, recall > 0.5",
            "every slice has at least 0 examples",
        ),
        ("defects <= 5 per 0", "something per 0"),
        ("weighted mean(recall across region) > 0.5", "expected 'by', 'except', 'with' or 'ignoring', found ')'"),
    ] {
        assert_eq!(fault(text).message, message);
    }
    // A metric with that name is still accepted.
    assert_canonical("evaluated within 30s of 25s", "evaluated within 30s of 25s");
    assert_canonical("recall > 1 AND f1 > 1", "recall > 1 and f1 > 1");
    let many: Vec<String> = (0..200).map(|number| format!("m{number}")).collect();
    assert!(fault(&format!("for each metric of [{}], value > 0.5", many.join(", "))).kind == FaultKind::Limit);
}

#[test]
fn every_form_of_the_language_is_read() {
    for text in [
        "accuracy >= 85% on holdback with 95% confidence",
        "for each slice of gender by race with at least 100 examples, recall >= 0.8 on holdback",
        "for each slice of gender ignoring slices under 100 examples, recall >= 0.75 on holdback",
        "accuracy drops by at most 1% relative vs baseline on holdback",
        "accuracy improves by at least 1pp vs previous run",
        "latency worsens by at most 20ms vs run 'production-2026-08'",
        "accuracy changes by at most 1pp vs median of last 5 runs",
        "p95(latency) < 200ms on live with at least 50 examples over last 7 days",
        "ratio(selection_rate across gender with at least 100 examples relative to 'A') >= 0.8",
        "worst(recall across gender by race) >= 0.7",
        "confusion_matrix.false_negative / total <= 2% on holdback",
        "(accuracy on validation) - (accuracy on holdback) <= 2pp",
        "accuracy < 90% on holdback implies model_size <= 1GB",
        "not (auc >= 0.8 or accuracy >= 0.8) and f1 is reported",
        "f1 is not reported on 'hold-back'",
        "accuracy between 0.4 and 0.6 and accuracy within 2pp of 0.5",
        "metric('val/acc@1') >= -(1 - 2) * 3",
    ] {
        assert_canonical(text, text);
        assert_eq!(parse(text).slips, [], "{text}");
    }
}

#[test]
fn spellings_of_other_languages_are_understood_and_noted() {
    for (text, canonical, slips) in [
        ("accuracy ≥ 92 % AND f1 = 1", "accuracy >= 92% and f1 == 1", 4),
        ("a > 1 && !(b < 2) || c <> 3", "a > 1 and not b < 2 or c != 3", 4),
        ("p95(latency) =< 2 S", "p95(latency) <= 2s", 2),
        ("x >= .5", "x >= 0.5", 1),
        ("For Each slice of g: x × 2 > 1", "for each slice of g, x * 2 > 1", 3),
    ] {
        assert_canonical(text, canonical);
        assert_eq!(parse(text).slips.len(), slips, "{:?}", parse(text).slips);
        assert_eq!(parse(canonical).slips, []);
    }
}

#[test]
fn precedence_is_one_ladder() {
    assert_canonical("(a + (b * c)) > 1", "a + b * c > 1");
    assert_canonical("((a + b) * c) > (1)", "(a + b) * c > 1");
    assert_canonical("a - (b - c) > 1", "a - (b - c) > 1");
    assert_canonical("(a > 1 and b > 2) or c > 3", "a > 1 and b > 2 or c > 3");
    assert_canonical("a > 1 and (b > 2 or c > 3)", "a > 1 and (b > 2 or c > 3)");
    assert_canonical("a > 1 or b > 2 implies c > 3", "a > 1 or b > 2 implies c > 3");
}

#[test]
fn faults_say_what_was_found_and_what_was_expected() {
    for (text, at, message, help) in [
        (
            "accuracy >= on holdback",
            "on",
            "expected a metric, a number or '(', found 'on'",
            Some("a metric with this name is written metric('on')"),
        ),
        (
            "accuracy drops by at moost 1pp vs baseline",
            "moost",
            "expected 'least' or 'most', found 'moost'",
            Some("did you mean 'most'?"),
        ),
        (
            "for each slice of gender recall >= 1",
            "recall",
            "expected 'by', 'with', 'ignoring', ',' or ':', found 'recall'",
            None,
        ),
        ("accuracy >= 85% on holdback with 95 confidence", "confidence", "expected '%', found 'confidence'", None),
        (
            "a > 1 implies b > 1 implies c > 1",
            "implies",
            "a second 'implies' can be read in two ways",
            Some("put one of the two in parentheses"),
        ),
        ("a > 'x", "'x", "expected a metric, a number or '(', found a string whose quote is not closed", None),
        ("accuracy >= 1 on a on b", "on b", "a second 'on'", None),
        (
            "accuracy >= 1 with 100% confidence",
            "100%",
            "a confidence level is between 0% and 100%",
            Some("95% is usual"),
        ),
    ] {
        let fault = super::parse(text, Language::First).expression.expect_err(text);
        assert_eq!(text.get(fault.span.range()), Some(at), "{fault:?}");
        assert_eq!((fault.message.as_str(), fault.help.as_deref()), (message, help));
        assert!(fault.kind != FaultKind::Limit);
    }
    assert_eq!(fault("").message, "expected 'for', 'not', a metric, a number or '(', found the end of the expression");
}

#[test]
fn limits_keep_expressions_small() {
    assert!(fault(&"(".repeat(100)).kind == FaultKind::Limit);
    assert!(fault(&format!("{}1 > 0", "1 + ".repeat(600))).kind == FaultKind::Limit);
    assert!(fault(&"x".repeat(1 << 20)).kind == FaultKind::Limit);
    assert!(fault(&format!("x > {}", "9".repeat(300))).kind == FaultKind::Limit);
    assert!(fault("x > 1e999").kind == FaultKind::Limit);
    assert!(parse(&format!("{}x > 0{}", "(".repeat(32), ")".repeat(32))).expression.is_ok());
}

/// Words of the language and others, in any order.
fn word_salad() -> impl Strategy<Value = String> {
    let words = [
        "accuracy", "and", "or", "not", "implies", "(", ")", ">=", "85%", "on", "holdback", "for", "each", "slice",
        "of", ",", "with", "at", "least", "100", "examples", "drops", "by", "most", "1pp", "vs", "baseline", "is",
        "reported", "ratio", "across", "'x'", "-", "*", "between", "within", "p95", "over", "last", "7", "days", "≥",
        "where", "=", "except", "one", "sided", "paired", "of", "weighted", "satisfy", "[", "]", ",", "value",
        "slices", "for", "metric", "é", "\"", "1e400", ".", "metric", "median", "runs",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..40).prop_map(|words| words.join(" "))
}

fn name() -> impl Strategy<Value = Name> {
    let names = ["accuracy", "f1", "x_1", "größe", "hold-back", "on", "a b"];
    proptest::sample::select(names.to_vec()).prop_map(|text| Name { text: text.to_owned(), span: Span::default() })
}

fn metric() -> impl Strategy<Value = Name> {
    let names = ["accuracy", "f1", "x_1", "größe", "run", "last"];
    proptest::sample::select(names.to_vec()).prop_map(|text| Name { text: text.to_owned(), span: Span::default() })
}

fn unit() -> impl Strategy<Value = Option<Unit>> {
    let units: Vec<_> = Unit::symbols().filter_map(Unit::by_symbol).map(Some).chain([None, None]).collect();
    proptest::sample::select(units)
}

fn number() -> impl Strategy<Value = Exact> {
    (0..100_000_i64, 0..4_u32).prop_map(|(digits, places)| Exact::fraction(digits, 10_i64.pow(places)).unwrap())
}

fn node(kind: ExprKind) -> Expr {
    Expr { span: Span::default(), kind }
}

fn slices() -> impl Strategy<Value = Slices> {
    let small = prop_oneof![Just(SmallSlices::Unknown), Just(SmallSlices::LeftOut)];
    let sample = proptest::option::of((1..1000_u64, small))
        .prop_map(|sample| sample.map(|(examples, small)| Sample { span: Span::default(), examples, small }));
    let except = proptest::collection::vec(name(), 0..3);
    (proptest::collection::vec(name(), 1..3), except, sample).prop_map(|(dimensions, except, sample)| Slices {
        dimensions,
        except,
        sample,
    })
}

fn value() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        (number(), unit()).prop_map(|(number, unit)| node(ExprKind::Number(Literal { unit, ..Literal::bare(number) }))),
        proptest::collection::vec(metric(), 1..3).prop_map(|names| node(ExprKind::Path(names))),
        name().prop_map(|name| node(ExprKind::Metric(name))),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        let operator = prop_oneof![
            Just(Operator::Add),
            Just(Operator::Subtract),
            Just(Operator::Multiply),
            Just(Operator::Divide)
        ];
        let function = proptest::sample::select(AcrossFunction::ALL.to_vec()).prop_map(|(function, _)| function);
        prop_oneof![
            inner.clone().prop_map(|value| node(ExprKind::Negative(Box::new(value)))),
            (operator, inner.clone(), inner.clone()).prop_map(|(operator, a, b)| node(ExprKind::Arithmetic(
                operator,
                Box::new(a),
                Box::new(b)
            ))),
            (inner.clone(), name()).prop_map(|(value, name)| node(ExprKind::On(Box::new(value), name))),
            inner.clone().prop_map(|value| {
                let function = Name { text: "p95".to_owned(), span: Span::default() };
                node(ExprKind::Call(function, Box::new(value)))
            }),
            (function, inner.clone(), slices(), proptest::option::of(name())).prop_map(
                |(function, value, slices, relative_to)| {
                    node(ExprKind::Across(Box::new(Across { function, value, slices, relative_to, weight: None })))
                }
            ),
            (inner.clone(), slices(), proptest::option::of(name())).prop_map(|(value, slices, weight)| {
                let function = if weight.is_some() { AcrossFunction::WeightedMean } else { AcrossFunction::Mean };
                node(ExprKind::Across(Box::new(Across { function, value, slices, relative_to: None, weight })))
            }),
            (inner.clone(), 1..9_u64).prop_map(|(value, hours)| node(ExprKind::Over(Box::new(value), hours * 3600))),
            (inner.clone(), proptest::collection::vec((name(), name()), 1..3))
                .prop_map(|(value, slice)| node(ExprKind::Where(Box::new(value), slice))),
            (inner, reference()).prop_map(|(value, reference)| node(ExprKind::Of(Box::new(value), reference))),
        ]
    })
}

fn amount() -> impl Strategy<Value = Amount> {
    (number(), unit(), any::<bool>()).prop_map(|(number, unit, relative)| {
        let says_relative = relative && unit == Some(Unit::Percent);
        Amount { span: Span::default(), number, unit, says_relative }
    })
}

fn reference() -> impl Strategy<Value = ChangeReference> {
    prop_oneof![
        Just(ChangeReference::Baseline),
        Just(ChangeReference::PreviousRun),
        name().prop_map(|name| ChangeReference::Run(name.text)),
        (1..9_u32).prop_map(ChangeReference::MedianOfLast),
        name().prop_map(ChangeReference::Named),
    ]
}

fn predicate() -> impl Strategy<Value = Predicate> {
    let comparison = proptest::sample::select(vec![Comparison::AtLeast, Comparison::Below, Comparison::NotEqual]);
    let verb = proptest::sample::select(Verb::ALL.to_vec()).prop_map(|(verb, _)| verb);
    let limit = prop_oneof![Just(Limit::AtLeast), Just(Limit::AtMost)];
    let change = (verb, limit, amount(), reference()).prop_map(|(verb, limit, amount, reference)| {
        let (verb_span, reference_span) = (Span::default(), Span::default());
        Predicate::Change(Change { verb, verb_span, limit, amount, reference, reference_span })
    });
    prop_oneof![
        (comparison, value()).prop_map(|(comparison, bound)| Predicate::Compare(comparison, Span::default(), bound)),
        (value(), value()).prop_map(|(low, high)| Predicate::Between(low, high)),
        (amount(), value()).prop_map(|(amount, of)| Predicate::Within(amount, of)),
        any::<bool>().prop_map(Predicate::Reported),
        change,
    ]
}

fn claim() -> impl Strategy<Value = Expr> {
    let confidence = (1..1000_i64, any::<bool>(), any::<bool>()).prop_map(|(level, is_one_sided, is_paired)| {
        Confidence { level: Exact::fraction(level, 1000).unwrap(), is_one_sided, is_paired, span: Span::default() }
    });
    let qualifiers = (
        proptest::option::of(name()),
        proptest::option::of(confidence),
        proptest::option::of((1..999_u64).prop_map(|examples| (examples, Span::default()))),
        proptest::option::of((1..999_u64).prop_map(|minutes| (minutes * 60, Span::default()))),
        proptest::collection::vec((name(), name()), 0..3),
    );
    (value(), predicate(), qualifiers).prop_map(|(value, predicate, (dataset, confidence, examples, window, slice))| {
        let is_change = predicate.is_change();
        let confidence = confidence.map(|own| Confidence { is_paired: own.is_paired && is_change, ..own });
        let qualifiers = Qualifiers { profile: None, dataset, slice, confidence, examples, window };
        node(ExprKind::Claim(Box::new(Claim { value, predicate, qualifiers })))
    })
}

fn expression() -> impl Strategy<Value = Expression> {
    let condition = claim().prop_recursive(3, 8, 3, |inner| {
        let parts = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.clone().prop_map(|negated| node(ExprKind::Not(Box::new(negated)))),
            parts.clone().prop_map(|parts| node(ExprKind::And(parts))),
            parts.prop_map(|parts| node(ExprKind::Or(parts))),
            (inner.clone(), inner).prop_map(|(a, b)| node(ExprKind::Implies(Box::new(a), Box::new(b)))),
        ]
    });
    let for_each = proptest::option::of((slices(), proptest::option::of(1..9_u64)))
        .prop_map(|own| own.map(|(slices, at_least)| ForEach { span: Span::default(), slices, at_least }));
    let metrics = proptest::option::of(proptest::collection::vec(name(), 1..4));
    (for_each, metrics, condition).prop_map(|(for_each, metrics, condition)| {
        let Some(metrics) = metrics else { return Expression { for_each, each_metric: None, root: condition } };
        let each = node(ExprKind::Path(vec![Name { text: EACH.to_owned(), span: Span::default() }]));
        let predicate = Predicate::Compare(Comparison::AtLeast, Span::default(), each.clone());
        let said = node(ExprKind::Claim(Box::new(Claim { value: each, predicate, qualifiers: Qualifiers::default() })));
        let template = node(ExprKind::Implies(Box::new(said), Box::new(node(ExprKind::Not(Box::new(condition))))));
        let mut parts: Vec<_> = metrics.iter().map(|metric| template.with_metric(&metric.text)).collect();
        let root = if parts.len() == 1 { parts.remove(0) } else { node(ExprKind::And(parts)) };
        Expression { for_each, each_metric: Some(EachMetric { metrics: Metrics::Listed(metrics), template }), root }
    })
}

/// Returns the tree without its spans.
fn shape(expression: &Expression) -> String {
    let places = regex::Regex::new(r"Span \{ start: \d+, end: \d+ \}").unwrap();
    places.replace_all(&format!("{expression:?}"), "_").into_owned()
}

proptest! {
    #[test]
    fn printing_then_parsing_is_the_identity(expression in expression()) {
        let text = expression.to_string();
        match parse(&text).expression {
            Ok(read) => {
                prop_assert_eq!(shape(&read), shape(&expression), "{}", text);
                prop_assert_eq!(parse(&text).slips, vec![], "{}", text);
            }
            Err(fault) => prop_assert!(fault.kind == FaultKind::Limit, "{}: {:?}", text, fault),
        }
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_place_in_it(text in prop_oneof![".*", word_salad()]) {
        let parsed = parse(&text);
        for slip in &parsed.slips {
            prop_assert!(text.get(slip.span.range()).is_some());
        }
        match parsed.expression {
            Err(fault) => prop_assert!(text.get(fault.span.range()).is_some() || text.len() > super::MOST_BYTES),
            Ok(expression) => {
                let canonical = expression.to_string();
                let again = parse(&canonical).expression;
                prop_assert_eq!(again.map(|again| shape(&again)), Ok(shape(&expression)), "{}", canonical);
            }
        }
    }
}
