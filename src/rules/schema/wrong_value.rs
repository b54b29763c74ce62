//! What is wrong with a value (its type, its form, its bounds), and how to fix it.

use serde_json::{Value, json};

use super::{Wording, habits};
use crate::diagnostics::{Finding, Fix, Part, Place, Severity};
use crate::documents::Kind;
use crate::rules::document::{
    empty_string, invalid_format, missing_required, not_allowed_value, numeric_version, single_for_list,
    unsupported_version, wrong_type,
};
use crate::rules::expression::split_by_yaml;
use crate::rules::model::platforms_as_string;
use crate::rules::naming::name_characters;
use crate::rules::run::metric_value_mismatch;
use crate::rules::{self, Check, Rule};
use crate::schema::{self, Constraint, RULE, SchemaDemand, ValueType};
use crate::yaml::{self, NodeId, ScalarType, edit};

impl Wording<'_> {
    pub(super) fn wrong_type(&self, node: NodeId, expected: &[ValueType], constraint: &Constraint<'_>) -> Finding {
        let rule = Self::rule(constraint, &wrong_type::WRONG_TYPE);
        let key = self.key(node);
        if self.tree.is_null(node) {
            let by_keyword =
                *rule == wrong_type::WRONG_TYPE || constraint.schema.get(RULE).is_some_and(Value::is_object);
            let rule = if by_keyword { &missing_required::MISSING_REQUIRED } else { rule };
            let message = match self.tree.key_of(node) {
                Some(_) => format!("required field '{key}' has no value"),
                None => "an item of the list has no value".to_owned(),
            };
            return Finding::new(rule, self.place(node, Part::Key), message);
        }
        let got = yaml::type_name(self.tree, node);
        let place = self.place(node, Part::Value);
        if expected == [ValueType::Array] && *rule != metric_value_mismatch::METRIC_VALUE_MISMATCH {
            return self.not_a_list(node, got, place, constraint);
        }
        let wanted = expected.iter().map(|kind| word(*kind)).collect::<Vec<_>>().join(" or ");
        let is_number = matches!(self.tree.scalar_type(node), Some(ScalarType::Integer | ScalarType::Float));
        if *rule == numeric_version::NUMERIC_VERSION {
            return match is_number {
                true => Finding::new(rule, place, self.numeric_version(node)).fix(self.quote(node, constraint.schema)),
                false => Finding::new(&wrong_type::WRONG_TYPE, place, format!("'{key}' is {got}, expected {wanted}")),
            };
        }
        let rule = if *rule == split_by_yaml::SPLIT_BY_YAML {
            if let Some(message) = split_by_yaml::message(self.tree, node) {
                return Finding::new(rule, place, message).help("write a comma in place of ':', or quote all of it");
            }
            &wrong_type::WRONG_TYPE
        } else {
            rule
        };
        if let Some(finding) = habits::string_for_mapping(self, node, expected, constraint.schema) {
            return finding;
        }
        if expected.contains(&ValueType::Number)
            && let Some(meant) = self.tree.string(node).and_then(habits::meant_number)
        {
            let message = format!("{} is a string; as a number it is {meant}", self.shown(node));
            let edits = edit::replace_with_literal(self.tree, node, &meant);
            let fix = edits.map(|edits| Fix::needs_review(format!("write {meant}"), edits));
            return Finding::new(rule, place, message).fix(fix);
        }
        if is_number && self.tree.number(node).is_none() {
            let message = format!("{} is not a number, although its tag says so", self.shown(node));
            return Finding::new(&wrong_type::WRONG_TYPE, place, message);
        }
        let named = match self.tree.key_of(node) {
            Some(_) => format!("'{key}'"),
            None => self.shown(node).to_string(),
        };
        let message = format!("{named} is {got}, expected {wanted}");
        let fix = self.cast(node, expected, constraint.schema);
        Finding::new(rule, place, message).fix(fix)
    }

    /// Explains what a version becomes that is read as a number: `1.10` and `1.1` are the same.
    fn numeric_version(&self, node: NodeId) -> String {
        let text = self.tree.text(node).unwrap_or("");
        match numeric_version::misread(self.tree, node) {
            Some(read) => format!("version {text} is a YAML number, and reads as {read}"),
            None => format!("version {text} is a YAML number; a version is text"),
        }
    }

    fn not_a_list(&self, node: NodeId, got: &str, place: Place, constraint: &Constraint<'_>) -> Finding {
        let key = self.key(node);
        if let Some(rule) = Some(Self::rule(constraint, &wrong_type::WRONG_TYPE))
            .filter(|rule| **rule == platforms_as_string::PLATFORMS_AS_STRING && self.tree.string(node).is_some())
        {
            let edits = edit::split_into_list(self.tree, node);
            let fix = edits.map(|edits| Fix::safe("split the string into a list", edits));
            return Finding::new(rule, place, format!("'{key}' is {got}; use a list")).fix(fix);
        }
        let items = constraint.schema.get("items");
        let holds_objects = items.is_some_and(|items| items.get("$ref").is_some());
        if self.tree.is_mapping(node) != holds_objects || !self.is_of_type(node, items) {
            return Finding::new(&wrong_type::WRONG_TYPE, place, format!("'{key}' is {got}, expected a list"));
        }
        let fix = edit::wrap_in_list(self.tree, node).map(|edits| Fix::safe("make it the only item of a list", edits));
        let message = format!(
            "'{key}' holds {} where a list is expected",
            if holds_objects { "one mapping" } else { "one value" }
        );
        Finding::new(&single_for_list::SINGLE_FOR_LIST, place, message).fix(fix)
    }

    /// Returns whether a value has the type of these items, so that it may be meant as one of them.
    fn is_of_type(&self, node: NodeId, items: Option<&Value>) -> bool {
        let Some(types) = items.and_then(|items| items.get("type")) else { return true };
        let of_its_type = match self.tree.scalar_type(node) {
            Some(ScalarType::Integer) => json!(0),
            Some(ScalarType::Float) => json!(0.5),
            Some(ScalarType::Bool) => json!(true),
            Some(_) => json!(""),
            None => json!({}),
        };
        schema::allows(&json!({"type": types}), &of_its_type)
    }

    /// Creates a fix that keeps the value and changes its notation, if the other type can hold it.
    fn cast(&self, node: NodeId, expected: &[ValueType], schema: &Value) -> Option<Fix> {
        if expected == [ValueType::String] {
            return self.quote(node, schema);
        }
        let text = self.tree.string(node)?;
        let fits = match yaml::plain_type(text) {
            ScalarType::Bool => expected.contains(&ValueType::Boolean),
            ScalarType::Integer => expected.contains(&ValueType::Integer) || expected.contains(&ValueType::Number),
            ScalarType::Float => expected.contains(&ValueType::Number),
            _ => false,
        };
        let edits = fits.then(|| edit::replace_with_literal(self.tree, node, text)).flatten()?;
        let value: Value = serde_json::from_str(text).ok()?;
        schema::allows(schema, &value).then(|| Fix::safe("write it without quotes", edits))
    }

    fn quote(&self, node: NodeId, schema: &Value) -> Option<Fix> {
        if !matches!(self.tree.scalar_type(node), Some(ScalarType::Integer | ScalarType::Float | ScalarType::Bool)) {
            return None;
        }
        let text = self.tree.text(node)?;
        if schema::allows(schema, &Value::from(text)) {
            let edits = edit::quote(self.tree, node)?;
            // Who reads 1.10 as a number has read 1.1 so far.
            return Some(match numeric_version::misread(self.tree, node) {
                Some(_) => Fix::needs_review("quote it", edits),
                None => Fix::safe("quote it", edits),
            });
        }
        // `0.1` most likely stands for 0.1.0, and `1` for 1.0.0.
        let fits = |version: &String| schema::allows(schema, &Value::from(version.as_str()));
        let version = [format!("{text}.0"), format!("{text}.0.0")].into_iter().find(fits)?;
        let edits = edit::replace_scalar(self.tree, self.tree.resolve(node), &version)?;
        Some(Fix::needs_review(format!("write it as '{version}'"), edits))
    }

    pub(super) fn not_allowed(&self, node: NodeId, options: &Value, constraint: &Constraint<'_>) -> Finding {
        let rule = Self::rule(constraint, &not_allowed_value::NOT_ALLOWED_VALUE);
        let names: Vec<&str> =
            options.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_str).collect();
        let offered = without_case_duplicates(&names);
        let message = format!("{} is not one of {}", self.shown(node), offered.join(", "));
        let finding = Finding::new(rule, self.place(node, Part::Value), message);
        let Some(text) = self.tree.string(node) else { return finding };
        let alias = constraint
            .schema
            .get("x-mlspec-aliases")
            .and_then(|aliases| aliases.get(text.to_ascii_uppercase()))
            .and_then(Value::as_str);
        let same = alias.or_else(|| offered.iter().copied().find(|name| name.eq_ignore_ascii_case(text)));
        if let Some(canonical) = same {
            let edits = edit::replace_scalar(self.tree, self.tree.resolve(node), canonical);
            return finding.fix(edits.map(|edits| Fix::safe(format!("use '{canonical}'"), edits)));
        }
        match crate::text::nearest(text, offered) {
            Some(near) => finding.help(format!("did you mean '{near}'?")),
            None => finding,
        }
    }

    pub(super) fn empty(&self, node: NodeId, constraint: &Constraint<'_>) -> Finding {
        let types = constraint.schema.get("type").and_then(Value::as_array);
        let is_optional = types.is_some_and(|types| types.iter().any(|name| name == "null"));
        if let (true, Some(entry)) = (is_optional, self.tree.entry_of(node)) {
            return empty_string::finding(self.tree, self.kind, self.place(node, Part::Value), entry);
        }
        // What has no text has no wrong form.
        let rule = match constraint.schema.get(RULE) {
            Some(Value::Object(rules)) => rules.get("minLength").and_then(Value::as_str).and_then(rules::by_id),
            _ => constraint.rule.and_then(rules::by_id),
        };
        let rule = rule.unwrap_or(&missing_required::MISSING_REQUIRED);
        let message = match self.tree.key_of(node) {
            Some(key) => format!("'{}' is empty, but needs a value", self.tree.key_name(key)),
            None => "an item of the list is empty, but needs a value".to_owned(),
        };
        Finding::new(rule, self.place(node, Part::Value), message)
    }

    pub(super) fn pattern(&self, node: NodeId, constraint: &Constraint<'_>) -> Finding {
        let rule = Self::rule(constraint, &invalid_format::INVALID_FORMAT);
        let what =
            constraint.schema.get("patternErrorMessage").and_then(Value::as_str).unwrap_or("not of the expected form");
        let message = format!("{} is {what}", self.shown(node));
        let finding = Finding::new(rule, self.place(node, Part::Value), message).fix(self.rule_fix(
            rule,
            node,
            constraint.schema,
        ));
        if *rule == name_characters::NAME_CHARACTERS && self.kind == Kind::Model {
            return finding
                .severity(Severity::Warning)
                .help("a model is identified by model_identifier; its name is for people");
        }
        finding
    }

    /// Creates the fix that the rule itself provides for a value, if the field accepts the result.
    fn rule_fix(&self, rule: &Rule, node: NodeId, schema: &Value) -> Option<Fix> {
        let node = self.tree.resolve(node);
        let (text, applicability) = match rule.check {
            _ if *rule == unsupported_version::UNSUPPORTED_VERSION => {
                unsupported_version::newer(self.tree.string(node)?, self.kind)?
            }
            Check::Schema(Some(mend)) => mend(self.tree.string(node)?)?,
            _ => return None,
        };
        if !schema::allows(schema, &Value::from(text.as_str())) {
            return None;
        }
        let edits = edit::replace_scalar(self.tree, node, &text)?;
        Some(Fix { title: format!("use '{text}'"), applicability, edits })
    }

    pub(super) fn too_long(&self, node: NodeId, limit: u64, constraint: &Constraint<'_>) -> Finding {
        let rule = Self::rule(constraint, &not_allowed_value::NOT_ALLOWED_VALUE);
        let length = self.tree.text(node).map_or(0, |text| text.chars().count());
        let message = format!("{} has {length} characters; the limit is {limit}", self.key(node));
        Finding::new(rule, self.place(node, Part::Value), message)
    }

    pub(super) fn out_of_bounds(&self, node: NodeId, demand: &SchemaDemand, constraint: &Constraint<'_>) -> Finding {
        let rule = Self::rule(constraint, &not_allowed_value::NOT_ALLOWED_VALUE);
        let key = self.key(node);
        let message = match demand {
            SchemaDemand::Minimum(limit) => format!("{key} {} is below {limit}", self.shown(node)),
            SchemaDemand::Maximum(limit) => format!("{key} {} is above {limit}", self.shown(node)),
            SchemaDemand::Above(limit) => {
                format!("{key} {} must be above {limit}", self.shown(node))
            }
            SchemaDemand::Below(limit) => {
                format!("{key} {} must be below {limit}", self.shown(node))
            }
            SchemaDemand::MinItems(1) => format!("'{key}' is an empty list, but needs an item"),
            SchemaDemand::MinItems(limit) => format!("'{key}' needs at least {limit} items"),
            SchemaDemand::MaxItems(limit) => format!("'{key}' takes at most {limit} items"),
            SchemaDemand::MinEntries(limit) => format!("'{key}' needs at least {limit} entries"),
            SchemaDemand::DistinctItems => format!("'{key}' lists a value twice"),
            SchemaDemand::Constant(expected_value) => format!("'{key}' must be {expected_value}"),
            _ => format!("{} is not allowed for '{key}'", self.shown(node)),
        };
        Finding::new(rule, self.place(node, Part::Value), message)
    }
}

fn word(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Array => "a list",
        ValueType::Boolean => "true or false",
        ValueType::Integer => "a whole number",
        ValueType::Null => "null",
        ValueType::Number => "a number",
        ValueType::Object => "a mapping",
        ValueType::String => "a string",
    }
}

/// Returns the values without those that differ from an earlier one only in case.
fn without_case_duplicates<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    for name in names {
        if !kept.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            kept.push(name);
        }
    }
    kept
}
