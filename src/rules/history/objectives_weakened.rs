//! `history/objectives-weakened`

use crate::diagnostics::Finding;
use crate::documents::objectives::Objectives;
use crate::documents::{Document, Kind};
use crate::objectives::consistency::{Weakened, WeakenedReference, Weakening, weakened, weakened_references};
use crate::objectives::policy::Policy;
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::Member;

declare_rule! {
    /// What a model must achieve should not become less without a reason.
    ///
    /// The easiest way past a gate is a lower bound. It may be right, but then somebody other than its author should have agreed: this
    /// finding makes the change visible. Weaker is a condition that more models meet, an objective that is gone or only advisory, and
    /// slices that are no longer judged because they are too small or excepted or because there is no `for each slice of` any more, and a
    /// required objective that has a waiver now. Conditions are compared as intervals and by their form (`A` has become `A or B`); two that
    /// neither imply nor exclude each other are not reported. A definition that computes something else is reported where it is used: the
    /// same bound on another value may be a lower one. A new word for the same data or definition changes nothing.
    ///
    /// Objectives that are archived are weaker, too, unless new ones take their place, under their name or for their model, or the model is
    /// archived with them. The new ones are compared with those that they replace.
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
    let (Some(Document::Objectives(now)), Some(policy)) = (cx.typed(), cx.policy()) else { return };
    let is_archived = compared.linked.own.is_archived();
    match compared.before {
        Some(old) if is_archived && !old.is_archived() => out.extend(not_replaced(cx, compared, now, old)),
        // Nobody is judged by them any more.
        Some(_) if is_archived => {}
        Some(old) if !old.is(compared.linked.own) => compare(cx, compared, (now, policy), old, out),
        Some(_) => {}
        None if is_archived => {}
        None => {
            if let Some(old) = replaced(compared) {
                compare(cx, compared, (now, policy), old, out);
            }
        }
    }
}

/// Reports what objectives demand less than earlier ones, which they are or which they replace.
fn compare(
    cx: &Context<'_>,
    compared: &ComparedDocument<'_, '_>,
    (now, policy): (&Objectives, &Policy),
    old: &Member,
    out: &mut Findings<'_>,
) {
    let Some(Document::Objectives(before)) = old.typed() else { return };
    let (former, _) = Policy::of(before, &old.tree);
    let label = compared.revision.label();
    for Weakened { objective, how, now: node, before } in weakened((now, policy), (before, &former)) {
        let message = match &how {
            Weakening::Removed => format!("objective '{objective}' of {label} is gone"),
            Weakening::Advisory => format!("objective '{objective}' only advises, but was required in {label}"),
            Weakening::Condition => format!("objective '{objective}' demands less than in {label}"),
            Weakening::Definition(name) => {
                format!("objective '{objective}' may demand less than in {label}, since '{name}' is computed otherwise")
            }
            Weakening::Slices => format!("objective '{objective}' judges fewer slices than in {label}"),
            Weakening::Waived => format!("objective '{objective}' is waived, but was not in {label}"),
        };
        let node = node.or_else(|| now.objectives.node()).unwrap_or(cx.root);
        let finding = match how {
            Weakening::Waived | Weakening::Definition(_) => {
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

/// Returns the finding about objectives that are archived while none take their place. What was promised of a model that is archived, too,
/// needs none.
fn not_replaced(
    cx: &Context<'_>,
    compared: &ComparedDocument<'_, '_>,
    now: &Objectives,
    old: &Member,
) -> Option<Finding> {
    let ComparedDocument { linked, revision, .. } = compared;
    let is_of_archived =
        linked.found().any(|(reference, model, _)| now.model.node() == Some(reference.node) && model.is_archived());
    let others = linked.others(linked.of_kind(Kind::Objectives));
    let mut replacing = others.filter(|other| !other.is_archived() && replaces(other, linked.own));
    // Others that were there before have promises of their own.
    let is_new = |other: &Member| revision.counterpart(other).is_none_or(|old| old.is_archived());
    if is_of_archived || replacing.any(is_new) {
        return None;
    }
    let message = format!("the objectives '{}' are archived, and no others take their place", linked.own.label());
    let node = linked.own.object.status_node.unwrap_or(cx.root);
    let help = "let the owner of the objectives agree; state in a new document what the model must achieve from now on";
    let finding = cx.at_value(&OBJECTIVES_WEAKENED, node, message).help(help);
    Some(relate(finding, old, old.object.status_node, format!("what they were in {}", revision.label())))
}

/// Returns the objectives that new ones replace: active before, archived or gone now, and of the same name or, if it is the only one, for
/// the same model.
fn replaced<'c>(compared: &ComparedDocument<'c, '_>) -> Option<&'c Member> {
    let (linked, past) = (compared.linked, compared.revision.workspace());
    let is_active = |old: &Member| {
        let with_id = old.id().into_iter().flat_map(|id| linked.with_id(id)).filter_map(|id| linked.member(id));
        with_id.filter(|now| now.kind == old.kind).any(|now| !now.is_archived())
    };
    let is_gone = |old: &&Member| !old.is_archived() && old.id().is_some() && !is_active(old);
    if let Some(old) = compared.revision.named(linked.own).find(is_gone) {
        return Some(old);
    }
    let all = past.of_kind(Kind::Objectives).filter_map(|id| past.member(id));
    let mut of_model = all.filter(|old| replaces(linked.own, old)).filter(is_gone);
    let only = of_model.next().filter(|_| of_model.next().is_none())?;
    let new = linked.others(linked.of_kind(Kind::Objectives));
    let has_rival = new
        .filter(|other| !other.is_archived() && replaces(other, only))
        .any(|other| compared.revision.counterpart(other).is_none());
    (!has_rival).then_some(only)
}

/// Returns whether objectives have the name of others, or are for the same model.
fn replaces(own: &Member, former: &Member) -> bool {
    fn model(member: &Member) -> Option<String> {
        let Some(Document::Objectives(objectives)) = member.typed() else { return None };
        let text = objectives.model.get()?.split('@').next()?.trim().to_lowercase();
        (!text.is_empty()).then_some(text)
    }
    let is_namesake = own.name().zip(former.name()).is_some_and(|(own, former)| own.eq_ignore_ascii_case(former));
    is_namesake || model(own).is_some_and(|own| Some(own) == model(former))
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
    fn a_definition_that_computes_something_else_is_told() {
        let text = |definitions: &str, expect: &str| {
            format!("{POLICY}  - id: four\n    expect: {expect}\n")
                .replace("  floor: 0.6\n", &format!("  floor: 0.6\n{definitions}"))
        };
        let scaled = |factor: &str| text(&format!("  rr: recall * {factor}\n"), "rr >= 65% on holdback");
        let through = |factor: &str| {
            text(&format!("  factor: {factor}\n  a: recall * factor\n  rr: a + a\n"), "rr >= 65% on holdback")
        };
        let told = &[(super::OBJECTIVES_WEAKENED.id, "rr >= 65% on holdback")][..];
        for (before, now, expected) in [
            (scaled("1"), scaled("5"), told),
            (through("1"), through("5"), told),
            (scaled("1"), scaled("1.0"), &[]),
            // Another word for the same value, and one that is not used.
            (scaled("1"), scaled("1").replace("rr", "weighted"), &[]),
            (scaled("1"), scaled("1").replace("  rr", "  unused: recall * 7\n  rr"), &[]),
            (scaled("1"), scaled("1").replace("rr >= 65%", "rr >= 60%"), &[(super::OBJECTIVES_WEAKENED.id, "expect")]),
        ] {
            assert_changes(&before, &now, expected);
        }
    }

    #[test]
    fn another_word_for_the_same_data_changes_nothing() {
        let renamed = POLICY.replace("on holdback", "on hb").replace("  holdback:", "  hb:");
        assert_changes(POLICY, &renamed, &[]);
        let weaker = renamed.replace("recall >= 65%", "recall >= 60%");
        assert_changes(POLICY, &weaker, &[(super::OBJECTIVES_WEAKENED.id, "expect")]);
        let or = renamed.replace("and recall >= 10%", "or recall >= 10%");
        assert_changes(POLICY, &or, &[(super::OBJECTIVES_WEAKENED.id, "expect")]);
        // The word is that of other data now.
        let other = POLICY.replace(
            "  holdback: {dataset: h@1.0.0",
            "  holdback: {dataset: other@1.0.0, stage: evaluation}\n  hb: {dataset: h@1.0.0",
        );
        assert_changes(POLICY, &other, &[]);
    }

    #[test]
    fn slices_that_are_not_named_any_more_are_not_judged() {
        let found = &[(super::OBJECTIVES_WEAKENED.id, "expect")][..];
        let with_region =
            POLICY.replace("  sex: {values: [f, m]}", "  sex: {values: [f, m]}\n  region: {values: [n, s]}");
        for (from, to, expected) in [
            ("for each slice of sex ignoring slices under 100 examples, ", "", found),
            ("slice of sex", "slice of region", found),
            ("slice of sex", "slice of sex by region", &[]),
        ] {
            let now = with_region.replace(from, to);
            assert_ne!(now, with_region);
            assert_changes(&with_region, &now, expected);
        }
    }

    #[test]
    fn what_replaces_archived_objectives_demands_no_less() {
        let active = POLICY.replace("name: launch", "name: launch\nstatus: Active\nmodel: m");
        let archived = active.replace("Active", "Archived");
        let rule = super::OBJECTIVES_WEAKENED.id;
        assert_changes(&active, &archived, &[(rule, "Archived")]);
        assert_changes(&archived, &archived, &[]);
        let new = |name: &str, from: &str, to: &str| {
            let text = active.replace("id: o-1", "id: o-2").replace("name: launch", &format!("name: {name}"));
            format!("{archived}---\n{}", text.replace(from, to))
        };
        for name in ["launch", "launch-2"] {
            assert_changes(&active, &new(name, "65%", "65%"), &[]);
            assert_changes(&active, &new(name, "65%", "5%"), &[(rule, "expect")]);
            assert_changes(&active, &new(name, "id: one", "id: other"), &[(rule, "objectives")]);
        }
        let of_other = new("else", "model: m", "model: n");
        assert_changes(&active, &of_other, &[(rule, "Archived")]);
        // What was there before has promises of its own.
        let (both, left) = (new("else", "a", "a").replace("Archived", "Active"), new("else", "a", "a"));
        assert_changes(&both, &left, &[(rule, "Archived")]);
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
