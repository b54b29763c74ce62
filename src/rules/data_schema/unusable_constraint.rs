//! `data-schema/unusable-constraint`

use crate::documents::Document;
use crate::documents::data_schema::{DataField, ValueType};
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};
use crate::schema::is_regular_expression;

declare_rule! {
    /// A constraint of a field must be one that data can be checked against.
    ///
    /// A regular expression with an open parenthesis is refused by every reader, or matches nothing, and a `domain` without `categories` asks how
    /// often values are in a set that nobody names. A `minimum` says nothing about texts, and a `pattern` nothing about numbers. Whoever validates the
    /// data finds out, or does not, and takes it for checked.
    ///
    /// About numbers are `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum` and `finite`, and the limits `ks` and `wasserstein`; about texts
    /// `minLength`, `maxLength` and `pattern`, and the formats `uuid`, `email`, `uri` and `url`. Days and times may have a format of strptime, such as
    /// `%d/%m/%Y`.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: loan_id, type: string, role: id, constraints: {pattern: "^[A-Z]{2}([0-9]+$"}}
    /// ```
    ///
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: purpose, type: string, domain: {minimum: 0.99}}
    /// ```
    ///
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: purpose, type: string, constraints: {minimum: 1}}
    /// ```
    ///
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: opened, type: date, format: DD/MM/YYYY}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: loan_id, type: string, role: id, constraints: {pattern: "^[A-Z]{2}[0-9]+$"}}
    ///   - {name: purpose, type: string, categories: [car, house, other], domain: {minimum: 0.99}}
    /// ```
    pub UNUSABLE_CONSTRAINT = {
        id: "data-schema/unusable-constraint",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Typed(check),
    }
}

/// Longer expressions are not compiled: nobody reads them, and they may take long.
const LONGEST: usize = 1000;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::DataSchema(schema) = document else { return };
    for (_, field) in schema.fields.get().into_iter().flat_map(List::iter) {
        let pattern = field.constraints.get().and_then(|own| own.pattern.located());
        if let Some((pattern, node)) =
            pattern.filter(|(pattern, node)| !cx.is_faulty(*node) && pattern.len() <= LONGEST)
            && !is_regular_expression(pattern)
        {
            let message = format!("{} is no regular expression", cx.shown(node));
            out.push(cx.at_value(&UNUSABLE_CONSTRAINT, node, message));
        }
        let domain = field.domain.node().filter(|node| !cx.tree.is_null(*node) && field.categories.node().is_none());
        if let Some(node) = domain.filter(|_| cx.is_complete()) {
            let message = "this field has no 'categories' that its values could be among";
            out.push(cx.at_key(&UNUSABLE_CONSTRAINT, node, message));
        }
        if let Some(value_type) = field.value_type.get() {
            of_other_types(field, *value_type, cx, out);
        }
    }
}

/// Reports constraints that say nothing about values of the type.
fn of_other_types(field: &DataField, value_type: ValueType, cx: &Context<'_>, out: &mut Findings<'_>) {
    let constraints = field.constraints.get();
    let limits = [field.drift.get(), field.skew.get()];
    let of_numbers = constraints.into_iter().flat_map(|own| {
        [
            own.minimum.node(),
            own.maximum.node(),
            own.exclusive_minimum.node(),
            own.exclusive_maximum.node(),
            own.finite.node(),
        ]
    });
    let of_numbers =
        of_numbers.chain(limits.into_iter().flatten().flat_map(|own| [own.ks.node(), own.wasserstein.node()]));
    let of_texts =
        constraints.into_iter().flat_map(|own| [own.min_length.node(), own.max_length.node(), own.pattern.node()]);
    let is_number = matches!(value_type, ValueType::Number | ValueType::Integer);
    let is_text = value_type == ValueType::String;
    let numbers = of_numbers.flatten().filter(|_| !is_number).map(|node| (node, "numbers"));
    let texts = of_texts.flatten().filter(|_| !is_text).map(|node| (node, "texts"));
    for (node, subject) in numbers.chain(texts).filter(|(node, _)| !cx.tree.is_null(*node)) {
        let name = cx.tree.key_name(cx.tree.key_of(node).unwrap_or(node));
        let message = format!("'{name}' is about {subject}, and says nothing about {}", subject_of(value_type));
        out.push(cx.at_key(&UNUSABLE_CONSTRAINT, node, message).help("give the field the type of its values"));
    }
    let Some((format, node)) = field.format.located() else { return };
    let is_time = matches!(value_type, ValueType::Date | ValueType::Datetime | ValueType::Time);
    let is_of_texts = matches!(&**format, "uuid" | "email" | "uri" | "url");
    let message = if is_of_texts && !is_text {
        format!("the format {} is one of texts, and says nothing about {}", cx.shown(node), subject_of(value_type))
    } else if is_time && !format.contains('%') && has_run_of_letters(format) {
        format!("{} is no format of strptime, and is not looked at", cx.shown(node))
    } else {
        return;
    };
    let finding = cx.at_value(&UNUSABLE_CONSTRAINT, node, message);
    out.push(if is_time && !is_of_texts {
        finding.help("a day is written `%d/%m/%Y`, a time `%H:%M:%S`")
    } else {
        finding
    });
}

/// Whether a format writes a part of a time as letters, such as `YYYY` or `mm`.
fn has_run_of_letters(format: &str) -> bool {
    ["yy", "mm", "dd", "hh", "ss"].iter().any(|run| format.to_ascii_lowercase().contains(run))
}

fn subject_of(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::String => "texts",
        ValueType::Number | ValueType::Integer => "numbers",
        ValueType::Boolean => "truth values",
        ValueType::Date => "days",
        ValueType::Datetime | ValueType::Time => "times",
        ValueType::Duration => "durations",
        ValueType::List => "lists",
        ValueType::Object => "objects",
        ValueType::Any => "values of any type",
    }
}
