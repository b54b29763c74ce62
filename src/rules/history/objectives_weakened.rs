//! `history/objectives-weakened`

use crate::documents::Document;
use crate::objectives::consistency::{Weakened, WeakenedReference, Weakening, weakened, weakened_references};
use crate::objectives::policy::Policy;
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};

declare_rule! {
    /// What a model must achieve should not become less without a reason.
    ///
    /// The easiest way past a gate is a lower bound. It may be right, but then somebody other than its author should have agreed: this
    /// finding makes the change visible. Weaker is a condition that more models meet, an objective that is gone or only advisory, and
    /// slices that are no longer judged because they are too small or excepted, and a required objective that has a waiver now. Conditions
    /// are compared as intervals and by their form (`A` has become `A or B`); two that neither imply nor exclude each other are not reported.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// rollback: {to: card-production-2026-04}
    /// ```
    /// ```yaml after
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 60% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// rollback: {to: card-production-2026-04}
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// rollback: {to: card-production-2026-04}
    /// ```
    /// ```yaml after
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 70% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// rollback: {to: card-production-2026-04}
    /// ```
    pub OBJECTIVES_WEAKENED = {
        id: "history/objectives-weakened",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1: codified objectives; governance",
        kinds: [Objectives],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let (Some(old), Some(Document::Objectives(now)), Some(policy)) = (compared.changed(), cx.typed(), cx.policy())
    else {
        return;
    };
    let Some(Document::Objectives(before)) = old.typed() else { return };
    let (former, _) = Policy::of(before, &old.tree);
    let label = compared.revision.label();
    for Weakened { objective, how, now: node, before } in weakened((now, policy), (before, &former)) {
        let message = match how {
            Weakening::Removed => format!("objective '{objective}' of {label} is gone"),
            Weakening::Advisory => format!("objective '{objective}' only advises, but was required in {label}"),
            Weakening::Condition => format!("objective '{objective}' demands less than in {label}"),
            Weakening::Slices => format!("objective '{objective}' judges fewer slices than in {label}"),
            Weakening::Waived => format!("objective '{objective}' is waived, but was not in {label}"),
        };
        let node = node.or_else(|| now.objectives.node()).unwrap_or(cx.root);
        let finding = match how {
            Weakening::Waived => {
                cx.at_value(&OBJECTIVES_WEAKENED, node, message).help("let the owner of the objectives agree")
            }
            _ => cx
                .at_key(&OBJECTIVES_WEAKENED, node, message)
                .help("let the owner of the objectives agree; a waiver with an end is better than a lower bound"),
        };
        out.push(relate(finding, old, Some(before), format!("what it was in {label}")));
    }
    for own in weakened_references((now, policy), (before, &former)) {
        let WeakenedReference { objective, reference, metric, now: node, before } = own;
        let message = format!(
            "objective '{objective}' demands less than in {label}, since '{metric}' of '{reference}' is another"
        );
        let finding = cx.at_value(&OBJECTIVES_WEAKENED, node, message).help("let the owner of the objectives agree");
        out.push(relate(finding, old, Some(before), format!("what it was in {label}")));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    const POLICY: &str = "\
kind: objectives
mlSpecVersion: 0.1.0
id: o-1
name: launch
datasets:
  holdback: {dataset: h@1.0.0, stage: test}
metrics:
  recall: {unit: fraction, range: [0, 1], better: higher}
  latency: {unit: ms, better: lower}
dimensions:
  sex: {values: [f, m]}
definitions:
  floor: 0.6
objectives:
  - id: one
    expect: recall >= 65% on holdback with at least 1000 examples
  - id: two
    expect: for each slice of sex ignoring slices under 100 examples, recall >= floor on holdback
  - id: three
    severity: required
    expect: latency <= 200ms on holdback and recall >= 10% on holdback
";

    #[test]
    fn confidence_that_is_gone_or_lower_is_weaker() {
        let sure = |level: &str| POLICY.replace("65% on holdback", &format!("65% on holdback with {level} confidence"));
        let found = &[(super::OBJECTIVES_WEAKENED.id, "expect")][..];
        for (before, now, expected) in [
            (sure("95%"), sure("90%"), found),
            (sure("90%"), sure("95%"), &[]),
            (sure("95%"), POLICY.to_owned(), found),
            (POLICY.to_owned(), sure("95%"), &[]),
        ] {
            assert_changes(&before, &now, expected);
        }
    }

    #[test]
    fn a_required_objective_that_is_waived_is_weaker() {
        let waived = |objective: &str, until: &str| {
            format!(
                "{POLICY}waivers:\n- {{objective: {objective}, until: {until}, by: a@b.c, reason: no traffic yet}}\n"
            )
        };
        let one = waived("one", "2099-03-31");
        assert_changes(POLICY, &one, &[(super::OBJECTIVES_WEAKENED.id, "one")]);
        assert_changes(&one, &one, &[]);
        assert_changes(&waived("three", "2099-03-31"), &one, &[(super::OBJECTIVES_WEAKENED.id, "one")]);
        assert_changes(&one, POLICY, &[]);
        let advisory = |text: &str| text.replace("  - id: one\n", "  - id: one\n    severity: advisory\n");
        assert_changes(&advisory(POLICY), &advisory(&one), &[]);
    }

    #[test]
    fn a_reference_that_is_easier_to_reach_is_weaker() {
        let text = |recall: &str, latency: &str, expect: &str| {
            format!(
                "kind: objectives\nmlSpecVersion: 0.2.0\nlanguage: mlspec-objectives/2\nname: launch\nmodel: m\n\
                 datasets: {{holdback: {{dataset: d, stage: test}}}}\n\
                 metrics: {{recall: {{unit: fraction, better: higher}}, latency: {{unit: ms, better: lower}}}}\n\
                 references:\n  human: {{source: two agents, values: {{recall: {recall}, latency: {latency}}}, count: 400}}\n\
                 objectives:\n- {{id: a, why: b, expect: '{expect}'}}\n"
            )
        };
        let rises = "recall rises by at least 1pp vs human on holdback";
        let quick = "latency <= (latency of human) + 5ms on holdback";
        for (expect, before, now, expected) in [
            (rises, ("0.8", "9"), ("0.7", "9"), &[(super::OBJECTIVES_WEAKENED.id, "0.7")][..]),
            (rises, ("0.8", "9"), ("0.9", "9"), &[]),
            (quick, ("0.8", "9"), ("0.8", "11"), &[(super::OBJECTIVES_WEAKENED.id, "11")]),
            (quick, ("0.8", "9"), ("0.7", "8"), &[]),
        ] {
            assert_changes(&text(before.0, before.1, expect), &text(now.0, now.1, expect), expected);
        }
    }

    #[test]
    fn what_more_models_meet_is_weaker() {
        for (from, to, found) in [
            ("65%", "64.9%", &["expect"][..]),
            ("65%", "66%", &[]),
            ("recall >= 65%", "recall > 65%", &[]),
            ("1000 examples", "900 examples", &["expect"]),
            ("1000 examples", "1100 examples", &[]),
            ("under 100 examples", "under 200 examples", &["expect"]),
            ("under 100 examples", "under 50 examples", &[]),
            ("latency <= 200ms", "latency <= 0.3s", &["expect"]),
            ("latency <= 200ms", "latency <= 0.2s", &[]),
            (" and recall >= 10% on holdback", "", &["expect"]),
            ("severity: required", "severity: advisory", &["severity"]),
            ("    severity: required\n", "", &[]),
            ("id: one", "id: four", &["objectives"]),
            ("floor: 0.6", "floor: 0.5", &["expect"]),
            ("floor: 0.6", "floor: 0.7", &[]),
            ("floor: 0.6", "floor: 0.7 - 0.2", &["expect"]),
            ("on holdback with at least", "on holdback with 90% confidence with at least", &[]),
            (
                "recall >= 65% on holdback with at",
                "latency <= 1s on holdback or recall >= 65% on holdback with at",
                &["expect"],
            ),
            (
                "recall >= 65% on holdback with at",
                "latency <= 1s on holdback implies recall >= 65% on holdback with at",
                &["expect"],
            ),
            (
                "recall >= 65% on holdback with at",
                "latency <= 1s on holdback and recall >= 65% on holdback with at",
                &[],
            ),
            ("latency <= 200ms on holdback and", "latency <= 200ms on holdback or", &["expect"]),
            // Another order of declarations changes nothing.
            (
                "  recall: {unit: fraction, range: [0, 1], better: higher}\n  latency: {unit: ms, better: lower}\n",
                "  latency: {unit: ms, better: lower}\n  recall: {unit: fraction, range: [0, 1], better: higher}\n",
                &[],
            ),
        ] {
            let expected: Vec<_> = found.iter().map(|place| (super::OBJECTIVES_WEAKENED.id, *place)).collect();
            assert_changes(POLICY, &POLICY.replace(from, to), &expected);
        }
        let reordered = POLICY.replace(
            "  recall: {unit: fraction, range: [0, 1], better: higher}\n  latency: {unit: ms, better: lower}\n",
            "  precision: {unit: fraction}\n  latency: {unit: ms, better: lower}\n  recall: {unit: fraction, range: [0, 1], better: higher}\n",
        );
        assert_changes(POLICY, &reordered.replace("65%", "64%"), &[(super::OBJECTIVES_WEAKENED.id, "expect")]);
    }
}
