//! `reference/module-version-mismatch`

use rustc_hash::FxHashMap;

use crate::documents::module::Module;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{DocId, Member, Resolution, field};
use crate::yaml::NodeId;

declare_rule! {
    /// A module and its versions must agree on which versions belong to the module.
    ///
    /// A step that asks for `fit-credit-model@2.1.0` is resolved through the module's list. When the list points to a document that says it
    /// is version 2.0.0, or a version of another module, other code is executed than the reviewer read. A version that its module does not
    /// list can never be asked for by its number, and if two versions have the same number or id, one of them is never found.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: fit-credit-model
    /// status: Active
    /// createdUtc: 2026-07-01T09:30:00Z
    /// versions:
    ///   - version: 2.1.0
    ///     id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// module: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// version: 2.0.0
    /// status: Active
    /// snapshot_id: snapshot-114
    /// createdUtc: 2026-07-01T09:30:00Z
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: fit-credit-model
    /// status: Active
    /// createdUtc: 2026-07-01T09:30:00Z
    /// versions:
    ///   - version: 2.1.0
    ///     id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// module: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// version: 2.1.0
    /// status: Active
    /// snapshot_id: snapshot-114
    /// createdUtc: 2026-07-01T09:30:00Z
    /// ```
    pub MODULE_VERSION_MISMATCH = {
        id: "reference/module-version-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "modules/module.md, “Module.versions[].id” and “ModuleVersion.module”",
        kinds: [Module, ModuleVersion],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    match cx.typed() {
        Some(Document::Module(module)) => {
            listed_twice(module, cx, out);
            for (node, entry) in module.versions.get().into_iter().flat_map(|versions| versions.iter()) {
                let Some((id, id_node)) = entry.id.located() else { continue };
                let is_version =
                    |id: &DocId| workspace.member(*id).is_some_and(|member| member.kind == Kind::ModuleVersion);
                let Some(version) = workspace.with_id(id).find(is_version) else { continue };
                let number = entry.version.located().map(|(number, node)| (&**number, node));
                listed(cx, workspace, number.unwrap_or(("", node)), (version, id_node), out);
            }
        }
        Some(Document::ModuleVersion(_)) => unlisted(cx, workspace, out),
        _ => {}
    }
}

/// Reports the numbers and ids that a module lists more than once.
fn listed_twice(module: &Module, cx: &Context<'_>, out: &mut Findings<'_>) {
    let entries = || module.versions.get().into_iter().flat_map(|versions| versions.iter()).map(|(_, entry)| entry);
    let numbers = entries().filter_map(|entry| entry.version.located()).map(|(number, node)| (&**number, node));
    let ids = entries().filter_map(|entry| entry.id.located()).map(|(id, node)| (&**id, node));
    let mut first: FxHashMap<(bool, &str), NodeId> = FxHashMap::default();
    for (is_id, (text, node)) in numbers.map(|one| (false, one)).chain(ids.map(|one| (true, one))) {
        let earlier = *first.entry((is_id, text)).or_insert(node);
        if earlier != node && !cx.is_faulty(node) {
            let what = if is_id { "id" } else { "version" };
            let message = format!("the {what} {} is listed twice", cx.shown(node));
            let span = cx.tree.span(cx.tree.resolve(earlier));
            let finding = cx.at_value(&MODULE_VERSION_MISMATCH, node, message).related(span, "the first time");
            out.push(match is_id {
                true => finding,
                false => {
                    finding.help("which of the two is meant? steps that ask for this version are not compared with it")
                }
            });
        }
    }
}

/// Reports an entry of a module's list that contradicts the document that it points to.
fn listed(
    cx: &Context<'_>,
    workspace: &Linked<'_>,
    (number, number_node): (&str, NodeId),
    (id, id_node): (DocId, NodeId),
    out: &mut Findings<'_>,
) {
    let Some(version) = workspace.member(id) else { return };
    let own = version.version().unwrap_or("");
    if !number.is_empty() && !own.is_empty() && number != own {
        let message = format!("version {number} is listed, but the document with that id has version {own}");
        let finding = cx.at_value(&MODULE_VERSION_MISMATCH, number_node, message);
        out.push(workspace.relate(finding, version, version.object.version, "the version that the id points to"));
    }
    let mut references = workspace.references_of(id);
    let Some((module, resolution)) = references.find(|(reference, _)| reference.role == ReferenceRole::OwnModule)
    else {
        return;
    };
    if *resolution != Resolution::Found(workspace.id) {
        let said = version.tree.text(module.node).unwrap_or("");
        let message = format!("the version with the id {} belongs to the module '{said}'", cx.shown(id_node));
        let finding = cx.at_value(&MODULE_VERSION_MISMATCH, id_node, message);
        out.push(workspace.relate(finding, version, Some(module.node), "the module that it names"));
    }
}

/// Whether a module has a readable list of versions. If not, that is a fault of the module, not of the version.
fn can_list(module: &Member) -> bool {
    let tree = &module.tree;
    field(tree, module.root, "versions").map(|list| tree.resolve(list)).is_some_and(|list| {
        let has_id = |item: &NodeId| field(tree, tree.resolve(*item), "id").is_some_and(|id| tree.text(id).is_some());
        tree.is_sequence(list) && tree.items(list).iter().all(has_id)
    })
}

/// Reports a version that its module does not list.
fn unlisted(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    for (reference, module, module_id) in workspace.found() {
        let mut listing = workspace.referring_to(workspace.id, ReferenceRole::ListedVersion, Kind::Module);
        if reference.role == ReferenceRole::OwnModule && can_list(module) && !listing.any(|(by, _)| by == module_id) {
            let message = format!("the module {} does not list this version", cx.shown(reference.node));
            let finding = cx
                .at_value(&MODULE_VERSION_MISMATCH, reference.node, message)
                .help("add its version and id to the `versions` of the module");
            out.push(workspace.relate(finding, module, module.object.name, "the module"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_version_is_listed_once() {
        let about = |versions: &str| {
            let text = format!(
                "kind: module\nmlSpecVersion: 0.1.0\nid: e9ed696e-33d1-44e9-aae2-e905bdbe2d5e\nname: fit\nstatus: Active\n\
                 createdUtc: 2026-08-12T15:47:00Z\nversions: {versions}\n"
            );
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::MODULE_VERSION_MISMATCH.id);
            own.map(|(.., message)| message).collect::<Vec<_>>()
        };
        let entry =
            |version: &str, end: &str| format!("{{version: {version}, id: f1eea1ca-a2af-47c0-9133-2dd89bab5a7{end}}}");
        let both = |first: String, second: String| about(&format!("[{first}, {second}]"));
        assert_eq!(both(entry("1.0.0", "1"), entry("1.0.0", "2")), ["the version '1.0.0' is listed twice"]);
        let id = "the id 'f1eea1ca-a2af-47c0-9133-2dd89bab5a71' is listed twice";
        assert_eq!(both(entry("1.0.0", "1"), entry("1.1.0", "1")), [id]);
        assert_eq!(both(entry("1.0.0", "1"), entry("1.1.0", "2")), [""; 0]);
    }

    #[test]
    fn a_version_that_is_listed_twice_is_told_once() {
        let id = |end: u8| format!("f1eea1ca-a2af-47c0-9133-2dd89bab5a7{end}");
        let module = "e9ed696e-33d1-44e9-aae2-e905bdbe2d5e";
        let head = "status: Active\ncreatedUtc: 2026-08-12T15:47:00Z\nmlSpecVersion: 0.1.0\n";
        let version = |end: u8, parameter: &str| {
            format!(
                "kind: module-version\nid: {}\nname: fit-{end}\nmodule: {module}\nversion: 1.0.0\nsnapshot_id: s-{end}\n\
                 params: [{{name: {parameter}, type: integer, default: 1}}]\n{head}---\n",
                id(end)
            )
        };
        let found_in = |versions: &str, more: &str| {
            let text = format!(
                "kind: module\nid: {module}\nname: fit\nversions: [{versions}]\n{head}---\n{}{}{more}\
                 kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nsteps:\n  \
                 a: {{moduleName: fit@1.0.0, parameters: {{epochs: 1}}}}\n  \
                 b: {{moduleName: fit@1.0.0, parameters: {{rounds: 1}}, after: [a]}}\n",
                version(1, "epochs"),
                version(2, "rounds"),
            );
            found(&text).into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>()
        };
        let entry = |end: u8| format!("{{version: 1.0.0, id: {}}}", id(end));
        let twice = format!("{}, {}", entry(1), entry(2));
        assert_eq!(found_in(&twice, ""), [super::MODULE_VERSION_MISMATCH.id]);
        // The one that is listed decides; the other is told to be unlisted.
        assert!(found_in(&entry(1), "").contains(&"pipeline/unknown-parameter"));
    }
}
