//! `expression/split-by-yaml`

use crate::documents::Document;
use crate::documents::objectives::Language;
use crate::objectives::diagnostic::{DiagnosticKind, Fault};
use crate::objectives::syntax;
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Span;
use crate::yaml::{NodeId, NodeStyle, Tree};

declare_rule! {
    /// YAML must not split an expression.
    ///
    /// In YAML, a colon followed by a space separates a key from its value, and a space followed by `#` starts a comment. Both can occur in
    /// an expression, and then half of it is lost: `for each slice of gender: recall >= 0.8` becomes a mapping, and only `metric('val` is
    /// left of `metric('val #1') >= 0.8`. If the former stands on the line of its key, it is not valid YAML, which `document/yaml-syntax`
    /// reports. Write a comma after the slices, or put the whole expression in quotes.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: works-for-all-ages
    ///     why: fair lending policy, section 2
    ///     expect:
    ///       for each slice of age_group with at least 500 examples: recall >= 55% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: works-for-all-ages
    ///     why: fair lending policy, section 2
    ///     expect: for each slice of age_group with at least 500 examples, recall >= 55% on holdback
    /// ```
    pub SPLIT_BY_YAML = {
        id: "expression/split-by-yaml",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "YAML 1.2.2, sections 6.6 and 7.3.3: comments, and plain scalars",
        kinds: [Objectives],
        check: SchemaAndTyped(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    for fault in cx.faults() {
        if let Some(comment) = cut_off(fault, cx) {
            let message = "YAML reads the rest of this line as a comment, so the expression ends too early";
            let finding = at(&SPLIT_BY_YAML, fault.node, fault.span, cx, message);
            out.push(finding.related(comment, "the rest of the expression").help("put the expression in quotes"));
        }
    }
}

/// Returns the comment that holds the rest of an expression. `None` if the expression cannot be read with it either.
pub(in crate::rules) fn cut_off(fault: &Fault, cx: &Context<'_>) -> Option<Span> {
    let node = cx.tree.resolve(fault.node);
    if fault.check != DiagnosticKind::Syntax || cx.tree.style(node) != NodeStyle::Plain {
        return None;
    }
    let (source, end) = (cx.tree.source(), cx.tree.span(node).end);
    let line_end = source.line_span(source.line_index(end)).end;
    let rest = source.slice(Span::new(end, line_end));
    if !rest.trim_start().starts_with('#') {
        return None;
    }
    let whole = format!("{}{rest}", cx.tree.text(node)?);
    let is_read = syntax::parse(&whole, Language::NEWEST).expression.is_ok()
        || syntax::parse_value(&whole, Language::NEWEST).expression.is_ok();
    let space = rest.len() - rest.trim_start().len();
    is_read.then(|| Span::from_usize(end as usize + space, line_end as usize))
}

/// Returns the message for a mapping where an expression is expected, if a colon in the expression made it one.
#[must_use]
pub fn message(tree: &Tree, node: NodeId) -> Option<&'static str> {
    let mut entries = tree.entries(node);
    let key = tree.key_name(entries.next()?.key);
    let is_cut = key.starts_with("for each ") && entries.next().is_none();
    is_cut.then_some("YAML reads this as a mapping: the expression is split at ': '")
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::{assert_found, found};

    #[test]
    fn a_comment_that_ends_the_expression_too_early_is_found() {
        for expect in ["metric('recall #1') >= 65% on holdback", "recall rises by at least 1pp vs run 'a #2' on live"] {
            let found: Vec<_> =
                found(&changed(&[("recall >= 60% on live", expect)])).into_iter().map(|(rule, ..)| rule).collect();
            assert_eq!(found, ["expression/split-by-yaml"], "{expect}");
        }
    }

    #[test]
    fn a_comment_behind_a_whole_expression_is_one() {
        assert_found(&changed(&[("on live\n", "on live # it's the floor\n")]), &[]);
        assert_found(
            &changed(&[("recall >= 60% on live", "recall >= # later")]),
            &[("expression/syntax", "recall >=")],
        );
        assert_found(
            &changed(&[("recall >= 60% on live", "'recall >=' # 5")]),
            &[("expression/syntax", "'recall >='")],
        );
    }

    #[test]
    fn other_values_have_the_wrong_type() {
        for value in ["5", "[recall]", "{recall: 5}", "{for each slice of sex: 5, b: 6}"] {
            assert_found(&changed(&[("recall >= 60% on live", value)]), &[("document/wrong-type", value)]);
        }
        let split = "{for each slice of sex: recall >= 5% on live}";
        assert_found(&changed(&[("recall >= 60% on live", split)]), &[("expression/split-by-yaml", split)]);
    }
}
