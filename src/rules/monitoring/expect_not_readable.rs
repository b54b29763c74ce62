//! `monitoring/expect-not-readable`

use crate::diagnostics::Finding;
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::objectives::Language;
use crate::objectives::policy::Policy;
use crate::objectives::syntax;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// What a signal expects must be an expression of the language of objectives.
    ///
    /// `expect` is what the gate would judge, asked of the deployed model: `recall drops by at most 3pp vs baseline on live over last 60
    /// days`. An expression that cannot be read is never true and never false, and no alarm is raised. The same is true of one that names a metric or
    /// data that the `objectives` of the monitoring do not declare, or compares a time with an amount of data.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: slow, kind: software, expect: "p95(latency) should be below 400ms", action: alert}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: slow, kind: software, expect: "p95(latency) <= 400ms on live over last 1 hours", action: alert}
    /// ```
    pub EXPECT_NOT_READABLE = {
        id: "monitoring/expect-not-readable",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “signals that need action”; step 1, “a simple DSL that can be used to verify success/failure programmatically”",
        kinds: [Monitoring],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Monitoring(own)) = cx.typed() else { return };
    let signals = own.signals.get().into_iter().flat_map(List::iter);
    let expected = signals.filter_map(|(_, signal)| signal.expect.located().map(|(text, node)| (&**text, node)));
    let expected: Vec<(&str, NodeId)> = expected.filter(|(_, node)| !cx.is_faulty(*node)).collect();
    let with_help = |finding: Finding, help: Option<String>| match help {
        Some(help) => finding.help(help),
        None => finding,
    };
    for (text, node) in &expected {
        if let Err(fault) = syntax::parse(text, Language::NEWEST).expression {
            out.push(with_help(cx.at_value(&EXPECT_NOT_READABLE, *node, fault.message), fault.help));
        }
    }
    let objectives = own.objectives.node().filter(|_| !expected.is_empty());
    let found = workspace.found().find(|(reference, ..)| Some(reference.node) == objectives);
    let Some((_, member, _)) = found else { return };
    let Some(Document::Objectives(declared)) = member.typed() else { return };
    let (policy, _) = Policy::of(declared, &member.tree);
    for fault in policy.faults_beside(expected) {
        let finding = with_help(cx.at_value(&EXPECT_NOT_READABLE, fault.node, fault.message), fault.help);
        out.push(workspace.relate(finding, member, None, "the objectives that declare what can be named"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn what_is_expected_is_of_what_the_objectives_declare() {
        let objectives = "---\nkind: objectives\nmlSpecVersion: 0.2.0\nid: 13185d5d-e34f-4d49-bc06-eaf198377340\nname: launch\n\
            model: credit-default\ndatasets: {live: {stage: monitoring}}\nmetrics: {recall: {unit: fraction, better: higher}, latency: {unit: ms, better: lower}}\n\
            objectives: [{id: a, why: b, expect: recall >= 60% on live}]\n";
        let count = |expect: &str, has_objectives: bool| {
            let signal = format!("  - {{id: one, kind: software, expect: \"{expect}\", action: alert}}\nrollback");
            let base = include_str!("../bases/credit-monitoring.yml").replace("rollback", &signal);
            let text = if has_objectives { format!("{base}objectives: launch\n{objectives}") } else { base };
            found(&text).iter().filter(|(rule, ..)| *rule == super::EXPECT_NOT_READABLE.id).count()
        };
        for (expect, faults) in [
            ("recall >= 60% on live over last 7 days", 0),
            ("recal >= 60% on live over last 7 days", 1),
            ("recall >= 60% on alive over last 7 days", 1),
            ("latency <= 200MB on live", 1),
            ("latency <= 200ms on live", 0),
            ("latency should be low", 1),
        ] {
            assert_eq!(count(expect, true), faults, "{expect}");
        }
        // Without objectives, nobody says what there is.
        assert_eq!(count("recal >= 60% on alive", false), 0);
    }
}
