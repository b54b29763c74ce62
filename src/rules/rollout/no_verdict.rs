//! `rollout/no-verdict`

use crate::documents::common::Status;
use crate::documents::rollout::RolloutStrategy;
use crate::documents::{Document, Kind};
use crate::objectives::model_key::ModelKey;
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// A model that has objectives should be rolled out with the signed verdict that it meets them.
    ///
    /// Objectives that nobody has judged hold nothing back. `mlspec-lint gate … --attest` writes the verdict, and `attestation` names the
    /// file: [`reference/signature-mismatch`](../reference/signature-mismatch.md) then tells whether it is a verdict about this model file,
    /// and whether it lets the model pass. A `shadow` rollout decides nothing, and needs none.
    ///
    /// Where no model may be released without, make it an error: `severity = {"rollout/no-verdict" = "error"}` in the settings.
    ///
    /// ## Fails
    /// ```yaml base:credit-rollout,credit-launch,production
    /// environment: production-eu
    /// ---
    /// kind: objectives
    /// model: credit-default
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-rollout,credit-launch,production
    /// attestation: verdicts/credit-default-2-1-0.json
    /// ---
    /// kind: objectives
    /// model: credit-default
    /// ```
    pub NO_VERDICT = {
        id: "rollout/no-verdict",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 11, “Record the results of rolling the model out to production”, of a model that met the objectives of step 1",
        kinds: [Rollout],
        check: Workspace(check),
    }
}

/// The maximum number of documents of objectives that are looked at.
const MOST_LOOKED_AT: usize = 500;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Rollout(own)) = cx.typed() else { return };
    let is_shadow = own.strategy.get() == Some(&RolloutStrategy::Shadow);
    if is_shadow || own.attestation.get().is_some_and(|path| !path.trim().is_empty()) || !cx.is_complete() {
        return;
    }
    let Some((text, node)) = own.model.located() else { return };
    let model = ModelKey::of_text(**workspace, text);
    let judges = |id| {
        let member = workspace.member(id)?;
        let key = ModelKey::of(**workspace, member)?;
        let is_own = key.name == model.name && key.version.is_none_or(|version| Some(version) == model.version);
        (is_own && member.object.status != Some(Status::Archived)).then_some(member)
    };
    let Some(member) = workspace.of_kind(Kind::Objectives).take(MOST_LOOKED_AT).find_map(judges) else { return };
    let message = format!("no verdict shows that {} meets its objectives", cx.shown(node));
    let help = "name the attestation that `mlspec-lint gate` wrote in 'attestation'";
    let place = member.tree.find(member.root, &["model"]);
    let finding = cx.at_value(&NO_VERDICT, node, message).help(help);
    out.push(workspace.relate(finding, member, place, "the objectives"));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// Objectives about all versions judge each version, and those of another version do not.
    #[test]
    fn objectives_of_the_version_or_of_all_versions_count() {
        let rollout = include_str!("../bases/credit-rollout.yml");
        for (objectives, expected) in [
            ("model: credit-default", 1),
            ("model: credit-default@2.1.0", 1),
            ("model: credit-default@2.0.0", 0),
            ("model: other", 0),
            ("model: credit-default\nstatus: Archived", 0),
        ] {
            let launch = include_str!("../bases/credit-launch.yml").replace("model: credit-default", objectives);
            let found = found(&format!("{rollout}---\n{launch}"));
            let own = found.iter().filter(|(rule, ..)| *rule == "rollout/no-verdict");
            assert_eq!(own.count(), expected, "{objectives}: {found:?}");
        }
    }
}
