//! `lifecycle/before-its-cause`

use std::collections::BTreeSet;

use crate::documents::field::List;
use crate::documents::roles::ReferenceRole;
use crate::documents::rollout::RolloutStrategy;
use crate::documents::{Document, Kind};
use crate::rules::document::{Moment, moment};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{DocId, Member, field};
use crate::yaml::NodeId;

declare_rule! {
    /// Nothing should be dated before what it comes from.
    ///
    /// A file cannot have been tested before the run that made it was submitted, and data cannot have been profiled before it was read. One
    /// of the dates is wrong, or the document is about another file: whoever reconstructs later what happened finds a story that cannot be.
    /// The rule compares evaluations and tests with the runs that measured them, and with those that made the file with their `modelDigest`, or
    /// the version of the model that they name, as a run, its artifact or the model says; profiles, splits and validations
    /// with the ingestion of their data; an ingestion with the end of its `timeRange`; and the first stage of a rollout (but for `shadow`)
    /// with its approvals and the tests of its file. Of several causes, one that is early enough will do.
    ///
    /// ## Fails
    /// ```yaml base:credit-rollout
    /// approvals:
    ///   - {by: ops@contoso.com, approvedOn: 2026-08-28}
    /// ```
    ///
    /// ```yaml base:credit-ingestion
    /// timeRange: {start: 2026-08-01, end: 2026-08-31}
    /// ```
    ///
    /// ```yaml base:credit-ingestion,credit-validation
    /// kind: validation
    /// performedOn: 2026-07-02T05:30:00Z
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-rollout
    /// approvals:
    ///   - {by: ops@contoso.com, approvedOn: 2026-08-26}
    /// ```
    pub BEFORE_ITS_CAUSE = {
        id: "lifecycle/before-its-cause",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, “every stage of an ML lifecycle requires some form of metadata management”",
        kinds: [Evaluation, Ingestion, Profile, Rollout, Split, Test, Validation],
        check: Workspace(check),
    }
}

/// The maximum number of causes of one document that are looked at.
const MOST_LOOKED_AT: usize = 100;

/// Something that came before: when, the document that says so, and where.
type Cause<'a> = (Moment, &'a Member, NodeId);

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    match cx.kind {
        Kind::Rollout => rollout(cx, workspace, out),
        Kind::Evaluation | Kind::Test => {
            let made = recorded(workspace, makers(cx, workspace).into_iter());
            compare(cx, workspace, recorded_on(cx), made, "the run that made the model", out);
            let measuring = workspace.found().filter(|(own, ..)| own.role == ReferenceRole::MeasuringRun);
            let measured = recorded(workspace, measuring.map(|(.., id)| id));
            compare(cx, workspace, recorded_on(cx), measured, "the run that measured it", out);
        }
        Kind::Ingestion => {
            let end = cx.find(cx.root, &["timeRange", "end"]).and_then(|node| at(cx, node));
            let end = end.map(|(end, node)| (end, workspace.own, node)).into_iter().collect();
            compare(cx, workspace, recorded_on(cx), end, "the end of the data that it read", out);
        }
        _ => {
            let own = workspace.own.references.iter().find(|own| own.role == ReferenceRole::RecordedData);
            let same = own.into_iter().flat_map(|own| {
                workspace.meaning_the_same(workspace.id, own, ReferenceRole::RecordedData, Kind::Ingestion)
            });
            let read = recorded(workspace, same.map(|(id, _)| id));
            compare(cx, workspace, recorded_on(cx), read, "the ingestion of the data", out);
        }
    }
}

/// Returns the runs that made the model that was measured: those that name its digest, or whose artifact or model has it. Without a digest,
/// the model that is named tells.
fn makers(cx: &Context<'_>, workspace: &Linked<'_>) -> BTreeSet<DocId> {
    let digest = cx.find(cx.root, &["modelDigest"]).and_then(|node| cx.tree.string(node));
    let with = |kind: Kind| -> Vec<DocId> {
        let found = digest.map(|digest| workspace.with_content_digest(&[kind], digest).take(MOST_LOOKED_AT).collect());
        found.unwrap_or_default()
    };
    let models: Vec<DocId> = match digest {
        Some(_) => with(Kind::Model),
        None => workspace.found().filter(|(_, member, _)| member.kind == Kind::Model).map(|(.., id)| id).collect(),
    };
    let runs_of = |id: DocId| {
        let references = workspace.references_of(id);
        references.filter_map(|(reference, found)| found.found().filter(|_| reference.targets.contains(&Kind::Run)))
    };
    let told = with(Kind::Artifact).into_iter().chain(models).flat_map(runs_of);
    with(Kind::Run).into_iter().chain(told).collect()
}

fn rollout(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Rollout(own)) = cx.typed() else { return };
    if own.strategy.get() == Some(&RolloutStrategy::Shadow) {
        return;
    }
    let stages = own.stages.get().into_iter().flat_map(List::iter);
    let Some(start) = stages.filter_map(|(_, stage)| stage.from.node()).next().and_then(|node| at(cx, node)) else {
        return;
    };
    let approvals = own.approvals.get().into_iter().flat_map(List::iter);
    let approved = approvals.filter_map(|(_, approval)| at(cx, approval.approved_on.node()?));
    let approved = approved.map(|(approved, node)| (approved, workspace.own, node)).collect();
    compare(cx, workspace, Some(start), approved, "its first approval", out);
    let digest =
        |member: &Member| Some(member.tree.string(field(&member.tree, member.root, "modelDigest")?)?.to_owned());
    let model =
        workspace.own.references.iter().find(|own| own.targets == [Kind::Model] && own.role == ReferenceRole::Plain);
    let (Some(file), Some(model)) = (digest(workspace.own), model) else { return };
    let tests = workspace.meaning_the_same(workspace.id, model, ReferenceRole::Plain, Kind::Test);
    let is_of_file = |id: &DocId| {
        let own = workspace.member(*id).and_then(digest);
        own.is_some_and(|own| own.eq_ignore_ascii_case(&file))
    };
    let tests = recorded(workspace, tests.map(|(id, _)| id).filter(is_of_file));
    compare(cx, workspace, Some(start), tests, "the test of its file", out);
}

/// Reports a date that is before all of its causes.
fn compare(
    cx: &Context<'_>,
    workspace: &Linked<'_>,
    own: Option<(Moment, NodeId)>,
    causes: Vec<Cause<'_>>,
    what: &str,
    out: &mut Findings<'_>,
) {
    let (Some((own, node)), Some((_, member, place))) = (own, causes.first()) else { return };
    if causes.iter().all(|(cause, ..)| cause.is_after(own)) {
        let finding = cx.at_value(&BEFORE_ITS_CAUSE, node, format!("{} is before {what}", cx.shown(node)));
        let finding = finding.help("correct the date that is wrong");
        out.push(match *place {
            place if std::ptr::eq(*member, workspace.own) => {
                finding.related(cx.tree.span(cx.tree.resolve(place)), what)
            }
            place => workspace.relate(finding, member, Some(place), what),
        });
    }
}

fn at(cx: &Context<'_>, node: NodeId) -> Option<(Moment, NodeId)> {
    let text = cx.tree.text(node).filter(|_| !cx.is_faulty(node))?;
    Some((moment(text)?, node))
}

fn recorded_on(cx: &Context<'_>) -> Option<(Moment, NodeId)> {
    cx.member.recorded_on().and_then(|(_, node)| at(cx, node))
}

/// Returns when documents were recorded. One that does not say so may have been early enough.
fn recorded<'a>(workspace: &Linked<'a>, documents: impl Iterator<Item = DocId>) -> Vec<Cause<'a>> {
    let cause = |id| {
        let member = workspace.member(id)?;
        let (text, node) = member.recorded_on()?;
        Some((moment(text)?, member, node))
    };
    documents.take(MOST_LOOKED_AT).map(cause).collect::<Option<_>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    const DIGEST: &str = "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5";

    fn early(text: &str) -> Vec<String> {
        let own = found(text).into_iter().filter(|(rule, ..)| *rule == super::BEFORE_ITS_CAUSE.id);
        own.map(|(_, place, _)| place).collect()
    }

    #[test]
    fn each_date_is_compared_with_those_of_its_causes() {
        let run = |date: &str| {
            format!(
                "---\n{}submittedDate: {date}\nartifacts: [{{key: m, modelDigest: '{DIGEST}'}}]\n",
                include_str!("../bases/credit-fit.yml")
            )
        };
        let test = format!("{}modelDigest: {DIGEST}\n", include_str!("../bases/credit-test.yml"));
        let performed = "2026-08-24T04:00:00Z";
        assert_eq!(early(&format!("{test}{}", run("2026-08-25T00:00:00Z"))), [performed]);
        assert_eq!(early(&format!("{test}{}", run("2026-08-24T03:00:00Z"))), [""; 0]);
        // Another run made the same file, or says not when.
        let other = run("2026-08-23T00:00:00Z").replace("3da68b14", "3da68b15").replace("fit-", "fit-again-");
        assert_eq!(early(&format!("{test}{}{other}", run("2026-08-25T00:00:00Z"))), [""; 0]);
        assert_eq!(early(&format!("{test}{}", run("2026-08-25T00:00:00Z").replace("673817", "673818"))), [""; 0]);

        // The artifact or the model tells of the run.
        let plain = |date: &str| run(date).replace(&format!("artifacts: [{{key: m, modelDigest: '{DIGEST}'}}]\n"), "");
        let fit = plain(performed);
        let id = fit.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
        let artifact = format!(
            "---\nkind: artifact\nmlSpecVersion: 0.1.0\nid: 9c858901-8a57-4791-81fe-4c455b099bc9\nname: m\ncreated_by_run_id: {id}\n\
             digest: {DIGEST}\n"
        );
        let model = format!("---\n{}run: {id}\nmodelDigest: {DIGEST}\n", include_str!("../bases/credit-model.yml"));
        for teller in [&artifact, &model] {
            let text = |date: &str| format!("{test}{}{teller}", plain(date));
            assert_eq!(early(&text("2026-08-25T00:00:00Z")), [performed]);
            assert_eq!(early(&text("2026-08-24T03:00:00Z")), [""; 0]);
        }
        let measured = |date: &str| format!("{}run: {id}\n{}", include_str!("../bases/credit-test.yml"), plain(date));
        assert_eq!(early(&measured("2026-08-25T00:00:00Z")), [performed]);
        assert_eq!(early(&measured("2026-08-24T03:00:00Z")), [""; 0]);

        let rollout = format!("{}modelDigest: {DIGEST}\n", include_str!("../bases/credit-rollout.yml"));
        let test = test.replace("model: credit-default\n", "model: credit-default@2.1.0\n");
        let late = test.replace(performed, "2026-08-28T00:00:00Z");
        assert_eq!(early(&format!("{rollout}---\n{late}")), ["2026-08-26T08:00:00Z"]);
        assert_eq!(early(&format!("{rollout}---\n{test}")), [""; 0]);
        assert_eq!(early(&format!("{}---\n{late}", rollout.replace("canary", "shadow"))), [""; 0]);
        let approved = |dates: &[&str]| {
            let list: Vec<_> = dates.iter().map(|date| format!("  - {{by: a@b.c, approvedOn: {date}}}\n")).collect();
            rollout.replace("  - {by: ops@contoso.com, approvedOn: 2026-08-25}\n", &list.concat())
        };
        assert_eq!(early(&approved(&["2026-08-27", "2026-08-26"])), [""; 0]);
        assert_eq!(early(&approved(&["2026-08-27", "2026-08-28"])), ["2026-08-26T08:00:00Z"]);
    }

    #[test]
    fn data_is_read_before_it_is_described() {
        let ingestion = include_str!("../bases/credit-ingestion.yml");
        for (base, from) in [
            (include_str!("../bases/credit-profile.yml"), "2026-08-02T05:00:00Z"),
            (include_str!("../bases/credit-validation.yml"), "2026-08-02T05:30:00Z"),
        ] {
            let text = base.replace("credit-train@1.2.0", "loan-applications@3.0.0");
            assert_eq!(early(&format!("{text}---\n{ingestion}")), [""; 0]);
            let text = text.replace(from, "2026-07-31T23:00:00Z");
            assert_eq!(early(&format!("{text}---\n{ingestion}")), ["2026-07-31T23:00:00Z"]);
            assert_eq!(early(&format!("{text}---\n{}", ingestion.replace("3.0.0", "3.1.0"))), [""; 0]);
        }
    }
}
