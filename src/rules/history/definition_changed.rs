//! `history/definition-changed`

use super::is_same_version;
use crate::documents::Kind;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::{Member, field};
use crate::yaml::{Difference, NodeId, Tree};

declare_rule! {
    /// A changed definition of a dataset, data schema, transformation or model must have a new version.
    ///
    /// `loans@1.0.0` is what a run says it was trained on. If the location, the digest or a filter behind that name changes, the run says
    /// something that is no longer true, and nobody can train the model again. A digest that was not given before says nothing else than
    /// before, and neither does another view. One that is no longer given does: nobody can tell any more which bytes were meant.
    ///
    /// A data schema is defined by its fields and what else it demands of data, but not by titles, descriptions, examples and the stage of
    /// a field. A transformation is defined by its steps, its inputs and what it was fitted on; a version of a model by its purpose,
    /// framework, features, inputs, outputs, run and digest. What these did not say before is no change.
    ///
    /// Writing the same otherwise is no change either: a digest in capital letters, a reference by id instead of by name, an instant in
    /// another time zone, categories in another order.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/09/loans.csv
    /// ```
    ///
    /// ```yaml before
    /// kind: data-schema
    /// mlSpecVersion: 0.2.0
    /// id: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a05
    /// name: loans
    /// version: 1.0.0
    /// fields: [{name: income, type: number}]
    /// ```
    /// ```yaml after
    /// kind: data-schema
    /// mlSpecVersion: 0.2.0
    /// id: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a05
    /// name: loans
    /// version: 1.0.0
    /// fields: [{name: income, type: string}]
    /// ```
    ///
    /// ```yaml before
    /// kind: model
    /// mlSpecVersion: 0.2.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// version: 2.1.0
    /// license: Apache-2.0
    /// author: {name: Jane Meyer, email: jane@contoso.com}
    /// framework: {name: lightgbm, version: "4.3.0"}
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// purpose: binary_classification
    /// ```
    /// ```yaml after
    /// kind: model
    /// mlSpecVersion: 0.2.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// version: 2.1.0
    /// license: Apache-2.0
    /// author: {name: Jane Meyer, email: jane@contoso.com}
    /// framework: {name: lightgbm, version: "4.3.0"}
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// purpose: multiclass_classification
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 2.0.0
    /// location: s3://credit-default/2026/09/loans.csv
    /// ```
    pub DEFINITION_CHANGED = {
        id: "history/definition-changed",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “Any changes to definition will necessitate the creation of a new version.”",
        kinds: [Dataset, DataSchema, Transformation, Model],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let own = compared.linked.own;
    // Whatever changes in an archived version is another finding.
    let is_frozen = |old: &Member| old.is_archived() && own.is_archived();
    let Some(old) = compared.changed().filter(|old| is_same_version(own, old) && !is_frozen(old)) else { return };
    let changes = match cx.kind {
        Kind::Dataset => of_dataset(cx, compared, old),
        Kind::Model if compared.linked.own.is_model_version() => of_model(cx, compared, old),
        Kind::Model => return,
        kind => of_fields(cx, compared, old, kind),
    };
    for (what, difference) in changes {
        let version = own.version().map_or_else(String::new, |version| format!(", but the version is still {version}"));
        let message = format!("the {what} changed{version}");
        let finding = compared.at(&DEFINITION_CHANGED, cx, difference, message);
        out.push(finding.help(format!("give the {} a new version, or restore what it was", cx.kind.name())));
    }
}

type Change = (&'static str, Difference);

fn of_dataset(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, old: &Member) -> Vec<Change> {
    let location = compared.difference(cx, "location").filter(|found| !matches!(found, Difference::Added(_)));
    let digest = compared.difference(cx, "digest").filter(|found| !matches!(found, Difference::Added(_)));
    let changes = [("location", location), ("digest", digest), ("filter of a view", view(cx, compared, old))];
    changes.into_iter().filter_map(|(what, difference)| Some((what, difference?))).collect()
}

/// What makes a version of a model the one that it is. That a version is of other bytes, another run or for another purpose is no version.
const OF_A_MODEL: &[(&str, &[&str])] = &[
    ("purpose", &["purpose"]),
    ("framework", &["framework", "name"]),
    ("version of the framework", &["framework", "version"]),
    ("schema of the features", &["score", "model_features_schema_source"]),
    ("inputs", &["convert", "tf_inputs"]),
    ("outputs", &["convert", "tf_outputs"]),
    ("run", &["run"]),
    ("digest of the model", &["modelDigest"]),
];

/// Returns the differences in what defines a version of a model. What it did not say before is no change.
fn of_model(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, old: &Member) -> Vec<Change> {
    let changed = OF_A_MODEL.iter().filter_map(|(what, path)| {
        let before = old.tree.find(old.root, path).filter(|node| !old.tree.is_null(*node))?;
        let name = path.last()?;
        let difference = match cx.tree.find(cx.root, path) {
            Some(now) => compared.difference_of(name, (cx.tree, now), (&old.tree, before), &|_| true),
            None => Some(Difference::Removed { within: cx.root, before }),
        };
        Some((*what, difference?))
    });
    changed.collect()
}

/// What a field of a data schema says to people, or about how finished it is.
const NO_DEMAND: &[&str] = &["description", "example", "lifecycleStage", "title"];

/// Returns the differences in the fields that define a data schema or a transformation.
fn of_fields(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, old: &Member, kind: Kind) -> Vec<Change> {
    let (defining, is_record): (&[&str], bool) = match kind {
        Kind::DataSchema => {
            (&["dataset", "environments", "fields", "fieldsMatch", "missingValues", "primaryKey", "rows"], false)
        }
        _ => (&["digest", "fittedOn", "fittedOnDigest", "inputs", "outputDigest", "schema", "steps"], true),
    };
    let has_said = |name: &str| !is_record || old.has(name);
    let is_meant = |name: &str| !name.starts_with("x-") && (is_record || !NO_DEMAND.contains(&name));
    let meant = defining.iter().filter(|name| has_said(name));
    meant.filter_map(|name| Some((*name, compared.difference_in(cx, name, &is_meant)?))).collect()
}

/// Returns the first difference in the views that both have.
fn view(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, old: &Member) -> Option<Difference> {
    fn views(tree: &Tree, root: NodeId) -> &[NodeId] {
        field(tree, root, "views").map_or(&[], |views| tree.items(tree.resolve(views)))
    }
    let name = |tree: &Tree, view| field(tree, view, "name").and_then(|name| tree.text(name).map(str::to_owned));
    let before: rustc_hash::FxHashMap<String, NodeId> = views(&old.tree, old.root)
        .iter()
        .filter_map(|view| Some((name(&old.tree, *view)?, field(&old.tree, *view, "filter")?)))
        .collect();
    views(cx.tree, cx.root).iter().find_map(|view| {
        let before = *before.get(&name(cx.tree, *view)?)?;
        match field(cx.tree, *view, "filter") {
            Some(now) => compared.difference_of("filter", (cx.tree, now), (&old.tree, before), &|_| true),
            None => Some(Difference::Removed { within: *view, before }),
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    const DATASET: &str = "\
kind: dataset
mlSpecVersion: 0.1.0
id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
name: loans
state: Active
version: 1.0.0
location: {DataStore: lake, RelativePath: loans.csv}
views:
  - {name: small, filter: amount < 1000}
  - {name: large, filter: amount > 1000}
";

    #[test]
    fn what_defines_schemas_and_transformations_stays() {
        let schema = "kind: data-schema\nmlSpecVersion: 0.2.0\nid: s-1\nname: clients\nversion: 1.0.0\nrows: {minimum: 10}\nfields:\n\
                      - {name: age, type: integer, title: Age, constraints: {minimum: 18}}\n- {name: sex, type: string}\n";
        let transformation = "kind: transformation\nmlSpecVersion: 0.2.0\nid: t-1\nname: features\nversion: 1.0.0\ninputs: [clients]\n\
                              fittedOn: clients\nsteps:\n- {field: age, method: hash, output: age_id, buckets: 10}\n";
        for (text, from, to, found) in [
            (schema, "type: integer", "type: number", Some("type")),
            (schema, "- {name: sex, type: string}\n", "", Some("fields")),
            (schema, "minimum: 18", "minimum: 21", Some("minimum")),
            (schema, "rows: {minimum: 10}\n", "", Some("kind")),
            (schema, "rows", "fieldsMatch: exact\nrows", Some("fieldsMatch")),
            (schema, "title: Age", "title: Years, example: 34, lifecycleStage: BETA", None),
            (schema, "name: clients", "name: clients\ndescription: Who has a card", None),
            (schema, "type: integer", "'type': \"integer\"", None),
            (transformation, "buckets: 10", "buckets: 20", Some("buckets")),
            (transformation, "fittedOn: clients", "fittedOn: others", Some("fittedOn")),
            (transformation, "steps", "digest: sha256:ab\nsteps", None),
            (transformation, "fittedOn: clients\n", "", Some("kind")),
            (schema, "type: string", "type: string, categories: []", Some("categories")),
        ] {
            let expected: Vec<_> = found.map(|place| ("history/definition-changed", place)).into_iter().collect();
            let changed = text.replace(from, to);
            assert_ne!(text, changed);
            assert_changes(text, &changed, &expected);
            let newer = changed.replace("version: 1.0.0", "version: 1.1.0");
            assert_changes(text, &newer, &[]);
        }
    }

    #[test]
    fn what_defines_a_version_of_a_model_stays() {
        let base = include_str!("../bases/credit-model.yml");
        let text = format!(
            "{base}purpose: binary_classification\nrun: r-1\nmodelDigest: sha256:{}\nconvert: {{tf_inputs: {{f: [1, 23]}}}}\n",
            "a".repeat(64)
        );
        let digest = format!("modelDigest: sha256:{}", "a".repeat(64));
        for (from, to, found) in [
            ("binary", "multiclass", Some("purpose")),
            ("[1, 23]", "[1, 24]", Some("24")),
            ("run: r-1", "run: r-2", Some("run")),
            ("run: r-1\n", "", Some("mlSpecVersion")),
            ("name: lightgbm", "name: onnx", Some("name")),
            ("4.3.0", "4.4.0", Some("version")),
            (&digest, &digest.replace('a', "b").replace("shb", "sha"), Some("modelDigest")),
            (&digest, &format!("modelDigest: sha256:{}", "A".repeat(64)), None),
            ("purpose", "description: Who will default\npurpose", None),
            ("purpose", "composition: [other@1.0.0]\npurpose", None),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(text, changed, "{from}");
            let expected: Vec<_> = found.map(|place| (super::DEFINITION_CHANGED.id, place)).into_iter().collect();
            assert_changes(&text, &changed, &expected);
        }
        assert_changes(base, &text, &[]);
    }

    #[test]
    fn the_same_written_otherwise_is_no_change() {
        let digest = |digit: &str| format!("{DATASET}digest: sha256:{}\n", digit.repeat(64));
        let id = "9c858901-8a57-4791-81fe-4c455b099bc9";
        let store = format!(
            "---\nkind: datastore\nmlSpecVersion: 0.1.0\nid: {id}\nname: lake\ntype: s3\nstatus: Active\nbucket: b\n"
        );
        let other = store.replace(id, "8c858901-8a57-4791-81fe-4c455b099bc9").replace("lake", "pond");
        let beside =
            |reference: &str| DATASET.replace("DataStore: lake", &format!("DataStore: {reference}")) + &store + &other;
        let schema = |categories: &str| {
            format!(
                "kind: data-schema\nmlSpecVersion: 0.2.0\nid: s-1\nname: clients\nversion: 1.0.0\nmissingValues: [NA, '']\nfields:\n\
                 - {{name: purpose, type: string, categories: {categories}}}\n"
            )
        };
        for (before, now, found) in [
            (digest("a"), digest("A"), None),
            (digest("a"), DATASET.to_owned(), Some("kind")),
            (digest("a"), format!("{DATASET}digest: ~\n"), Some("digest")),
            (format!("{DATASET}digest: ~\n"), digest("a"), None),
            (format!("{DATASET}digest: ~\n"), DATASET.to_owned(), None),
            (beside("lake"), beside(id), None),
            (beside("lake"), beside("Lake"), None),
            (beside("lake"), beside("pond"), Some("DataStore")),
            (beside("lake"), beside("8c858901-8a57-4791-81fe-4c455b099bc9"), Some("DataStore")),
            (schema("[car, home]"), schema("[home, car]"), None),
            (schema("[car, home]"), schema("[home, boat]"), Some("home")),
            (schema("[1, car]"), schema("['1', car]"), Some("'1'")),
            (DATASET.to_owned(), DATASET.replace(", filter: amount < 1000", ""), Some("name")),
        ] {
            let expected: Vec<_> = found.map(|place| (super::DEFINITION_CHANGED.id, place)).into_iter().collect();
            assert_changes(&before, &now, &expected);
        }
    }

    #[test]
    fn the_smallest_part_that_changed_is_pointed_at() {
        let digest = |digit: &str| format!("{DATASET}digest: sha256:{}\n", digit.repeat(64));
        for (before, now, found) in [
            (DATASET.to_owned(), DATASET.replace("loans.csv", "cards.csv"), &["RelativePath"][..]),
            (DATASET.to_owned(), DATASET.replace("amount > 1000", "amount > 2000"), &["filter"]),
            (digest("a"), digest("b"), &["digest"]),
            (DATASET.to_owned(), digest("a"), &[]),
            (
                DATASET.to_owned(),
                DATASET.replace(
                    "{DataStore: lake, RelativePath: loans.csv}",
                    "\n  RelativePath: 'loans.csv'\n  DataStore: lake",
                ),
                &[],
            ),
            (DATASET.to_owned(), DATASET.replace("loans.csv", "cards.csv").replace("1.0.0", "1.1.0"), &[]),
            (DATASET.to_owned(), DATASET.replace("name: small", "name: tiny"), &[]),
        ] {
            let expected: Vec<_> = found.iter().map(|place| ("history/definition-changed", *place)).collect();
            assert_changes(&before, &now, &expected);
        }
    }
}
