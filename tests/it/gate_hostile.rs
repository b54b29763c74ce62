//! Objectives and measurements that are designed to be expensive: the cost of judging grows linearly with the documents.

use std::fmt::Write;

use crate::support::gate::{As, first, steps, verdict, verdict_on, word};

const HEAD: &str = "kind: objectives\ndatasets: {d: {stage: test}}\ndimensions: {g: {}, h: {}}\nmetrics: {m: {unit: fraction}, list: {unit: ms, type: array}}\n";

fn objectives(definitions: &str, expect: &str) -> String {
    let definitions = if definitions.is_empty() { String::new() } else { format!("definitions:\n{definitions}") };
    format!("{HEAD}{definitions}objectives:\n- {{id: a, expect: \"{expect}\"}}\n")
}

fn test_of(metrics: &str) -> String {
    format!("kind: test\nid: t\nname: test\ndataset: x\nperformedOn: 2026-09-02T09:00:00Z\nmetrics:\n{metrics}")
}

/// Returns `d0: m`, and then this many definitions, each of which combines the previous one with itself by an operator.
fn chain(length: usize, operator: char) -> String {
    let mut text = "  d0: m\n".to_owned();
    for number in 1..=length {
        let _ = writeln!(text, "  d{number}: d{} {operator} d{}", number - 1, number - 1);
    }
    text
}

/// Returns a metric in this many slices.
fn slices(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let _ = writeln!(text, "- {{key: m, value: 0.5, count: 9, slice: {{g: g{number:06}}}}}");
    }
    text
}

#[test]
fn definitions_that_double_cost_what_their_number_does() {
    let given = test_of("- {key: m, value: 0.5}\n");
    let given = [(As::Candidate, given.as_str())];
    let cost = |length: usize| steps(&objectives(&chain(length, '+'), &format!("d{length} >= 1 on d")), &given);
    assert!(cost(100) <= 2 * cost(50) + 10, "{} and {}", cost(50), cost(100));
    assert!(cost(100) < 1000, "{}", cost(100));
    let found = verdict(&objectives(&chain(100, '+'), "d100 >= 1267650600228229401496703205376 / 2 on d"), &given);
    assert_eq!(word(found.verdict), "pass", "{}", first(&found).message);
}

#[test]
fn squares_of_squares_are_given_up() {
    let given = test_of("- {key: m, value: 0.123456789}\n");
    let found = verdict(&objectives(&chain(100, '*'), "d100 >= 0 on d"), &[(As::Candidate, &given)]);
    assert_eq!(word(found.verdict), "unknown");
    assert_eq!(first(&found).message, "the value has too many digits to be computed with");
}

#[test]
fn newer_forms_cost_what_their_slices_do() {
    let of = |expect: &str, count: usize| {
        let text =
            objectives("", expect).replace("kind: objectives\n", "kind: objectives\nlanguage: mlspec-objectives/2\n");
        let given = test_of(&slices(count));
        (steps(&text, &[(As::Candidate, &given)]), verdict(&text, &[(As::Candidate, &given)]))
    };
    for expect in [
        "mean(m across g) >= 0.1 on d",
        "weighted mean(m across g by count) >= 0.1 on d",
        "at least 2 slices of g satisfy m >= 0.1 on d",
        "for each slice of g except 'g000001' and 'g000002', m >= 0.1 on d",
        "for each metric of [m, m, m], m >= value - 1 on d where g = 'g000001'",
    ] {
        let (few, many) = (of(expect, 100), of(expect, 1000));
        assert!(many.0 <= 11 * few.0, "{expect}: {} and {}", few.0, many.0);
        assert_eq!(word(many.1.verdict), "pass", "{expect}: {}", first(&many.1).message);
    }
    // The number of pairs is limited to those of a hundred slices.
    let pairs = "difference(m across g) <= 1 on d with 95% confidence";
    assert!(of(pairs, 1000).0 < 50_000, "{}", of(pairs, 1000).0);
    assert_eq!(word(of(pairs, 1000).1.verdict), "unknown");
}

#[test]
fn each_slice_costs_the_same() {
    for expect in [
        "for each slice of g with at least 5 examples, m >= 0.1 on d",
        "ratio(m across g) >= 0.1 on d",
        "for each slice of g, ratio(m across h) >= 0.1 or m >= 0.1 on d",
    ] {
        let cost = |count: usize| steps(&objectives("", expect), &[(As::Candidate, &test_of(&slices(count)))]);
        let (small, large) = (cost(200), cost(400));
        assert!(large <= 2 * small && large >= 400, "{expect}: {small} and {large}");
    }
}

#[test]
fn sentences_are_short_however_many_slices_there_are() {
    let given = test_of(&slices(500));
    for (expect, ending) in [
        ("m >= 0.1", ", and 492 more"),
        ("m >= 0.6", "; and 492 more"),
        ("m >= 0.1 with at least 10 examples", "; and 492 more"),
    ] {
        let text = objectives("", &format!("for each slice of g, {expect} on d"));
        let found = verdict(&text, &[(As::Candidate, &given)]);
        let own = first(&found);
        assert!(own.message.ends_with(ending) && own.message.len() < 500, "{}", own.message);
        assert_eq!(own.claims.len(), 500);
    }
}

#[test]
fn long_lists_and_lists_of_extremes_have_their_values() {
    let long: Vec<_> =
        (0..50_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) % 50_000).to_string()).collect();
    let given = test_of(&format!("- {{key: list, value: [{}]}}\n", long.join(", ")));
    let found = verdict(&objectives("", "p50(list) between 0 and 50s on d"), &[(As::Candidate, &given)]);
    assert_eq!(word(found.verdict), "pass", "{}", first(&found).message);
    for (list, verdict_of) in [
        ("[1e400, 0, 1e-400]", "pass"),
        ("[1e400, 1e401]", "unknown"),
        ("[[1, 2], [3, [4]]]", "pass"),
        ("[1, {a: 2}]", "unknown"),
        ("[]", "unknown"),
        ("5", "unknown"),
    ] {
        let given = test_of(&format!("- {{key: list, value: {list}}}\n"));
        let found =
            verdict(&objectives("", "sum(list) >= 0ms on d and std(list) >= 0ms on d"), &[(As::Candidate, &given)]);
        let expected = if list.starts_with("[1e400, 0") { "unknown" } else { verdict_of };
        assert_eq!(word(found.verdict), expected, "{list}: {}", first(&found).message);
        let found = verdict(&objectives("", "sum(list) >= 0ms on d"), &[(As::Candidate, &given)]);
        assert_eq!(word(found.verdict), verdict_of, "{list}: {}", first(&found).message);
    }
}

#[test]
fn values_that_stand_in_one_another_are_read_to_any_depth() {
    let nested = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let given = test_of(&format!("- {{key: list, value: {nested}}}\n"));
    let found = verdict(&objectives("", "max(list) == 1ms on d"), &[(As::Candidate, &given)]);
    assert_eq!(word(found.verdict), "pass", "{}", first(&found).message);
    let aliases: String = (1..12)
        .map(|number| {
            let items = vec![format!("*a{}", number - 1); 10].join(", ");
            format!("x-{number}: &a{number} [{items}]\n")
        })
        .collect();
    let given = format!("x-0: &a0 [1, 1]\n{aliases}{}", test_of("- {key: list, value: *a11}\n"));
    let found = verdict(&objectives("", "count(list) >= 0 on d"), &[(As::Candidate, &given)]);
    assert_eq!(word(found.verdict), "unknown", "what the reader cut off is no number");
}

#[test]
fn objectives_times_slices_are_told_up_to_a_limit() {
    let objectives = |count: usize| {
        let each = |number| format!("- {{id: a{number}, expect: 'for each slice of g, m >= 0.1 on d'}}\n");
        format!("{HEAD}objectives:\n{}", (0..count).map(each).collect::<String>())
    };
    let given = test_of(&slices(3000));
    let given = [(As::Candidate, given.as_str())];
    let told = verdict_on(&objectives(3), &given, None).unwrap();
    assert_eq!(told.objectives.iter().map(|objective| objective.claims.len()).sum::<usize>(), 9000);
    let refusal = verdict_on(&objectives(22), &given, None).unwrap_err().to_string();
    assert!(refusal.contains("more than 65536 claims"), "{refusal}");
}
