//! Rules about what a document refers to.

pub mod ambiguous_object;
pub mod artifact_run_unknown;
pub mod datapath_incomplete;
pub mod floating_module;
pub mod missing_file;
pub mod module_version_mismatch;
pub mod name_for_id;
pub mod path_escapes_workspace;
pub mod signature_mismatch;
pub mod unknown_container_store;
pub mod unknown_data_field;
pub mod unknown_data_store;
pub mod unknown_file_paths;
pub mod unknown_slice;
pub mod unresolved_object;
pub mod unused_store;

use rustc_hash::FxHashSet;

use crate::diagnostics::Fix;
use crate::documents::model::IDENTITY;
use crate::documents::pipeline::{Pipeline, Step};
use crate::documents::spelling::same_words;
use crate::rules::document::is_free;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, Rule};
use crate::secrets::values;
use crate::yaml::{NodeId, edit};

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &ambiguous_object::AMBIGUOUS_OBJECT,
    &artifact_run_unknown::ARTIFACT_RUN_UNKNOWN,
    &datapath_incomplete::DATAPATH_INCOMPLETE,
    &floating_module::FLOATING_MODULE,
    &missing_file::MISSING_FILE,
    &module_version_mismatch::MODULE_VERSION_MISMATCH,
    &name_for_id::NAME_FOR_ID,
    &path_escapes_workspace::PATH_ESCAPES_WORKSPACE,
    &signature_mismatch::SIGNATURE_MISMATCH,
    &unknown_container_store::UNKNOWN_CONTAINER_STORE,
    &unknown_data_field::UNKNOWN_DATA_FIELD,
    &unknown_data_store::UNKNOWN_DATA_STORE,
    &unknown_file_paths::UNKNOWN_FILE_PATHS,
    &unknown_slice::UNKNOWN_SLICE,
    &unresolved_object::UNRESOLVED_OBJECT,
    &unused_store::UNUSED_STORE,
];

/// Objects that a model package defines in a section at the top level, and refers to by name.
struct Namespace {
    /// The section that defines them.
    section: &'static [&'static str],
    /// The field that refers to one.
    field: &'static str,
}

const DATA_STORES: Namespace = Namespace { section: &["data_stores"], field: "data_store" };
const CONTAINER_STORES: Namespace = Namespace { section: &["container_stores"], field: "container_store" };
const FILE_PATHS: Namespace = Namespace { section: &["data_store_file_paths"], field: "data_store_file_paths" };

/// The definitions of a [`Namespace`] in a document.
struct Definitions<'a> {
    /// The names, and the node of each.
    names: Vec<(&'a str, NodeId)>,
    /// Whether every definition has a name that is readable and final: only then is any other name unknown.
    is_complete: bool,
}

impl Namespace {
    fn section_name(&self) -> &'static str {
        self.section.first().copied().unwrap_or_default()
    }

    fn definitions<'a>(&self, cx: &Context<'a>) -> Definitions<'a> {
        let mut found = Definitions { names: Vec::new(), is_complete: true };
        for entry in cx.tree.entries(cx.root) {
            if self.is_section(cx, entry.key) {
                found.add_list(cx, entry.value);
            }
            // The specification once nests a section in `convert`. Another rule reports that it is misplaced there.
            let nested = cx.tree.entries(entry.value).filter(|nested| self.is_section(cx, nested.key));
            for nested in nested.filter(|nested| cx.tree.is_sequence(nested.value)) {
                found.add_list(cx, nested.value);
            }
        }
        found
    }

    fn is_section(&self, cx: &Context<'_>, key: NodeId) -> bool {
        let name = cx.tree.field_name(key);
        self.section.iter().any(|section| same_words(section, name))
    }

    /// Returns the references to objects of this namespace anywhere in the document.
    fn references<'a>(&self, cx: &Context<'a>) -> impl Iterator<Item = (&'a str, NodeId)> {
        let (tree, field) = (cx.tree, self.field);
        values(tree, cx.document as usize).filter_map(move |node| {
            let entry = tree.entry_of(node).filter(|entry| entry.value == node && entry.is_live())?;
            let name = tree.string(node).filter(|_| same_words(tree.key_name(entry.key), field))?;
            Some((name, node))
        })
    }
}

impl<'a> Definitions<'a> {
    fn add_list(&mut self, cx: &Context<'a>, list: NodeId) {
        let single = [list];
        let items = match cx.tree.items(list) {
            [] if cx.tree.is_mapping(list) => &single,
            items => items,
        };
        self.is_complete &= !items.is_empty() || cx.tree.is_null(list) || cx.tree.is_sequence(list);
        for item in items {
            let name = cx.tree.get(*item, "name");
            let name = name.and_then(|entry| Some((cx.tree.string(entry.value)?, entry.value)));
            match name.filter(|(name, _)| !is_given_later(name)) {
                Some(name) => self.names.push(name),
                None => self.is_complete = false,
            }
        }
    }

    /// Returns the only name that is a few edits away, if there are few enough names to compare.
    fn nearest(&self, wrong: &str) -> Option<&'a str> {
        const MOST_COMPARED: usize = 100;
        const LONGEST_COMPARED: usize = 255;
        if self.names.len() > MOST_COMPARED || wrong.len() > LONGEST_COMPARED {
            return None;
        }
        let names = || self.names.iter().map(|(name, _)| *name).filter(|name| name.len() <= LONGEST_COMPARED);
        let near = crate::text::nearest(wrong, names())?;
        let is_near = |name: &&str| strsim::osa_distance(wrong, name) <= 2;
        (is_near(&near) && names().filter(is_near).all(|name| name == near)).then_some(near)
    }

    /// Suggests what to do about a name that is not defined.
    fn advice(&self, section: &str) -> String {
        const MOST_SHOWN: usize = 8;
        if self.names.is_empty() {
            return format!("define it in {section}");
        }
        let shown: Vec<&str> = self.names.iter().take(MOST_SHOWN).map(|(name, _)| *name).collect();
        let more = if self.names.len() > MOST_SHOWN { ", …" } else { "" };
        format!("define it in {section}, or name one that is there: {}{more}", shown.join(", "))
    }
}

/// Reports the names that a model does not define. A file that holds only sections of a model may leave a whole section of definitions to
/// another file; if it has the section, everything that it refers to must be defined there.
fn check_names(namespace: &Namespace, rule: &'static Rule, cx: &Context<'_>, out: &mut Findings<'_>) {
    let definitions = namespace.definitions(cx);
    if !definitions.is_complete || (definitions.names.is_empty() && is_fragment(cx)) {
        return;
    }
    let known: FxHashSet<&str> = definitions.names.iter().map(|(name, _)| *name).collect();
    let section = namespace.section_name();
    for (name, node) in namespace.references(cx) {
        if known.contains(name) || is_given_later(name) || cx.is_faulty(node) || is_free(cx, node) {
            continue;
        }
        let message = format!("{} {} is not defined in {section}", namespace.field, cx.shown(node));
        let finding = cx.at_value(rule, node, message);
        out.push(match definitions.nearest(name) {
            Some(near) => {
                let edits = edit::replace_scalar(cx.tree, cx.tree.resolve(node), near);
                let fix = edits.map(|edits| Fix::needs_review(format!("use '{near}'"), edits));
                finding.help(format!("did you mean '{near}'?")).fix(fix)
            }
            None => finding.help(definitions.advice(section)),
        });
    }
}

/// Whether a model file holds only sections, and nothing about the model as a whole, so that other files hold the rest.
fn is_fragment(cx: &Context<'_>) -> bool {
    !cx.tree.entries(cx.root).any(|entry| IDENTITY.contains(&cx.tree.key_name(entry.key)))
}

/// Returns all steps of a pipeline, including those of complex steps.
fn steps(pipeline: &Pipeline) -> Vec<&Step> {
    let mut steps: Vec<&Step> = Vec::new();
    let mut graphs = vec![&pipeline.steps];
    while let Some(graph) = graphs.pop() {
        for (_, _, step) in graph.get().into_iter().flat_map(|steps| steps.iter()) {
            steps.push(step);
            graphs.push(&step.steps);
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    const HEAD: &str = "kind: model\nmlSpecVersion: 0.1.0\n";
    const WHOLE: &str = "name: a\nmodel_identifier: a\nlicense: Apache-2.0\nframework: {name: onnx}\n\
        labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}\n";
    const STORE: &str = "{name: lake, type: s3, connection: {endpoint: 'https://s3.example.com'}}";

    fn serve(store: &str) -> String {
        format!("serve:\n  model_source:\n    servable_model: {{data_store: {store}, bucket: credit, path: a/b}}\n")
    }

    #[test]
    fn a_file_of_sections_may_leave_its_stores_to_another_one() {
        assert_found(&format!("{HEAD}{}", serve("lake")), &[]);
        assert_found(&format!("{HEAD}{}data_stores:\n", serve("lake")), &[]);
        assert_found(
            &format!("{HEAD}{}data_stores: [{STORE}]\n", serve("warehouse")),
            &[("reference/unknown-data-store", "warehouse")],
        );
        assert_found(&format!("{HEAD}{WHOLE}{}", serve("lake")), &[("reference/unknown-data-store", "lake")]);
    }

    #[test]
    fn what_is_named_elsewhere_or_later_is_not_unknown() {
        for text in [
            format!("{HEAD}{}data_stores: [{STORE}]\n", serve("'${STORE}'")),
            format!("{HEAD}{}data_stores: [{STORE}, {{name: '{{{{ store }}}}'}}]\n", serve("warehouse")),
            format!("{HEAD}x-store: &store lake\n{}data_stores: [{STORE}]\n", serve("*store")),
            format!("{HEAD}{WHOLE}data_stores: &stores [{STORE}]\nx-same: *stores\n{}", serve("lake")),
        ] {
            assert_found(&text, &[]);
        }
    }

    #[test]
    fn a_misspelt_name_is_one_fault() {
        assert_found(
            &format!("{HEAD}{WHOLE}{}data_stores: [{STORE}]\n", serve("laek")),
            &[("reference/unknown-data-store", "laek")],
        );
    }

    #[test]
    fn that_a_trainable_model_lists_no_stores_is_one_fault() {
        let train = "train:\n  trainable: true\n  model_source:\n    initial_model: {data_store: lake, bucket: credit, path: a}\n";
        let found = crate::rules::testing::found(&format!("{HEAD}{WHOLE}{train}"));
        let about = |wanted: &str| found.iter().filter(|(rule, ..)| *rule == wanted).count();
        assert_eq!((about("model/trainable-data-stores"), about("reference/unknown-data-store")), (1, 0), "{found:#?}");
    }

    #[test]
    fn every_kind_of_store_can_be_unused() {
        let stores = "container_stores: [{name: hub, connection: {container_registry: docker.io}}]\n\
            data_store_file_paths: [{name: scoring, features: a.csv}]\n";
        assert_found(
            &format!("{HEAD}{WHOLE}{}data_stores: [{STORE}]\n{stores}", serve("lake")),
            &[("reference/unused-store", "hub"), ("reference/unused-store", "scoring")],
        );
        // If no section can use the stores, another file does.
        assert_found(&format!("{HEAD}{WHOLE}data_stores: [{STORE}]\n{stores}"), &[]);
    }

    #[test]
    fn steps_are_looked_at_on_every_level() {
        let inner = "      fit:\n        moduleName: fit-model\n        deps: [{path: ../loans.csv}]\n";
        let text = format!("kind: pipeline\nmlSpecVersion: 0.1.0\nname: a\nsteps:\n  outer:\n    steps:\n{inner}");
        assert_found(
            &text,
            &[("reference/floating-module", "fit-model"), ("reference/path-escapes-workspace", "../loans.csv")],
        );
    }
}
