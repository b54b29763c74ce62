//! The most likely meaning of unknown keys.

use serde_json::Value;

use super::{Wording, habits};
use crate::diagnostics::{Finding, Fix, Part, Severity};
use crate::documents::newer::NEWEST;
use crate::documents::spelling::{self, MISSPELT};
use crate::rules::document::{duplicate_key, field_spelling, misplaced_field, misspelt_in_spec, unknown_field};
use crate::rules::inference::latency_negative_or_unitless;
use crate::yaml::{Entry, NodeId, edit};

/// Keys that the specification also shows in another mapping: (key, mapping it was found in, where it belongs).
const MISPLACED: &[(&str, &str, &str)] = &[
    ("onnx_model", "model_source", "convert.onnx_converted_model"),
    ("onnx_model_local", "model_source", "convert.onnx_converted_model"),
    ("name", "command", "execution.compute_configuration"),
    ("nodes", "command", "execution.compute_configuration"),
];

/// Names that related tools use for a field: (key, its name here, another field of the same mapping).
const CALLED_OTHERWISE: &[(&str, &str, &str)] = &[
    ("name", "key", "value"),
    ("metric", "key", "value"),
    ("train", "training", "holdback"),
    ("val", "validation", "holdback"),
    ("valid", "validation", "holdback"),
    ("dev", "validation", "holdback"),
    ("eval", "validation", "holdback"),
    ("holdout", "holdback", "training"),
    ("debug", "debugging", "holdback"),
];

/// Keys of a latency without a unit; the specification uses them along with `requestLatencyMs`.
const UNITLESS: &[&str] = &["requestLatency", "inferenceLatency"];

/// Returns the properties that an object schema names, without those that it accepts but does not suggest, and those that the document is
/// too old for.
pub(super) fn offered<'s>(wording: &Wording<'_>, schema: &'s Value) -> Vec<&'s str> {
    let Some(Value::Object(properties)) = schema.get("properties") else { return Vec::new() };
    properties
        .iter()
        .filter(|(_, property)| property.get("doNotSuggest").is_none() && wording.has_field(property))
        .map(|(name, _)| name.as_str())
        .collect()
}

/// Returns the key that an unknown one most likely means.
pub(super) fn meant<'s>(key: &str, known: &[&'s str]) -> Option<&'s str> {
    stands_for(key, known)
        .or_else(|| called_otherwise(key, known))
        .or_else(|| crate::text::nearest(key, known.iter().copied()))
}

/// Returns the name of another tool's key here.
fn called_otherwise<'s>(key: &str, known: &[&'s str]) -> Option<&'s str> {
    let find = |name: &str| known.iter().copied().find(|known| *known == name);
    let fits = CALLED_OTHERWISE.iter().filter(|(other, _, beside)| *other == key && find(beside).is_some());
    fits.filter_map(|(_, own, _)| find(own)).next()
}

/// Returns the key that another one is a spelling of.
fn stands_for<'s>(key: &str, known: &[&'s str]) -> Option<&'s str> {
    let find = |name: &str| known.iter().copied().find(|known| *known == name);
    let misspelt = || MISSPELT.iter().filter(|(wrong, _)| *wrong == key).find_map(|(_, canonical)| find(canonical));
    misspelt().or_else(|| known.iter().copied().find(|known| spelling::same_words(known, key)))
}

/// Returns the finding for a key that is another spelling of a field. `None` if the schema accepts that spelling, too.
pub(super) fn spelling(wording: &Wording<'_>, key: NodeId, canonical: &str) -> Option<Finding> {
    let name = wording.tree.key_name(key);
    let is_accepted = wording.tree.parent(key) == Some(wording.tree.resolve(wording.root))
        && wording.schema["properties"].get(name).is_some();
    (!is_accepted).then(|| spelt_otherwise(wording, key, canonical, true))
}

/// Returns the finding for another spelling of a field. If the mapping already has the field, there is no fix.
fn spelt_otherwise(wording: &Wording<'_>, key: NodeId, canonical: &str, is_free: bool) -> Finding {
    let tree = wording.tree;
    let name = tree.key_name(key);
    let place = wording.place(tree.entry_of(key).map_or(key, |entry| entry.value), Part::Key);
    let title = format!("rename '{name}' to '{canonical}'");
    let edits = if is_free { edit::rename_key(tree, key, canonical) } else { None };
    if UNITLESS.contains(&name) {
        let message = format!("'{name}' does not say its unit; use '{canonical}', in milliseconds");
        let rule = &latency_negative_or_unitless::LATENCY_NEGATIVE_OR_UNITLESS;
        let fix = edits.map(|edits| Fix::needs_review(title, edits));
        return Finding::new(rule, place, message).severity(Severity::Warning).fix(fix);
    }
    let fix = edits.map(|edits| Fix::safe(title, edits));
    if MISSPELT.contains(&(name, canonical)) {
        let message = format!("'{name}' is a spelling from the text of the specification; use '{canonical}'");
        return Finding::new(&misspelt_in_spec::MISSPELT_IN_SPEC, place, message).fix(fix);
    }
    let message = format!("'{name}' is written '{canonical}' in this kind of document");
    Finding::new(&field_spelling::FIELD_SPELLING, place, message).fix(fix)
}

/// Returns the finding for a field that a mapping has in two spellings, both of which the schema accepts. It points at the later one.
pub(super) fn synonym_given_twice(wording: &Wording<'_>, mapping: NodeId, spellings: &[String]) -> Option<Finding> {
    let given = spellings.iter().filter_map(|name| Some((wording.tree.get(mapping, name)?.key, name.as_str())));
    let mut given: Vec<_> = given.collect();
    given.sort_by_key(|(key, _)| wording.tree.span(*key).start);
    match given[..] {
        [(first, name), (again, _), ..] => Some(given_twice(wording, again, first, name)),
        _ => None,
    }
}

/// Returns the finding for a field that its mapping also has in another spelling: a reader of either takes one value and never sees the
/// other.
fn given_twice(wording: &Wording<'_>, again: NodeId, first: NodeId, canonical: &str) -> Finding {
    let tree = wording.tree;
    let place = wording.place(tree.entry_of(again).map_or(again, |entry| entry.value), Part::Key);
    let message = format!("'{}' is another spelling of '{canonical}', which is given, too", tree.key_name(again));
    Finding::new(&duplicate_key::DUPLICATE_KEY, place, message)
        .related(tree.span(first), "also given here")
        .help("remove one of them")
}

/// Fields that most objects have. If the document has one, too, that does not mean that this one is misplaced.
const OF_ANY_OBJECT: &[&str] = &[
    "description",
    "digest",
    "id",
    "kind",
    "mlSpecVersion",
    "name",
    "properties",
    "status",
    "tags",
    "type",
    "version",
];

/// Returns the only field of an object whose own mapping has a field of this name.
fn field_that_holds<'s>(wording: &Wording<'_>, schema: &'s Value, key: &str) -> Option<&'s str> {
    let properties = schema.get("properties")?.as_object()?;
    let holds = |property: &Value| {
        let own = habits::resolved(wording.schema, property).get("properties").and_then(|own| own.get(key));
        wording.has_field(property) && own.is_some_and(|own| wording.has_field(own))
    };
    let mut fields = properties.iter().filter(|(_, property)| holds(property)).map(|(name, _)| name.as_str());
    let first = fields.next()?;
    fields.next().is_none().then_some(first)
}

/// Returns the finding for a key that its object's schema does not name, or names only for a later version of the specification.
pub(super) fn finding(wording: &Wording<'_>, mapping: NodeId, entry: Entry, schema: &Value) -> Finding {
    let finding = of_unknown(wording, mapping, entry, schema);
    if !wording.tree.is_no_field(entry.key) {
        return finding;
    }
    let finding = finding.help(format!("this field came with version {NEWEST} of the specification"));
    let version = wording.tree.get(wording.root, "mlSpecVersion").filter(|_| finding.fixes.is_empty());
    let may_fix = *finding.rule == *unknown_field::UNKNOWN_FIELD;
    let edits =
        version.filter(|_| may_fix).and_then(|version| edit::replace_scalar(wording.tree, version.value, NEWEST));
    finding.fix(edits.map(|edits| Fix::needs_review(format!("follow version {NEWEST}"), edits)))
}

fn of_unknown(wording: &Wording<'_>, mapping: NodeId, entry: Entry, schema: &Value) -> Finding {
    let tree = wording.tree;
    let key = tree.key_name(entry.key);
    let known = offered(wording, schema);
    if let Some(canonical) = stands_for(key, &known) {
        return match tree.get(mapping, canonical) {
            Some(other) if !UNITLESS.contains(&key) => given_twice(wording, entry.key, other.key, canonical),
            other => spelt_otherwise(wording, entry.key, canonical, other.is_none()),
        };
    }
    if let Some(finding) = habits::after_decimal_comma(wording, mapping, entry) {
        return finding;
    }
    let place = wording.place(entry.value, Part::Key);
    let rename = |canonical: &str| {
        let free = tree.get(mapping, canonical).is_none();
        free.then(|| edit::rename_key(tree, entry.key, canonical)).flatten()
    };
    let title = |canonical: &str| format!("rename '{key}' to '{canonical}'");
    let parent = tree.key_of(mapping).map_or("", |key| tree.key_name(key));
    if let Some((.., home)) = MISPLACED.iter().find(|(name, found_in, _)| *name == key && *found_in == parent) {
        return misplaced(key, parent, &format!("under {home}"), place);
    }
    let message = |suggestion: &str| format!("unknown field '{key}'{suggestion}");
    if let Some(own) = called_otherwise(key, &known)
        && let Some(edits) = rename(own)
    {
        let fix = Fix::needs_review(title(own), edits);
        return Finding::new(&unknown_field::UNKNOWN_FIELD, place, message(&format!("; here it is called '{own}'")))
            .fix(fix);
    }
    let near = crate::text::nearest(key, known.iter().copied());
    let is_one_typo = near.is_some_and(|near| strsim::osa_distance(key, near) <= 1);
    // A field that is missing here is meant, rather than one of another place.
    if let Some(near) = near.filter(|near| is_one_typo && tree.get(mapping, near).is_none()) {
        let fix = rename(near).map(|edits| Fix::needs_review(title(near), edits));
        return Finding::new(&unknown_field::UNKNOWN_FIELD, place, message(&format!("; did you mean '{near}'?")))
            .fix(fix);
    }
    // A field of a later version belongs here.
    if let Some(below) = field_that_holds(wording, schema, key).filter(|_| !tree.is_no_field(entry.key)) {
        if tree.resolve(mapping) == tree.resolve(wording.root) {
            let message = format!("'{key}' does not belong at the top level; it goes under {below}");
            return Finding::new(&misplaced_field::MISPLACED_FIELD, place, message);
        }
        return misplaced(key, if parent.is_empty() { "a list" } else { parent }, &format!("under {below}"), place);
    }
    if known.contains(&"DataStore") && ["id", "name"].contains(&key) {
        let message = format!("a datapath has no '{key}': it is a place, not an object");
        return Finding::new(&unknown_field::UNKNOWN_FIELD, place, message)
            .help("remove it, or describe the data as a dataset");
    }
    let is_of_any_object = OF_ANY_OBJECT.contains(&key);
    if mapping != wording.root && !is_of_any_object && offered(wording, wording.schema).contains(&key) {
        let parent = if parent.is_empty() { "a list" } else { parent };
        return misplaced(key, parent, "at the top level", place);
    }
    let beside = near.filter(|_| is_one_typo).and_then(|near| Some((near, tree.get(mapping, near)?)));
    if let Some((near, other)) = beside {
        return Finding::new(&unknown_field::UNKNOWN_FIELD, place, message(&format!(" beside '{near}'")))
            .related(tree.span(other.key), "the field that it is like")
            .help("remove one of them");
    }
    match near {
        Some(near) => Finding::new(&unknown_field::UNKNOWN_FIELD, place, message(&format!("; did you mean '{near}'?")))
            .severity(Severity::Warning),
        None => {
            let list = known.iter().take(12).copied().collect::<Vec<_>>().join(", ");
            let more = if known.len() > 12 { ", …" } else { "" };
            Finding::new(&unknown_field::UNKNOWN_FIELD, place, message(""))
                .severity(Severity::Warning)
                .help(format!("fields known here: {list}{more}; prefix a field of your own with 'x-'"))
        }
    }
}

fn misplaced(key: &str, parent: &str, home: &str, place: crate::diagnostics::Place) -> Finding {
    let message = format!("'{key}' does not belong in '{parent}'; it goes {home}");
    Finding::new(&misplaced_field::MISPLACED_FIELD, place, message)
}
