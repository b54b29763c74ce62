//! `reference/unresolved-object`

use rustc_hash::FxHashSet;

use crate::diagnostics::{Finding, Severity};
use crate::documents::field::Map;
use crate::documents::objectives::{DataStage, Objectives};
use crate::documents::roles::{RUN, ReferenceRole};
use crate::documents::{Document, Kind};
use crate::rules::naming::id_form::is_id;
use crate::rules::{Context, Findings, declare_rule};
use crate::rules::{Linked, expression};
use crate::secrets::shortened;
use crate::text::nearest;
use crate::workspace::{Reference, Resolution, UnreadId, is_reference};

declare_rule! {
    /// The object that a document refers to must be found in the workspace.
    ///
    /// A dataset whose datastore was renamed, a step whose module was never published: each document is well formed, and the pipeline fails
    /// on the cluster. Objects are looked up by id, by name regardless of case, and by `name@version`.
    ///
    /// Only kinds that the workspace keeps are looked up: a repository without a single `run` document has its runs elsewhere, and nothing
    /// is known about them. When only some files of a project were given and no folder says where the rest is, the finding is a warning;
    /// `--workspace` names that folder.
    ///
    /// The `dataset` of a metric may also be a name of your own that tells metrics apart. What has the form `name@version`, or that of an
    /// id, is a reference. The run that an expression names (`vs run 'launch'`) is one, too.
    ///
    /// A step asks a module for one of the versions that the module lists; any other version is not found, even if there is a document for
    /// it.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location:
    ///   DataStore: credit-leak
    ///   RelativePath: loans/2025.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: {DataStore: Credit-Lake, RelativePath: loans/2025.parquet}
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit
    /// ```
    pub UNRESOLVED_OBJECT = {
        id: "reference/unresolved-object",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/datapath.md, “DataPath always contains reference to DataStore”; modules/module.md, how a module's version is resolved",
        kinds: [],
        check: Workspace(check),
    }
}

/// The maximum number of versions that are shown.
const MOST_SHOWN: usize = 10;

/// The maximum number of candidates for a suggestion. Comparing a misspelled name with more takes too long.
const MOST_CANDIDATES: usize = 500;

/// The maximum length of a name of a run in a message.
const LONGEST_SHOWN: usize = 60;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    for (reference, resolution) in workspace.references() {
        if let Resolution::Unread(text) = resolution {
            out.extend(unread(cx, workspace, reference, *text));
            continue;
        }
        let text = cx.tree.text(reference.node).unwrap_or("").trim();
        let need_not_be_found = match reference.role {
            // They have rules of their own.
            ReferenceRole::Producer => true,
            ReferenceRole::Rollback => cx.kind == Kind::Objectives || is_former(workspace, text, reference.targets),
            ReferenceRole::MetricData => !text.contains('@') && !is_id(text),
            _ => false,
        };
        if *resolution != Resolution::Unknown || need_not_be_found || cx.is_faulty(reference.node) {
            continue;
        }
        if reference.role == ReferenceRole::MeasuredData && is_monitored(workspace, text) {
            continue;
        }
        let what = kinds(reference.targets);
        let message = format!("{what} {} is referred to, but not found", cx.shown(reference.node));
        let finding = cx.at_value(&UNRESOLVED_OBJECT, reference.node, message).severity(severity(workspace));
        let help = match reference.role {
            ReferenceRole::StepModule => not_listed(workspace, text),
            _ => None,
        };
        out.push(finding.help(help.unwrap_or_else(|| self::help(workspace, text, reference.targets))));
    }
    runs_of_expressions(cx, workspace, out);
}

fn severity(workspace: &Linked<'_>) -> Severity {
    if workspace.is_partial() { Severity::Warning } else { UNRESOLVED_OBJECT.severity }
}

/// Reports the runs that expressions name (`vs run 'launch'`) and that are not found; each one once.
fn runs_of_expressions(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(policy) = cx.policy() else { return };
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for (node, name, span) in policy.named_runs() {
        let is_missing = || is_reference(name) && workspace.lookup(name, RUN) == Resolution::Unknown;
        if !seen.insert(name) || !is_missing() || workspace.unread_with(name).is_some() {
            continue;
        }
        let message = format!("{} '{}' is referred to, but not found", kinds(RUN), shortened(name, LONGEST_SHOWN));
        let finding = expression::at(&UNRESOLVED_OBJECT, node, span, cx, message).severity(severity(workspace));
        out.push(finding.help(help(workspace, name, RUN)));
    }
}

/// Whether a text is about another version of a model that is known: the document of a model tells its newest version, often in place of
/// the former one.
fn is_former(workspace: &Linked<'_>, text: &str, kinds: &[Kind]) -> bool {
    let known = |(name, _)| matches!(workspace.lookup(name, kinds), Resolution::Found(_));
    text.split_once('@').is_some_and(known)
}

/// Whether objectives call monitored data by this name. What a deployed model meets need not be a dataset.
fn is_monitored(workspace: &Linked<'_>, name: &str) -> bool {
    let calls_so = |objectives: &Objectives| {
        let mut datasets = objectives.datasets.get().into_iter().flat_map(Map::iter);
        datasets.any(|(own, _, data)| {
            own == name && data.dataset.get().is_none() && data.stage.get() == Some(&DataStage::Monitoring)
        })
    };
    let mut documents = workspace.of_kind(Kind::Objectives).filter_map(|id| workspace.member(id)?.typed());
    documents.any(|document| matches!(document, Document::Objectives(own) if calls_so(own)))
}

/// Returns a help that lists the versions of a module, if a step's module exists and the version does not.
fn not_listed(workspace: &Linked<'_>, text: &str) -> Option<String> {
    let Resolution::Found(module) = workspace.lookup(text, &[Kind::Module]) else { return None };
    let listed = workspace.listed_versions(workspace.member(module)?)?;
    let numbers: Vec<&str> = listed.iter().filter_map(|version| version.number).take(MOST_SHOWN).collect();
    Some(match (numbers.as_slice(), text.split_once('@')) {
        ([], _) => "the module lists no versions".to_owned(),
        (_, Some((_, version))) => {
            format!("the module does not list version {version}; it lists {}", numbers.join(", "))
        }
        (_, None) => format!("the module lists {}", numbers.join(", ")),
    })
}

/// Reports a text that may hold the object, but cannot be read and is not checked here. There is one finding, at the first reference to it.
fn unread(cx: &Context<'_>, workspace: &Linked<'_>, reference: &Reference, text: UnreadId) -> Option<Finding> {
    let unread = workspace.unread(text).filter(|unread| !unread.is_reported)?;
    let (first, its) = workspace.references_to_unread(text).next()?;
    if first != workspace.id || its.node != reference.node {
        return None;
    }
    let what = kinds(reference.targets);
    let name = unread.source.name();
    let message = format!("{what} {} may be in {name}, which is not valid YAML", cx.shown(reference.node));
    let finding = cx.at_value(&UNRESOLVED_OBJECT, reference.node, message).severity(Severity::Info);
    Some(finding.help("references to what is in that file are not checked until it can be read"))
}

/// Describes what kind of object is missing: "pipeline", "run or pipeline-run".
fn kinds(targets: &[Kind]) -> String {
    targets.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ")
}

fn help(workspace: &Linked<'_>, text: &str, targets: &[Kind]) -> String {
    let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
    let candidates = targets.iter().flat_map(|kind| workspace.of_kind(*kind)).filter_map(|id| workspace.member(id));
    let candidates: Vec<_> = candidates.take(MOST_CANDIDATES + 1).collect();
    let same = |candidate: &str| candidate.eq_ignore_ascii_case(name);
    let versions = candidates.iter().filter(|candidate| candidate.name().is_some_and(same));
    let versions: Vec<&str> = versions.filter_map(|candidate| candidate.version()).collect();
    if let (Some(version), false) = (version, versions.is_empty()) {
        return format!("there is no version {version} of it; the versions are {}", versions.join(", "));
    }
    let names = candidates.iter().filter_map(|candidate| candidate.name());
    match if candidates.len() > MOST_CANDIDATES { None } else { nearest(name, names) } {
        Some(near) => format!("did you mean '{near}'?"),
        None => "define it in the workspace, or name the folder that does with --workspace".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn monitored_data_is_called_as_the_objectives_call_it() {
        let evaluation = "kind: evaluation\nmlSpecVersion: 0.1.0\nid: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20\nname: live\nmodel: m\n\
                          dataset: live\nperformedOn: 2026-08-22T09:30:00Z\nmetrics: [{key: loss, value: 1}]\n";
        for (data, is_found) in [
            ("{stage: monitoring}", false),
            ("{stage: test}", true),
            ("{dataset: other@1.0.0, stage: monitoring}", true),
        ] {
            // Where no dataset is kept, none is looked up.
            let text = format!(
                "{evaluation}---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b22\nname: other\n\
                 state: Active\nversion: 1.0.0\nlocation: s3://credit/other\n---\nkind: objectives\nmlSpecVersion: 0.1.0\nid: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b21\nname: o\n\
                 datasets: {{live: {data}}}\nobjectives: [{{id: a, expect: loss <= 2 on live}}]\n"
            );
            let found = found(&text);
            let own = found.iter().any(|(rule, place, _)| *rule == "reference/unresolved-object" && place == "live");
            assert_eq!(own, is_found, "{data}: {found:?}");
        }
    }

    #[test]
    fn what_is_put_back_is_looked_up() {
        let model = "kind: model\nmlSpecVersion: 0.1.0\nname: credit-default\nmodel_identifier: credit-default\nframework: {name: onnx}\n";
        let monitoring = include_str!("../bases/credit-monitoring.yml");
        let rollout = include_str!("../bases/credit-rollout.yml")
            .replace("result: completed", "replaces: credit-default@2.0.0\nresult: completed");
        for (text, is_found) in [
            (monitoring.to_owned(), false),
            (monitoring.replace("credit-default@2.0.0", "credit-dflt@2.0.0"), true),
            (monitoring.replace("credit-default@2.0.0", "credit-dflt"), true),
            (rollout.clone(), false),
            (rollout.replace("credit-default@2.0.0", "credit-dflt@2.0.0"), true),
        ] {
            let found = found(&format!("{text}---\n{model}"));
            let own = found.iter().any(|(rule, ..)| *rule == "reference/unresolved-object");
            assert_eq!(own, is_found, "{text}{found:?}");
        }
    }

    #[test]
    fn the_version_of_a_schema_or_transformation_is_looked_up() {
        let schema = include_str!("../bases/credit-schema.yml");
        let features = include_str!("../bases/credit-features.yml");
        let newer = schema.replace("9a05", "9a15").replace("1.0.0", "1.1.0");
        for (wanted, is_found) in [
            ("loans@1.0.0", false),
            ("LOANS@1.1.0", false),
            ("loans", false),
            ("0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a05", false),
            ("loans@9.9.9", true),
            ("loans@foo", true),
            ("0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a99", true),
        ] {
            let features = features.replace("inputs:", &format!("schema: {wanted}\ninputs:"));
            let found = found(&format!("{schema}---\n{newer}---\n{features}"));
            let own: Vec<_> = found.iter().filter(|(rule, ..)| rule.starts_with("reference/")).collect();
            assert_eq!(own.len(), usize::from(is_found), "{wanted}{found:?}");
        }
        for (wanted, is_found) in [("credit-features@3.0.0", false), ("credit-features@4.0.0", true)] {
            let old = format!("{features}replacedBy: {wanted}\nstatus: Deprecated\n");
            let new = features.replace("9a04", "9a14").replace("2.1.0", "3.0.0");
            let found = found(&format!("{old}---\n{new}"));
            let own = found.iter().any(|(rule, ..)| *rule == "reference/unresolved-object");
            assert_eq!(own, is_found, "{wanted}{found:?}");
        }
    }

    /// Returns how often the rule reports something in a workspace with these metrics of a run, and with this expression.
    fn unresolved(metric: &str, expect: &str) -> usize {
        let text = format!(
            "kind: run\nmlSpecVersion: 0.1.0\nid: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20\nname: launch\nmetrics: [{metric}]\n---\n\
             kind: dataset\nmlSpecVersion: 0.1.0\nid: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b22\nname: loans\nstate: Active\n\
             version: 1.0.0\nlocation: s3://credit/loans\n---\nkind: objectives\nmlSpecVersion: 0.1.0\n\
             id: a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b21\nname: o\nlanguage: mlspec-objectives/2\nmetrics: {{recall: {{unit: fraction, better: higher}}}}\n\
             objectives: [{{id: a, expect: \"{expect}\"}}]\n"
        );
        found(&text).iter().filter(|(rule, ..)| *rule == "reference/unresolved-object").count()
    }

    #[test]
    fn the_data_of_a_metric_is_looked_up_if_it_says_a_version_or_is_an_id() {
        let known = "recall >= 60%";
        for (data, times) in [
            ("loans@1.0.0", 0),
            ("LOANS", 0),
            ("a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b22", 0),
            ("first-half", 0),
            ("'${DATA}@1.0.0'", 0),
            ("loans@2.0.0", 1),
            ("loan@1.0.0", 1),
            ("a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b29", 1),
            ("2fd4e1c67a2d28fced849ee1bb76e7391b93eb12", 1),
        ] {
            assert_eq!(unresolved(&format!("{{key: recall, value: 0.7, dataset: {data}}}"), known), times, "{data}");
        }
    }

    #[test]
    fn the_run_that_an_expression_names_is_looked_up() {
        for (expect, times) in [
            ("recall drops by at most 1pp vs run 'launch'", 0),
            ("recall drops by at most 1pp vs run 'a4b4f0de-58b1-4cf2-9e0c-7d1f9a3c5b20'", 0),
            ("recall drops by at most 1pp vs run '${RUN}'", 0),
            ("recall drops by at most 1pp vs baseline", 0),
            ("recall drops by at most 1pp vs run 'lunch'", 1),
            ("recall drops by at most 1pp vs run 'lunch' and recall rises by at least 0pp vs run 'lunch'", 1),
            ("recall >= (recall of run 'lunch') - 1pp", 1),
        ] {
            assert_eq!(unresolved("{key: recall, value: 0.7}", expect), times, "{expect}");
        }
    }

    const VERSION: &str = "---\nkind: module-version\nmlSpecVersion: 0.1.0\nid: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66\n\
         module: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21\nversion: 1.2.0\nstatus: Active\nsnapshot_id: s\n\
         createdUtc: 2026-07-01T09:30:00Z\n";

    /// Returns which rules of references and status report something for a step that asks a module with these versions for a version.
    fn asked(versions: &str, step: &str, others: &str) -> Vec<&'static str> {
        let text = format!(
            "kind: module\nmlSpecVersion: 0.1.0\nid: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21\nname: fit\nstatus: Active\n\
             createdUtc: 2026-07-01T09:30:00Z\nversions: {versions}\n{others}---\nkind: pipeline\nmlSpecVersion: 0.1.0\n\
             name: p\nsteps:\n{step}\n"
        );
        let of_interest = |(rule, place, _): &(&str, String, String)| {
            let is_listed = place.starts_with("x-") || place.starts_with("1d9a7c35");
            matches!(*rule, "reference/unresolved-object" | "status/archived-reference") && !is_listed
        };
        found(&text).into_iter().filter(of_interest).map(|(rule, ..)| rule).collect()
    }

    const LISTED: &str = "[{version: 1.2.0, id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}]";

    #[test]
    fn a_name_with_a_version_means_that_version_of_a_model() {
        let model = |version: &str, status: &str| {
            let base = include_str!("../bases/credit-model.yml").replace("2.1.0", version);
            format!("{base}status: {status}\n---\n")
        };
        let about = |models: &str, name: &str| {
            let rollout = include_str!("../bases/credit-rollout.yml").replace("credit-default@2.1.0", name);
            let found = found(&format!("{models}{rollout}"));
            found.into_iter().map(|(rule, ..)| rule).filter(|rule| *rule != "naming/id-form").collect::<Vec<_>>()
        };
        let both = model("2.0.0", "Archived") + &model("2.1.0", "Active");
        assert_eq!(about(&both, "credit-default@2.1.0"), [""; 0]);
        assert_eq!(about(&both, "credit-default"), [""; 0], "the newest that is not archived");
        assert_eq!(about(&both, "credit-default@2.0.0"), ["status/archived-reference"]);
        assert_eq!(about(&both, "credit-default@2.2.0"), ["reference/unresolved-object"]);
        // Without a version, and before models had one, a document is about all of them.
        let all = both.replace("0.2.0\nkind: model", "0.1.0\nkind: model").replace("status: Archived\n", "");
        assert!(!about(&all, "credit-default@2.2.0").contains(&"reference/unresolved-object"));
        let again = model("2.1.0", "Active");
        let twice = about(&format!("{again}{again}"), "nothing");
        assert_eq!(twice.iter().filter(|rule| **rule == "naming/name-not-unique").count(), 2, "{twice:?}");
    }

    #[test]
    fn a_module_gives_the_versions_that_it_lists() {
        let unresolved = ["reference/unresolved-object"];
        for others in ["", VERSION] {
            assert_eq!(asked(LISTED, "  a: {moduleName: fit@1.2.0}", others), [""; 0], "{others}");
            assert_eq!(asked(LISTED, "  a: {moduleName: fit@1.2.1}", others), unresolved, "{others}");
            assert_eq!(asked(LISTED, "  a: {steps: {b: {moduleName: FIT@2.0.0}}}", others), unresolved, "{others}");
            assert_eq!(asked(LISTED, "  a: {moduleName: 'fit@${VERSION}'}", others), [""; 0], "{others}");
        }
        // A version that exists but is not listed cannot be asked for.
        assert_eq!(asked("[{version: 1.1.0, id: x-1}]", "  a: {moduleName: fit@1.2.0}", VERSION), unresolved);
        assert_eq!(asked("[]", "  a: {moduleName: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21}", ""), unresolved);
        // The version of this entry is not known.
        assert_eq!(asked("[{version: '${NEXT}', id: x-1}]", "  a: {moduleName: fit@1.2.0}", ""), [""; 0]);
    }

    #[test]
    fn the_version_that_is_meant_decides_whether_it_is_archived() {
        let archived = VERSION.replace("Active", "Archived");
        let newer = VERSION.replace("1.2.0", "1.3.0").replace("0d9a7c35", "1d9a7c35");
        let both =
            format!("{}, {{version: 1.3.0, id: 1d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}}]", LISTED.trim_end_matches(']'));
        let others = format!("{archived}{newer}");
        let is_archived = ["status/archived-reference"];
        let id = "5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21";
        assert_eq!(asked(&both, "  a: {moduleName: fit@1.2.0}", &others), is_archived);
        assert_eq!(asked(&both, "  a: {moduleName: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}", &others), is_archived);
        assert_eq!(asked(&both, "  a: {moduleName: fit@1.3.0}", &others), [""; 0]);
        assert_eq!(asked(&both, &format!("  a: {{moduleName: {id}}}"), &others), [""; 0]);
        assert_eq!(asked(LISTED, &format!("  a: {{moduleName: {id}}}"), &archived), is_archived);
        // The document of the newer version is not in the workspace.
        assert_eq!(asked(&both, &format!("  a: {{moduleName: {id}}}"), &archived), [""; 0]);
    }
}
