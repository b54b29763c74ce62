//! `transformation/fitted-on-holdback`

use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::rules::divided::{Divided, divided};
use crate::rules::split::{
    SplitPart,
    set_misused::{set_at, uses_of},
};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{DocId, digest_key};
use crate::yaml::NodeId;

declare_rule! {
    /// A transformation must be fitted on training data only.
    ///
    /// Means, vocabularies and boundaries that were computed from data of the test tell the model about that data, although it was never
    /// trained on it. The data is that of another set than `training` if a `split` says so, or if a test or an evaluation was performed on
    /// it: by its digest, or else its location or its name. Where `fittedOn` names no data, `fittedOnDigest` tells. So it is if it is the `source` of a split with such sets.
    ///
    /// ## Fails
    /// ```yaml base:credit-split,credit-features
    /// kind: transformation
    /// fittedOn: credit-holdback@1.2.0
    /// ```
    ///
    /// ```yaml base:credit-features
    /// fittedOn: credit-holdback@1.2.0
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: credit-holdback@1.2.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    ///
    /// ```yaml base:credit-split,credit-features
    /// kind: transformation
    /// fittedOn: loan-applications@3.0.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split,credit-features
    /// kind: transformation
    /// fittedOn: credit-train@1.2.0
    /// ```
    pub FITTED_ON_HOLDBACK = {
        id: "transformation/fitted-on-holdback",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Use metadata to detect leakage of training data into testing data”; step 4, “data conversions and feature wrangling”",
        kinds: [Transformation],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let fitted = workspace.references().find(|(reference, _)| reference.role == ReferenceRole::FittedOn);
    let named = fitted.map(|(reference, resolution)| (reference.node, resolution.found()));
    let Some((place, dataset)) = named.or_else(|| by_digest(cx, workspace)) else { return };
    let Some(mut data) = workspace.data_named(workspace.id, place, dataset) else { return };
    if fitted.is_none() {
        data.digest = cx.tree.string(place).map(|digest| digest_key(digest).into_owned().into());
        data.reference = None;
    }
    let kinds = [
        (ReferenceRole::SplitSet, Kind::Split),
        (ReferenceRole::MeasuredData, Kind::Test),
        (ReferenceRole::MeasuredData, Kind::Evaluation),
    ];
    // If a split says that it is the training set, a test or an evaluation on it is what is wrong.
    let is_training = |(id, node): (DocId, NodeId)| set_at(workspace, id, node) == Some(SplitPart::Training);
    if uses_of(workspace, &data, ReferenceRole::SplitSet, Kind::Split).any(is_training) {
        return;
    }
    let wrong = kinds.into_iter().find_map(|(role, kind)| {
        uses_of(workspace, &data, role, kind).find_map(|(id, node)| {
            let member = workspace.member(id)?;
            let what = match kind {
                Kind::Split => {
                    let set = set_at(workspace, id, node)?.name();
                    format!("the {set} set of the split '{}'", member.label())
                }
                _ => format!("the data of the {} '{}'", kind.name(), member.label()),
            };
            Some((member, node, what))
        })
    });
    let whole = || {
        let Divided { split, node, part } = divided(workspace, fitted?.0, SplitPart::is_last)?;
        Some((split, node, format!("the source of the split '{}' with its {} data", split.label(), part.name())))
    };
    if let Some((member, node, what)) = wrong.or_else(whole) {
        let message = format!("{} is {what}, not training data", cx.shown(place));
        let finding = cx.at_value(&FITTED_ON_HOLDBACK, place, message);
        let finding = workspace.relate(finding, member, Some(node), "used here");
        out.push(finding.help("fit the transformation on training data, and apply it to the other sets"));
    }
}

/// Returns the digest of the data that a transformation was fitted on, and the dataset that has it.
fn by_digest(cx: &Context<'_>, workspace: &Linked<'_>) -> Option<(NodeId, Option<DocId>)> {
    let node = cx.find(cx.root, &["fittedOnDigest"]).filter(|node| !cx.is_faulty(*node))?;
    let digest = cx.tree.string(node)?;
    Some((node, workspace.with_content_digest(&[Kind::Dataset], digest).next()))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn the_digest_alone_tells_on_which_data_it_was_fitted() {
        let digest = |digit: &str| format!("sha256:{}", digit.repeat(64));
        let data = |id: &str, name: &str, digit: &str| {
            format!(
                "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: {id}\nname: {name}\nstate: Active\nversion: 1.2.0\nlocation: s3://b/{name}\n\
                 digest: {}\n",
                digest(digit)
            )
        };
        let base = include_str!("../bases/credit-features.yml");
        let line = base.lines().find(|line| line.starts_with("fittedOn:")).unwrap();
        let split = include_str!("../bases/credit-split.yml");
        for (digit, is_found) in [("b", true), ("B", true), ("a", false), ("c", false)] {
            let own = base.replace(line, &format!("fittedOnDigest: {}", digest(digit)));
            let datasets = data("d-1", "credit-train", "a") + &data("d-2", "credit-holdback", "b");
            let found = found(&format!("{own}---\n{split}{datasets}"));
            let own = found.iter().filter(|(rule, ..)| *rule == super::FITTED_ON_HOLDBACK.id);
            assert_eq!(own.count(), usize::from(is_found), "{digit} {found:#?}");
        }
    }
}
