//! Rules about a single expression: whether it can be read, whether its names are declared, and whether its units and types fit.

pub mod bad_amount;
pub mod circular_definition;
pub mod definition_shadows_metric;
pub mod level_below_half;
pub mod needs_aggregate;
pub mod no_direction;
pub mod no_interval;
pub mod notation;
pub mod percent_or_fraction;
pub mod relative_or_points;
pub mod split_by_yaml;
pub mod syntax;
pub mod too_large;
pub mod unit_mismatch;
pub mod unit_missing;
pub mod unknown_dataset;
pub mod unknown_dimension;
pub mod unknown_field;
pub mod unknown_function;
pub mod unknown_metric;
pub mod unknown_reference;
pub mod window_not_monitoring;

use crate::diagnostics::{Finding, Part, Place};
use crate::rules::{Context, Rule};
use crate::text::Edit;
use crate::text::Span;
use crate::yaml::{NodeId, ScalarMap, edit};

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &bad_amount::BAD_AMOUNT,
    &circular_definition::CIRCULAR_DEFINITION,
    &definition_shadows_metric::DEFINITION_SHADOWS_METRIC,
    &level_below_half::LEVEL_BELOW_HALF,
    &needs_aggregate::NEEDS_AGGREGATE,
    &no_direction::NO_DIRECTION,
    &no_interval::NO_INTERVAL,
    &notation::NOTATION,
    &percent_or_fraction::PERCENT_OR_FRACTION,
    &relative_or_points::RELATIVE_OR_POINTS,
    &split_by_yaml::SPLIT_BY_YAML,
    &syntax::SYNTAX,
    &too_large::TOO_LARGE,
    &unit_mismatch::UNIT_MISMATCH,
    &unit_missing::UNIT_MISSING,
    &unknown_dataset::UNKNOWN_DATASET,
    &unknown_dimension::UNKNOWN_DIMENSION,
    &unknown_field::UNKNOWN_FIELD,
    &unknown_function::UNKNOWN_FUNCTION,
    &unknown_metric::UNKNOWN_METRIC,
    &unknown_reference::UNKNOWN_REFERENCE,
    &window_not_monitoring::WINDOW_NOT_MONITORING,
];

/// Creates a finding about a part of an expression, or about the whole expression if the part is empty.
pub(super) fn at(
    rule: &'static Rule,
    node: NodeId,
    span: Span,
    cx: &Context<'_>,
    message: impl Into<String>,
) -> Finding {
    Finding::new(rule, place(node, span, cx), message)
}

/// Returns the place of a part of an expression in the source, or that of the whole expression if the part is empty.
pub(super) fn place(node: NodeId, span: Span, cx: &Context<'_>) -> Place {
    let whole = cx.place(node, Part::Value);
    let own = ScalarMap::of(cx.tree, node).map(|origin| origin.span(span)).filter(|own| !own.is_empty());
    Place { span: own.unwrap_or(whole.span), ..whole }
}

/// Returns the edits that replace a part of an expression. If the source of the part differs from its text, as with escapes, the whole
/// scalar is rewritten. `None` if that takes more than one line.
pub(super) fn replaced(node: NodeId, span: Span, text: &str, cx: &Context<'_>) -> Option<Vec<Edit>> {
    let node = cx.tree.resolve(node);
    let value = cx.tree.text(node)?;
    let place = ScalarMap::of(cx.tree, node)?.span(span);
    if cx.tree.source().slice(place) == value.get(span.range())? && !text.contains(['\'', '"', '\\', '#', ':']) {
        return Some(vec![Edit { span: place, text: text.to_owned() }]);
    }
    let mut whole = value.to_owned();
    whole.replace_range(span.range(), text);
    edit::replace_scalar(cx.tree, node, &whole)
}
