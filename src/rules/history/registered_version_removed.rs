//! `history/registered-version-removed`

use rustc_hash::FxHashMap;

use super::is_other_id;
use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::module::{Module, PublishedVersion};
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A version that a module lists must stay in the list, with its id.
    ///
    /// Pipelines name `fit@1.4.0`, and the list of the module says which document that is. If the entry is gone, the pipeline cannot be
    /// executed; if it points at another document, the pipeline executes something else. A version that must not be used any more is
    /// archived in its own document.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// name: fit-card-model
    /// status: Active
    /// createdUtc: 2026-05-04T08:15:00Z
    /// versions:
    ///   - version: 1.4.0
    ///     id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    ///   - version: 1.5.0
    ///     id: 0b9a5c1e-4f3a-4c55-8a77-2d1f6f0c9e21
    /// ```
    /// ```yaml after
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// name: fit-card-model
    /// status: Active
    /// createdUtc: 2026-05-04T08:15:00Z
    /// versions:
    ///   - version: 1.5.0
    ///     id: 0b9a5c1e-4f3a-4c55-8a77-2d1f6f0c9e21
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// name: fit-card-model
    /// status: Active
    /// createdUtc: 2026-05-04T08:15:00Z
    /// versions:
    ///   - version: 1.4.0
    ///     id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// ```
    /// ```yaml after
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// name: fit-card-model
    /// status: Active
    /// createdUtc: 2026-05-04T08:15:00Z
    /// versions:
    ///   - version: 1.4.0
    ///     id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    ///   - version: 1.5.0
    ///     id: 0b9a5c1e-4f3a-4c55-8a77-2d1f6f0c9e21
    /// ```
    pub REGISTERED_VERSION_REMOVED = {
        id: "history/registered-version-removed",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "modules/module.md: a module is the container of its versions",
        kinds: [Module],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let (Some(old), Some(Document::Module(now))) = (compared.changed(), cx.typed()) else { return };
    let Some(Document::Module(before)) = old.typed() else { return };
    let label = compared.revision.label();
    let listed: FxHashMap<&str, &PublishedVersion> =
        entries(now).filter_map(|(_, entry)| Some((&**entry.version.get()?, entry))).collect();
    for (node, entry) in entries(before) {
        let (Some(number), Some(id)) = (entry.version.get(), entry.id.get()) else { continue };
        let (place, message, help) = match listed.get(&**number) {
            None => (
                now.versions.node().unwrap_or(cx.root),
                format!("version {} is no longer listed", &**number),
                "restore the entry, and archive the version in its own document",
            ),
            Some(own) => match own.id.located() {
                Some((own, node)) if is_other_id(own, id) => (
                    node,
                    format!("the id of version {} was '{}' in {label}", &**number, &**id),
                    "restore the id, and list the other document as a new version",
                ),
                _ => continue,
            },
        };
        let finding = cx.at_key(&REGISTERED_VERSION_REMOVED, place, message).help(help);
        out.push(relate(finding, old, Some(node), format!("the entry in {label}")));
    }
}

fn entries(module: &Module) -> impl Iterator<Item = (NodeId, &PublishedVersion)> {
    module.versions.get().into_iter().flat_map(List::iter)
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    #[test]
    fn an_entry_keeps_its_id() {
        let module = |versions: &str| {
            format!(
                "kind: module\nmlSpecVersion: 0.1.0\nid: m-1\nname: fit\nstatus: Active\ncreatedUtc: 2026-05-04T08:15:00Z\nversions: [{versions}]\n"
            )
        };
        let rule = super::REGISTERED_VERSION_REMOVED.id;
        let before = module("{version: 1.0.0, id: v-1}, {version: 1.1.0, id: v-2}");
        assert_changes(&before, &module("{version: 1.0.0, id: v-1}, {version: 1.1.0, id: v-3}"), &[(rule, "id")]);
        assert_changes(&before, &module("{id: V-2, version: 1.1.0}, {version: 1.0.0, id: v-1}"), &[]);
        assert_changes(&before, &module("{version: 1.1.0, id: v-2}"), &[(rule, "versions")]);
    }
}
