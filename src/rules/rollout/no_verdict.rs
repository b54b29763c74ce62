//! `rollout/no-verdict`

use crate::documents::common::Status;
use crate::documents::field::List;
use crate::documents::rollout::RolloutStrategy;
use crate::documents::{Document, Kind};
use crate::objectives::model_key::ModelKey;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::secrets::redact;
use crate::text::visible;
use crate::workspace::DocId;

declare_rule! {
    /// A model that has objectives should be rolled out with the signed verdict that it meets them.
    ///
    /// Objectives that nobody has judged hold nothing back. `mlspec-lint gate … --attest` writes the verdict, and `attestation` names the
    /// file, relative to the document: `reference/signature-mismatch` then tells whether it is a verdict about this model file, and whether it
    /// lets the model pass. Here it is compared with the objectives: each must be among those that were judged. What is elsewhere, such as a
    /// URL, is not looked at, and shows nothing here. A `shadow` rollout decides nothing, and needs none.
    ///
    /// Where no model may be released without, make it an error below `rules` in the settings: `"rollout/no-verdict" = "error"`.
    ///
    /// ## Fails
    /// ```yaml base:credit-rollout,credit-launch,production
    /// attestation: null
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
    if own.strategy.get() == Some(&RolloutStrategy::Shadow) || !cx.is_complete() {
        return;
    }
    let Some((text, node)) = own.model.located() else { return };
    let named = own.attestation.located().filter(|(path, _)| !path.trim().is_empty());
    let judged = named.and_then(|(path, _)| cx.named_files()?.judged(path.trim()));
    // What is wrong with the file is said there; and without files, nothing is known of it.
    let is_file = named.is_some_and(|(path, _)| !path.contains("://") && !is_given_later(path));
    if is_file && judged.is_none() {
        return;
    }
    let model = ModelKey::of_text(**workspace, text);
    let judges = |id: &DocId| {
        let key = workspace.member(*id).and_then(|member| ModelKey::of(**workspace, member));
        key.is_some_and(|key| {
            key.name == model.name && key.version.is_none_or(|version| Some(version) == model.version)
        })
    };
    for id in workspace.of_kind(Kind::Objectives).take(MOST_LOOKED_AT).filter(judges) {
        let Some(member) = workspace.member(id).filter(|own| own.object.status != Some(Status::Archived)) else {
            continue;
        };
        let Some(Document::Objectives(objectives)) = member.typed() else { continue };
        let objectives = objectives.objectives.get().into_iter().flat_map(List::iter);
        let ids = objectives.filter_map(|(_, objective)| objective.id.get().map(|id| &**id));
        let missed = ids.filter(|id| !judged.is_some_and(|judged| judged.iter().any(|own| own == id)));
        let missed: Vec<&str> = missed.collect();
        let (Some(first), shown) = (missed.first(), cx.shown(node)) else { continue };
        let (at, message) = match (named, judged) {
            (None, _) => (node, format!("no verdict shows that {shown} meets its objectives")),
            (Some((_, at)), None) => {
                (at, format!("the verdict on {shown} is no file of this workspace, and is not looked at"))
            }
            (Some((_, at)), Some(_)) => {
                let others = match missed.len() - 1 {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                (at, format!("the verdict says nothing about the objective '{}'{others}", visible(&redact(first))))
            }
        };
        let help = "name the attestation that `mlspec-lint gate` wrote in 'attestation'";
        let place = member.tree.find(member.root, &["model"]);
        let finding = cx.at_value(&NO_VERDICT, at, message).help(help);
        out.push(workspace.relate(finding, member, place, "the objectives"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// Objectives about all versions judge each version, and those of another version do not.
    #[test]
    fn objectives_of_the_version_or_of_all_versions_count() {
        let rollout = include_str!("../bases/credit-rollout.yml").replace("attestation:", "x-attestation:");
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
