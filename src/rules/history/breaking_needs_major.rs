//! `history/breaking-needs-major`

use std::collections::BTreeMap;

use semver::Version;

use super::is_same_version;
use crate::documents::field::{List, Optional};
use crate::documents::module_version::{ModuleVersion, Port};
use crate::documents::one_of::Named;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::{DocId, Member};
use crate::yaml::{self, NodeId, Tree};

declare_rule! {
    /// A version of a module or a model that breaks its users must have a new major version.
    ///
    /// A step says `fit@1` or names the next version because its number says that nothing will break. It breaks if a port or a parameter is
    /// gone, if a new input must be connected or a new parameter must be given, or if a port has another type. A new version is compared
    /// with the greatest one below it. Below 1.0.0, a new minor version may break. A model that says its `version` breaks if its purpose, its
    /// framework, the schema of its features, its inputs or its outputs are others.
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
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.4.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
    /// params:
    ///   - name: epochs
    ///     type: integer
    ///     default: 20
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
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.4.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
    /// params:
    ///   - name: epochs
    ///     type: integer
    ///     default: 20
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 0b9a5c1e-4f3a-4c55-8a77-2d1f6f0c9e21
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.5.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
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
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.4.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
    /// params:
    ///   - name: epochs
    ///     type: integer
    ///     default: 20
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
    ///   - version: 2.0.0
    ///     id: 0b9a5c1e-4f3a-4c55-8a77-2d1f6f0c9e21
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.4.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
    /// params:
    ///   - name: epochs
    ///     type: integer
    ///     default: 20
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 0b9a5c1e-4f3a-4c55-8a77-2d1f6f0c9e21
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 2.0.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
    /// ```
    pub BREAKING_NEEDS_MAJOR = {
        id: "history/breaking-needs-major",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "modules/module.md, “Track breaking changes on models through semantic versioning”",
        kinds: [Model, ModuleVersion],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let own = compared.linked.own;
    let Some(version) = parsed(own) else { return };
    let (before, old, broken) = match cx.typed() {
        Some(Document::ModuleVersion(now)) if compared.before.is_none() => {
            let Some((before, old)) = predecessor(now, &version, compared) else { return };
            let Some(Document::ModuleVersion(former)) = old.typed() else { return };
            (before, old, broken(now, former, (cx.tree, &old.tree)))
        }
        // The file of a model often holds its newest version; what changes under one version is another fault.
        Some(Document::Model(_))
            if own.is_model_version() && !compared.before.is_some_and(|old| is_same_version(own, old)) =>
        {
            let Some((before, old)) = former_version(own, &version, compared) else { return };
            (before, old, broken_by_model((cx.tree, cx.root), (&old.tree, old.root)))
        }
        _ => return,
    };
    let may_break = version.major > before.major || (before.major == 0 && version.minor > before.minor);
    if may_break {
        return;
    }
    let version_node = own.object.version.unwrap_or(cx.root);
    for broken in broken {
        let message = format!("{} since {before}, but the major version is still {}", broken.what, version.major);
        let finding = cx.at_key(&BREAKING_NEEDS_MAJOR, broken.now.unwrap_or(version_node), message);
        let finding = finding.help(format!("publish it as {}", next_major(&before)));
        out.push(relate(finding, old, broken.before.or(old.object.version), format!("version {before}")));
    }
}

/// What users of a model rely on: what it is for, what it is given, and what it answers from which format.
const OF_A_MODEL: &[(&str, &[&str])] = &[
    ("the purpose is another one", &["purpose"]),
    ("the schema of the features is another one", &["score", "model_features_schema_source"]),
    ("the inputs are others", &["convert", "tf_inputs"]),
    ("the outputs are others", &["convert", "tf_outputs"]),
    ("the framework is another one", &["framework", "name"]),
];

/// Returns the greatest version of a model below a new one.
fn former_version<'c>(
    own: &Member,
    version: &Version,
    compared: &ComparedDocument<'c, '_>,
) -> Option<(Version, &'c Member)> {
    let named = compared.revision.named(own).filter(|old| old.is_model_version());
    let lower =
        named.filter_map(|old| Some((parsed(old)?, old))).filter(|(number, _)| number.cmp_precedence(version).is_lt());
    lower.max_by(|(a, _), (b, _)| a.cmp_precedence(b))
}

/// Returns what a version of a model has otherwise than the one before. What either does not say has not changed.
fn broken_by_model((tree, root): (&Tree, NodeId), (old_tree, old_root): (&Tree, NodeId)) -> Vec<Broken> {
    let changed = OF_A_MODEL.iter().filter_map(|(what, path)| {
        let (now, before) = (tree.find(root, path)?, old_tree.find(old_root, path)?);
        yaml::difference((tree, now), (old_tree, before))?;
        Some(Broken { what: (*what).to_owned(), now: Some(now), before: Some(before) })
    });
    changed.collect()
}

fn parsed(member: &Member) -> Option<Version> {
    Version::parse(member.version()?).ok()
}

fn next_major(before: &Version) -> Version {
    if before.major == 0 { Version::new(0, before.minor + 1, 0) } else { Version::new(before.major + 1, 0, 0) }
}

/// Returns the greatest version of the module below a new one.
fn predecessor<'c>(
    now: &ModuleVersion,
    version: &Version,
    compared: &ComparedDocument<'c, '_>,
) -> Option<(Version, &'c Member)> {
    let past = compared.revision.workspace();
    let is_module = |id: &DocId| past.member(*id).is_some_and(|member| member.kind == Kind::Module);
    let module = past.with_id(now.module.get()?).find(is_module)?;
    let versions = past.referring_to(module, ReferenceRole::OwnModule, Kind::ModuleVersion);
    let numbered = versions.filter_map(|(id, _)| past.member(id)).filter_map(|member| Some((parsed(member)?, member)));
    let lower = numbered.filter(|(number, _)| number.cmp_precedence(version).is_lt());
    lower.max_by(|(a, _), (b, _)| a.cmp_precedence(b))
}

/// Something that users of the former version rely on.
struct Broken {
    what: String,
    now: Option<NodeId>,
    before: Option<NodeId>,
}

/// A port or parameter, with its node.
struct Part<'a> {
    node: NodeId,
    value_type: Option<&'a str>,
    is_required: bool,
}

fn broken(now: &ModuleVersion, before: &ModuleVersion, (tree, old_tree): (&Tree, &Tree)) -> Vec<Broken> {
    let lists = [
        ("input", ports(&now.inputs), ports(&before.inputs)),
        // To have one more output breaks nobody.
        ("output", ports(&now.outputs), ports(&before.outputs)),
        ("parameter", parameters(now, tree), parameters(before, old_tree)),
    ];
    let mut broken = Vec::new();
    for (what, now, before) in lists {
        for (name, former) in &before {
            match now.get(name) {
                None => broken.push(Broken {
                    what: format!("the {what} '{name}' is gone"),
                    now: None,
                    before: Some(former.node),
                }),
                Some(own) if own.value_type != former.value_type && former.value_type.is_some() => {
                    broken.push(Broken {
                        what: format!("the {what} '{name}' has another type"),
                        now: Some(own.node),
                        before: Some(former.node),
                    })
                }
                Some(own) if own.is_required && !former.is_required && what != "output" => broken.push(Broken {
                    what: format!("the {what} '{name}' is required"),
                    now: Some(own.node),
                    before: Some(former.node),
                }),
                Some(_) => {}
            }
        }
        let added = now.iter().filter(|(name, own)| own.is_required && what != "output" && !before.contains_key(*name));
        broken.extend(added.map(|(name, own)| Broken {
            what: format!("the new {what} '{name}' is required"),
            now: Some(own.node),
            before: None,
        }));
    }
    broken
}

fn ports(ports: &Optional<Named<Port>>) -> BTreeMap<String, Part<'_>> {
    let port = |(key, node, port): (Option<&str>, NodeId, &'_ Port)| {
        let name = key.map(str::to_owned).or_else(|| port.name.get().map(|name| name.to_string()))?;
        let value_type = port.data_type.node();
        Some((name, node, value_type, !port.optional.get().copied().unwrap_or(false)))
    };
    let all = ports.get().into_iter().flat_map(Named::iter);
    all.filter_map(|(key, node, own)| {
        let (name, node, _, is_required) = port((key, node, own))?;
        Some((name, Part { node, value_type: own.data_type.get().map(|text| &**text), is_required }))
    })
    .collect()
}

fn parameters<'a>(version: &'a ModuleVersion, tree: &Tree) -> BTreeMap<String, Part<'a>> {
    let all = version.params.get().into_iter().flat_map(List::iter);
    all.filter_map(|(node, own)| {
        let is_required = own.default.node().is_none_or(|node| tree.is_null(node));
        Some((
            own.name.get()?.to_string(),
            Part { node, value_type: own.value_type.get().map(|text| &**text), is_required },
        ))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    fn version(id: u32, number: &str, rest: &str) -> String {
        format!(
            "---\nkind: module-version\nmlSpecVersion: 0.1.0\nid: v-{id}\nmodule: m-1\nversion: {number}\nstatus: Active\n\
             snapshot_id: s\ncreatedUtc: 2026-06-08T13:40:00Z\n{rest}"
        )
    }

    #[test]
    fn a_model_that_is_asked_otherwise_is_a_new_major_version() {
        let model = |version: &str, rest: &str| {
            let base = include_str!("../bases/credit-model.yml").replace("2.1.0", version);
            format!("{base}purpose: binary_classification\nconvert: {{tf_inputs: {{features: [1, 23]}}}}\n{rest}---\n")
        };
        let before = model("2.1.0", "") + &model("1.0.0", "").replace("23", "22");
        for (version, from, to, found) in [
            ("2.2.0", "[1, 23]", "[1, 24]", &["tf_inputs"][..]),
            ("2.2.0", "binary", "multiclass", &["purpose"]),
            ("2.2.0", "name: lightgbm", "name: onnx", &["name"]),
            ("2.2.0", "lightgbm, version: \"4.3.0\"", "lightgbm, version: \"4.4.0\"", &[]),
            ("2.2.0", "purpose: binary_classification\n", "", &[]),
            ("3.0.0", "[1, 23]", "[1, 24]", &[]),
            ("1.1.0", "[1, 23]", "[1, 22]", &[]),
        ] {
            let now = format!("{before}{}", model(version, "").replace(from, to));
            let expected: Vec<_> = found.iter().map(|place| (super::BREAKING_NEEDS_MAJOR.id, *place)).collect();
            assert_changes(&before, &now, &expected);
        }
        // Before models had versions, nothing was promised.
        let old = before.replace("0.2.0\nkind", "0.1.0\nkind");
        let now =
            format!("{old}{}", model("2.2.0", "").replace("0.2.0\nkind", "0.1.0\nkind").replace("[1, 23]", "[1, 24]"));
        assert_changes(&old, &now, &[]);
    }

    #[test]
    fn what_users_rely_on_stays_within_a_major_version() {
        const MODULE: &str = "kind: module\nmlSpecVersion: 0.1.0\nid: m-1\nname: fit\nstatus: Active\ncreatedUtc: 2026-05-04T08:15:00Z\n\
             versions: [{version: 1.0.0, id: v-1}]\n";
        let ports = "inputs: {a: {type: csv}, b: {type: csv, optional: true}}\noutputs: {m: {type: keras}}\n";
        for (number, from, to, found) in [
            ("1.1.0", "b: {type: csv, optional: true}", "c: {type: csv, optional: true}", &["version"][..]),
            ("1.1.0", "type: keras", "type: onnx", &["m"]),
            ("1.1.0", ", optional: true", "", &["b"]),
            ("1.1.0", "a: {type: csv}", "a: {type: csv}, c: {type: csv}", &["c"]),
            ("1.1.0", "m: {type: keras}", "m: {type: keras}, log: {type: txt}", &[]),
            ("1.1.0", "outputs", "params: [{name: p, type: integer, default: 1}]\noutputs", &[]),
            ("1.1.0", "outputs", "params:\n  - {name: p, type: integer}\noutputs", &["name"]),
            ("2.0.0", "type: keras", "type: onnx", &[]),
            ("0.9.0", "type: keras", "type: onnx", &[]),
        ] {
            let before = format!("{MODULE}{}", version(1, "1.0.0", ports));
            let now = format!("{before}{}", version(2, number, &ports.replace(from, to)));
            let expected: Vec<_> = found.iter().map(|place| (super::BREAKING_NEEDS_MAJOR.id, *place)).collect();
            assert_changes(&before, &now, &expected);
        }
    }
}
