//! `data-schema/category-type`

use crate::documents::Document;
use crate::documents::data_schema::{DataField, ValueType};
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::{NodeId, ScalarType, type_name};

declare_rule! {
    /// The categories of a field must be values of its type, within its constraints.
    ///
    /// A field of integers never has the value `"1"`, so that no data can meet the schema, or a reader compares them as texts and finds
    /// that `1.0` is none of them. YAML reads `no`, `1` and `2026-08-01` as something else than texts: quote categories that are texts.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: purpose, type: string, categories: [car, house, 3]}
    /// ```
    ///
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: defaulted, type: integer, role: label, categories: ["0", "1"], notIn: [serving]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: purpose, type: string, categories: [car, house, "3"]}
    /// ```
    pub CATEGORY_TYPE = {
        id: "data-schema/category-type",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::DataSchema(schema) = document else { return };
    for (_, field) in schema.fields.get().into_iter().flat_map(List::iter) {
        let (Some(wanted), Some(categories)) = (field.value_type.get(), field.categories.get()) else { continue };
        let wrong = categories.iter().map(|(node, _)| node).find(|node| !fits(cx.tree.scalar_type(*node), *wanted));
        if let (Some(node), Some((_, of_type))) = (wrong, field.value_type.located()) {
            let message = format!(
                "the category {} is {}, not of the type {}",
                cx.shown(node),
                type_name(cx.tree, node),
                cx.shown(of_type)
            );
            let finding = cx.at_value(&CATEGORY_TYPE, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(of_type)), "the type of the field"));
            continue;
        }
        if let Some((node, constraint)) = outside(field, cx) {
            let message = format!("the constraints of the field do not allow its category {}", cx.shown(node));
            let finding = cx.at_value(&CATEGORY_TYPE, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(constraint)), "the constraint"));
        }
    }
}

/// Whether a value is outside of a bound.
type IsOutside = fn(f64, f64) -> bool;

/// Returns the first category that the constraints of its field do not allow, and the constraint.
fn outside(field: &DataField, cx: &Context<'_>) -> Option<(NodeId, NodeId)> {
    let constraints = field.constraints.get()?;
    let categories = || field.categories.get().into_iter().flat_map(List::iter).map(|(node, _)| node);
    let number = |node: NodeId| cx.tree.number(node).map(|number| number.as_f64());
    let bounds: [(_, IsOutside); 4] = [
        (constraints.minimum.located(), |low, value| value < low),
        (constraints.maximum.located(), |high, value| value > high),
        (constraints.exclusive_minimum.located(), |low, value| value <= low),
        (constraints.exclusive_maximum.located(), |high, value| value >= high),
    ];
    bounds.into_iter().find_map(|(bound, is_outside)| {
        let (bound, place) = bound?;
        let found = categories().find(|node| number(*node).is_some_and(|value| is_outside(*bound, value)))?;
        Some((found, place))
    })
}

/// Whether a scalar of a type is a value of a field. Days and times are written as texts.
fn fits(scalar: Option<ScalarType>, wanted: ValueType) -> bool {
    match wanted {
        ValueType::String => scalar == Some(ScalarType::String),
        ValueType::Integer => scalar == Some(ScalarType::Integer),
        ValueType::Number => matches!(scalar, Some(ScalarType::Integer | ScalarType::Float)),
        ValueType::Boolean => scalar == Some(ScalarType::Bool),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    #[test]
    fn categories_are_within_the_constraints() {
        for (constraints, place) in [
            ("minimum: 1", Some("0")),
            ("maximum: 0", Some("1")),
            ("exclusiveMinimum: 0", Some("0")),
            ("exclusiveMaximum: 1", Some("1")),
            ("minimum: 0, maximum: 1", None),
        ] {
            let text = include_str!("../bases/credit-schema.yml")
                .replace("categories: [0, 1]", &format!("categories: [0, 1], constraints: {{{constraints}}}"));
            let expected: Vec<_> = place.map(|place| (super::CATEGORY_TYPE.id, place)).into_iter().collect();
            assert_found(&text, &expected);
        }
    }
}
