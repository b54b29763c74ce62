//! `evidence/many-comparisons`

use crate::documents::objectives::ObjectiveSeverity;
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};
use crate::rules::{Linked, Reviewed};

declare_rule! {
    /// An objective on many slices should allow for how often one of them fails by chance.
    ///
    /// The level of `with 90% confidence` is that of a two-sided interval, so a slice that is exactly as good as demanded is judged to fail
    /// by chance in 5 of 100 cases. Of 14 such slices, at least one does so in 51 of 100: a fair model is blocked every other time, and
    /// people learn to override the gate. The rule reports a required objective `for each slice` that is judged on so many slices in the
    /// newest measurement that this chance is more than one half. A higher level does not help: its intervals are wider, and fewer slices
    /// pass. More examples do, or a bound below what the slices reach. That all slices pass by chance needs no correction, as each of them
    /// has to (Berger 1982, intersection-union tests).
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// objectives:
    ///   - id: same-for-all
    ///     why: fair lending policy, section 2
    ///     expect: for each slice of region with at least 100 examples, recall >= 60% on holdback with 90% confidence
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 0.7208, count: 4800}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: north}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: north-east}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: east}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: south-east}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: south}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: south-west}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: west}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: north-west}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: centre}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: coast}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: islands}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: abroad}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: border}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: capital}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// objectives:
    ///   - id: same-for-all
    ///     why: fair lending policy, section 2
    ///     expect: for each slice of region with at least 100 examples, recall >= 60% on holdback with 90% confidence
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 0.7208, count: 4800}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: north}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: south}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: east}}
    ///   - {key: recall, value: 0.72, count: 400, slice: {region: west}}
    /// ```
    pub MANY_COMPARISONS = {
        id: "evidence/many-comparisons",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 8: evaluation on slices of the data",
        kinds: [Objectives],
        check: Evidence(check),
    }
}

fn check((policy, review): Reviewed<'_, '_>, cx: &Context<'_>, _: &Linked<'_>, out: &mut Findings<'_>) {
    let required = policy.objectives.iter().filter(|objective| objective.severity == ObjectiveSeverity::Required);
    for demand in required.filter_map(|objective| objective.expect.as_ref()) {
        let Some(condition) = &demand.condition else { continue };
        let levels: Vec<f64> =
            condition.claims().iter().filter_map(|claim| Some(claim.confidence.as_ref()?.level.to_f64())).collect();
        let is_of_all = condition.at_least.is_none() && !levels.is_empty();
        let Some(slices) = review.for_each(condition).filter(|_| is_of_all) else { continue };
        #[expect(clippy::cast_precision_loss, reason = "no document holds so many slices")]
        let each = slices.judged as f64;
        // The chance that no slice is judged to fail if each is exactly as good as demanded. Half of the error of a two-sided level is on
        // that side.
        let all_right: f64 = levels.iter().map(|level| f64::midpoint(1.0, *level).powf(each)).product();
        if all_right >= 0.5 {
            continue;
        }
        let chance = 100.0 * (1.0 - all_right);
        let message = format!(
            "{} slices are judged; the chance that at least one of them fails by chance alone is {chance:.0}%",
            slices.judged
        );
        let finding = at(&MANY_COMPARISONS, demand.node, slices.slices.span, cx, message);
        out.push(finding.help(
            "measure each slice on more examples, lower the bound, or judge fewer slices; a higher level blocks more",
        ));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    fn messages(claim: &str, slices: usize) -> Vec<String> {
        let expect = format!("expect: for each slice of region ignoring slices under 100 examples, {claim}");
        let text = changed(&[("expect: recall >= 65% on holdback with at least 1000 examples", &expect)]);
        let record =
            |number: usize| format!("  - {{key: recall, value: 0.9, count: 500, slice: {{region: r{number}}}}}\n");
        let small = "  - {key: recall, value: 0.9, count: 10, slice: {region: small}}\n";
        let records: String = (0..slices).map(record).collect();
        let found = found(&(text + &tested(&(records + small))));
        found
            .into_iter()
            .filter(|(rule, ..)| *rule == "evidence/many-comparisons")
            .map(|(.., message)| message)
            .collect()
    }

    #[test]
    fn the_chance_grows_with_slices_and_claims() {
        let one = "recall >= 50% on holdback with 90% confidence";
        assert_eq!(messages(one, 13), [""; 0]);
        assert_eq!(
            messages(one, 14),
            ["14 slices are judged; the chance that at least one of them fails by chance alone is 51%"]
        );
        assert_eq!(messages("recall >= 50% on holdback with 80% confidence", 7).len(), 1);
        assert_eq!(messages("recall >= 50% on holdback with 98% confidence", 68).len(), 0);
        let two = format!("{one} and recall <= 99% on holdback with 90% confidence");
        assert_eq!(messages(&two, 7).len(), 1);
        assert_eq!(messages("recall >= 50% on holdback", 40).len(), 0);
    }
}
