//! `transformation/disagrees-with-profile`

use rustc_hash::FxHashMap;

use crate::documents::field::{List, Map};
use crate::documents::profile::FieldProfile;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// The parameters of a transformation should be those of the data that it was fitted on.
    ///
    /// The mean and the standard deviation by which a field is scaled are statistics of the training data. If its profile has others, the
    /// transformation was fitted on other data, or before the data was corrected. Differences of less than one percent of the standard
    /// deviation are rounding.
    ///
    /// ## Fails
    /// ```yaml base:credit-profile,credit-features
    /// kind: profile
    /// fields:
    ///   income: {type: number, mean: 2950.7, std: 1490.1}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-profile,credit-features
    /// kind: profile
    /// fields:
    ///   income: {type: number, mean: 3120.4, std: 1490.1}
    /// ```
    pub DISAGREES_WITH_PROFILE = {
        id: "transformation/disagrees-with-profile",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “descriptive statistics on the included features”; step 4, “data conversions and feature wrangling”",
        kinds: [Transformation],
        check: Workspace(check),
    }
}

/// The differences that rounding makes, relative to the standard deviation.
const TOLERANCE: f64 = 0.01;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Transformation(own)) = cx.typed() else { return };
    for (_, step) in own.steps.get().into_iter().flat_map(List::iter) {
        for (value, node) in [&step.mean, &step.minimum, &step.maximum].into_iter().filter_map(|own| own.located()) {
            if value.is_nan() && !cx.is_faulty(node) {
                let message = format!("{} is a statistic of no data", cx.shown(node));
                out.push(cx.at_value(&DISAGREES_WITH_PROFILE, node, message));
            }
        }
    }
    let fitted = workspace.own.references.iter().find(|reference| reference.role == ReferenceRole::FittedOn);
    let Some(fitted) = fitted else { return };
    let mut profiles = workspace.meaning_the_same(workspace.id, fitted, ReferenceRole::RecordedData, Kind::Profile);
    // Of several profiles, nobody knows which one counts.
    let (Some((id, _)), None) = (profiles.next(), profiles.next()) else { return };
    let Some(member) = workspace.member(id) else { return };
    let Some(Document::Profile(profile)) = member.typed() else { return };
    let fields = profile.fields.get().into_iter().flat_map(Map::iter);
    let fields: FxHashMap<&str, &FieldProfile> = fields.map(|(name, _, field)| (name, field)).collect();
    for (_, step) in own.steps.get().into_iter().flat_map(List::iter) {
        let Some(field) = step.field.get().and_then(|name| fields.get(&**name)) else { continue };
        let Some(scale) = field.std.get().filter(|std| **std > 0.0) else { continue };
        for (name, own, theirs) in [("mean", &step.mean, &field.mean), ("std", &step.std, &field.std)] {
            let (Some((own, node)), Some((theirs, place))) = (own.located(), theirs.located()) else { continue };
            if (own - theirs).abs() > TOLERANCE * scale && !cx.is_faulty(node) {
                let message = format!("the {name} {own} is not that of the data, {theirs}");
                let finding = cx.at_value(&DISAGREES_WITH_PROFILE, node, message);
                out.push(workspace.relate(finding, member, Some(place), "the statistics of the data"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    #[test]
    fn what_cannot_be_is_told_once() {
        let profile = include_str!("../bases/credit-profile.yml");
        let features = include_str!("../bases/credit-features.yml").replace("std: 1490.1", "std: 0");
        assert_found(&format!("{profile}---\n{features}"), &[("document/not-allowed-value", "0")]);
        let features = include_str!("../bases/credit-features.yml").replace("mean: 3120.4", "mean: .nan");
        assert_found(&features, &[("transformation/disagrees-with-profile", ".nan")]);
    }
}
