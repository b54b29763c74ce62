//! `status/status-contradiction`

use crate::diagnostics::Fix;
use crate::documents::Document;
use crate::documents::common::Status;
use crate::documents::dataset::Dataset;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::{Entry, edit};

declare_rule! {
    /// The fields for the status of a document must not contradict each other.
    ///
    /// A dataset has its `state` and, from older tools, `isDeprecated`; the field is also spelled `status` and `Status`. Every tool reads
    /// the one that it knows: if they differ, the data is blocked for one team and in daily use with another.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// isDeprecated: true
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ```yaml
    /// {kind: datastore, mlSpecVersion: 0.1.0, id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41, name: credit-lake, type: s3,
    ///   bucket: credit-default, status: Active, state: Archived}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// isDeprecated: false
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` removes `isDeprecated`, so that the state counts.
    pub STATUS_CONTRADICTION = {
        id: "status/status-contradiction",
        severity: Warning,
        since: "0.1.0",
        fix: Unsafe,
        source: "data/dataset.yml has both isDeprecated and state; common/object.md calls the field Status",
        kinds: [Artifact, Dataset, Datastore, Module, ModuleVersion, Objectives, Pipeline],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    check_spellings(cx, out);
    if let Document::Dataset(dataset) = document {
        check_deprecated(dataset, cx, out);
    }
}

fn check_spellings(cx: &Context<'_>, out: &mut Findings<'_>) {
    let is_status = |entry: &Entry| matches!(cx.tree.key_name(entry.key), "status" | "state" | "Status");
    let is_usable = |entry: &Entry| cx.tree.string(entry.value).is_some() && !cx.is_faulty(entry.value);
    let mut given = cx.tree.entries(cx.root).filter(is_status).filter(is_usable);
    let Some(first) = given.next() else { return };
    let text = |entry: &Entry| cx.tree.string(entry.value).unwrap_or("");
    for other in given.filter(|other| !text(other).eq_ignore_ascii_case(text(&first))) {
        let name = cx.tree.key_name(other.key);
        let message = format!("'{name}' contradicts '{}: {}'", cx.tree.key_name(first.key), text(&first));
        let span = edit::entry_span(cx.tree, first);
        let help = "keep one of the two fields";
        out.push(cx.at_value(&STATUS_CONTRADICTION, other.value, message).related(span, "the other one").help(help));
    }
}

fn check_deprecated(dataset: &Dataset, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some((deprecated, node)) = dataset.is_deprecated.located() else { return };
    let Some((state, state_node)) = dataset.state.located() else { return };
    // An archived dataset may have been deprecated before.
    let agrees = match state {
        Status::Active => !deprecated,
        Status::Deprecated => *deprecated,
        Status::Archived => true,
    };
    if agrees {
        return;
    }
    let key = cx.tree.key_of(state_node).map_or("state", |key| cx.tree.key_name(key));
    let message = format!("isDeprecated: {deprecated} contradicts {key}: {}", cx.tree.text(state_node).unwrap_or(""));
    let edits = cx.tree.entry_of(node).and_then(|entry| edit::remove_entry(cx.tree, entry));
    let fix = edits.map(|edits| Fix::needs_review("remove isDeprecated", edits));
    let finding = cx.at_value(&STATUS_CONTRADICTION, node, message);
    out.push(finding.related(cx.tree.span(cx.tree.resolve(state_node)), "the state").fix(fix));
}
