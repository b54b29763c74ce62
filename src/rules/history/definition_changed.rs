//! `history/definition-changed`

use super::is_same_version;
use crate::documents::Kind;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::{Member, field};
use crate::yaml::{self, Difference, NodeId, Tree};

declare_rule! {
    /// A changed definition of a dataset, data schema or transformation must have a new version.
    ///
    /// `loans@1.0.0` is what a run says it was trained on. If the location, the digest or a filter behind that name changes, the run says
    /// something that is no longer true, and nobody can train the model again. A digest that was not given before says nothing else than
    /// before, and neither does another view.
    ///
    /// A data schema is defined by its fields and what else it demands of data, but not by titles, descriptions, examples and the stage of
    /// a field. A transformation is defined by its steps, its inputs and what it was fitted on. What it did not say before is no change.
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
        kinds: [Dataset, DataSchema, Transformation],
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
    let digest = compared.difference(cx, "digest").filter(|found| matches!(found, Difference::Changed { .. }));
    let changes = [("location", location), ("digest", digest), ("filter of a view", view(cx, old))];
    changes.into_iter().filter_map(|(what, difference)| Some((what, difference?))).collect()
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
fn view(cx: &Context<'_>, old: &Member) -> Option<Difference> {
    fn views(tree: &Tree, root: NodeId) -> &[NodeId] {
        field(tree, root, "views").map_or(&[], |views| tree.items(tree.resolve(views)))
    }
    let name = |tree: &Tree, view| field(tree, view, "name").and_then(|name| tree.text(name).map(str::to_owned));
    let before: rustc_hash::FxHashMap<String, NodeId> = views(&old.tree, old.root)
        .iter()
        .filter_map(|view| Some((name(&old.tree, *view)?, field(&old.tree, *view, "filter")?)))
        .collect();
    views(cx.tree, cx.root).iter().find_map(|view| {
        let before = before.get(&name(cx.tree, *view)?)?;
        yaml::difference((cx.tree, field(cx.tree, *view, "filter")?), (&old.tree, *before))
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
