//! `pipeline/order-mismatch`

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostics::{Fix, Part};
use crate::documents::Document;
use crate::graph::{End, Graph, NameField, NameTarget, StepId, topological_order};
use crate::rules::pipeline::unknown_vertex::suggestion;
use crate::rules::pipeline::{SUGGESTION_EFFORT, ends, quoted};
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Edit;
use crate::text::Span;
use crate::yaml::{Comment, NodeId, NodeStyle, edit};

declare_rule! {
    /// The order in `pipeline` must name every step once, none before a step that it waits for.
    ///
    /// The list says in which order the steps are executed. A step that it leaves out is never executed, or is executed at a time that the
    /// tool chooses; a step that comes before the one whose output it reads finds no file, or the file of an earlier run. The order is that
    /// of the steps of the pipeline itself; steps inside a complex step are executed in its place.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     outs: { path: work/features.parquet }
    ///   fit:
    ///     cmd: python src/fit.py
    ///     deps: { path: work/features.parquet }
    ///   report:
    ///     cmd: python src/report.py
    ///     after: [fit]
    /// pipeline: [fit, prepare] # and report
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     outs: { path: work/features.parquet }
    ///   fit:
    ///     cmd: python src/fit.py
    ///     deps: { path: work/features.parquet }
    ///   report:
    ///     cmd: python src/report.py
    ///     after: [fit]
    /// pipeline: [prepare, fit, report]
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` puts the steps into an order that no edge contradicts and that is close to the written one. Comments above a step
    /// and after it on the same line move with it.
    pub ORDER_MISMATCH = {
        id: "pipeline/order-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "pipelines/pipeline.yml, “pipeline: [preprocess,train,validate]”",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

/// The maximum number of omitted steps that are named.
const MOST_NAMED: usize = 10;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Pipeline(pipeline), Some(graph)) = (document, cx.graph()) else { return };
    let Some(list) = pipeline.pipeline.node().filter(|node| !cx.tree.is_null(*node) && !cx.is_faulty(*node)) else {
        return;
    };
    let Some(order) = Order::read(graph, cx) else { return };
    // Only one finding carries the fix, so that it is applied once.
    let mut fix = order.fix(graph, cx, list);
    for (step, node) in &order.repeated {
        let message = format!("{} stands in the order twice", quoted(graph.step(*step).name));
        let finding = cx.at_value(&ORDER_MISMATCH, *node, message);
        out.push(match order.places.get(step) {
            Some((_, first)) => finding.related(cx.place(*first, Part::Value).span, "the first time"),
            None => finding,
        });
    }
    for (step, before) in order.misplaced(graph) {
        let Some((_, node)) = order.places.get(&step) else { continue };
        let (name, earlier) = (quoted(graph.step(step).name), quoted(graph.step(before.0).name));
        let message = format!("{name} stands before {earlier}, which it waits for");
        let finding = cx.at_value(&ORDER_MISMATCH, *node, message);
        let finding = finding.related(cx.place(before.1, Part::Value).span, "the edge between them");
        out.push(finding.help(format!("put {name} behind {earlier}")).fix(fix.take()));
    }
    // An item that is no name is told already, and may stand for any step.
    let is_readable = cx.tree.items(list).iter().all(|item| cx.tree.string(*item).is_some_and(|name| !name.is_empty()));
    let left_out: Vec<StepId> = if is_readable { order.left_out(graph) } else { Vec::new() };
    if !left_out.is_empty() {
        let mut names: Vec<String> =
            left_out.iter().take(MOST_NAMED).map(|step| quoted(graph.step(*step).name)).collect();
        let (what, more) = match left_out.len() - names.len() {
            0 if names.len() == 1 => ("step", String::new()),
            0 => ("steps", String::new()),
            more => ("steps", format!(" and {more} more")),
        };
        let last = if more.is_empty() && names.len() > 1 { names.pop() } else { None };
        let last = last.map_or_else(String::new, |last| format!(" and {last}"));
        let message = format!("the order leaves out the {what} {}{last}{more}", names.join(", "));
        out.push(
            cx.at_key(&ORDER_MISMATCH, list, message).help("name every step of the pipeline once").fix(fix.take()),
        );
    }
}

/// The order as written.
struct Order {
    /// The position and the node of each step that is named.
    places: FxHashMap<StepId, (usize, NodeId)>,
    /// The repeated mentions of steps.
    repeated: Vec<(StepId, NodeId)>,
    /// The nodes of all items.
    items: Vec<NodeId>,
    /// Steps that a misspelled name most likely means: that name has a finding already.
    meant: Vec<StepId>,
}

impl Order {
    /// Reads the order. `None` if a name in it is filled in later.
    fn read(graph: &Graph<'_>, cx: &Context<'_>) -> Option<Self> {
        let mut order =
            Self { places: FxHashMap::default(), repeated: Vec::new(), items: Vec::new(), meant: Vec::new() };
        let mut effort = SUGGESTION_EFFORT;
        for (_, end) in ends(cx).filter(|(_, end)| end.role == NameField::Order) {
            let end: &End<'_> = end;
            let position = order.items.len();
            order.items.push(end.node);
            match end.target {
                NameTarget::Step(step) if order.places.contains_key(&step) => order.repeated.push((step, end.node)),
                NameTarget::Step(step) => drop(order.places.insert(step, (position, end.node))),
                NameTarget::Port(step, _) => order.meant.push(step),
                // A step of a complex step stands for the complex step.
                NameTarget::Nested(step) => {
                    let outer = std::iter::successors(Some(step), |step| graph.step(*step).parent).last();
                    order.meant.extend(outer);
                }
                NameTarget::Unknown => {
                    let name = suggestion(graph, end, &mut effort);
                    order.meant.extend(name.and_then(|name| graph.step_named(None, &name)));
                }
                NameTarget::Later => return None,
                _ => {}
            }
        }
        Some(order)
    }

    fn position(&self, step: StepId) -> Option<usize> {
        self.places.get(&step).map(|(position, _)| *position)
    }

    /// Returns each step that comes before one that it waits for, with the first such step and the node of the edge, in the order of the
    /// list.
    fn misplaced(&self, graph: &Graph<'_>) -> Vec<(StepId, (StepId, NodeId))> {
        let mut misplaced: FxHashMap<StepId, (StepId, NodeId)> = FxHashMap::default();
        let mut groups = None;
        for edge in graph.lifted().iter().filter(|edge| edge.from != edge.to) {
            let (Some(from), Some(to)) = (self.position(edge.from), self.position(edge.to)) else { continue };
            if from < to {
                continue;
            }
            // No order satisfies a cycle, which another rule reports.
            let groups = groups.get_or_insert_with(|| groups_of(graph));
            let group = groups.get(&edge.from);
            if (group.is_none() || group != groups.get(&edge.to))
                && let Some(written) = graph.edges().get(edge.edge as usize)
            {
                misplaced.entry(edge.to).or_insert((edge.from, written.node));
            }
        }
        let mut misplaced: Vec<_> = misplaced.into_iter().collect();
        misplaced.sort_by_key(|(step, _)| self.position(*step));
        misplaced
    }

    fn left_out(&self, graph: &Graph<'_>) -> Vec<StepId> {
        let meant: FxHashSet<&StepId> = self.meant.iter().collect();
        graph.within(None).filter(|step| !self.places.contains_key(step) && !meant.contains(step)).collect()
    }

    /// Creates a fix that replaces the items with an order that no edge contradicts, and appends the omitted steps.
    fn fix(&self, graph: &Graph<'_>, cx: &Context<'_>, list: NodeId) -> Option<Fix> {
        let is_own = cx.tree.resolve(list) == list && self.items.len() == self.places.len();
        let last = *self.items.last().filter(|_| is_own)?;
        let order = topological_order(graph, None, |step| self.position(step).unwrap_or(usize::MAX))?;
        let title = "put the steps into an order that no edge contradicts";
        let span = cx.tree.span(list);
        let is_block = cx.tree.style(list) != NodeStyle::Flow;
        let is_commented =
            |comment: &Comment| comment.span.overlaps(span) || is_block && is_behind(cx, comment.span, last);
        if cx.tree.comments().iter().any(is_commented) {
            let edit = self.with_comments(graph, cx, list, &order)?;
            return Some(Fix::needs_review(title, vec![edit]));
        }
        let mut edits: Vec<Edit> = Vec::new();
        for (item, step) in self.items.iter().zip(&order) {
            let name = graph.step(*step).name;
            if cx.tree.text(*item) != Some(name) {
                edits.extend(edit::replace_scalar(cx.tree, *item, name)?);
            }
        }
        let names: Vec<&str> = order.iter().skip(self.items.len()).map(|step| graph.step(*step).name).collect();
        if !names.is_empty() {
            if !names.iter().all(|name| edit::is_plain_string(name)) {
                return None;
            }
            edits.push(appended(cx, list, last, &names)?);
        }
        (!edits.is_empty()).then(|| Fix::needs_review(title, edits))
    }

    /// The items of a block list in another order, each with the comments above it and behind it.
    fn with_comments(&self, graph: &Graph<'_>, cx: &Context<'_>, list: NodeId, order: &[StepId]) -> Option<Edit> {
        let (tree, source) = (cx.tree, cx.tree.source());
        let line_of = |node: NodeId| source.line_span(source.line_index(tree.span(node).start));
        if tree.style(list) == NodeStyle::Flow {
            return None;
        }
        let first = line_of(*self.items.first()?);
        let indent = source.slice(Span::new(first.start, tree.span(*self.items.first()?).start)).strip_suffix("- ")?;
        // What stands on the line of the key, or in front of the list, is about all of it.
        let mut end = first.start;
        let mut lines: FxHashMap<NodeId, &str> = FxHashMap::default();
        for item in &self.items {
            let line = line_of(*item);
            let is_alone =
                source.slice(Span::new(line.start, tree.span(*item).start)).strip_suffix("- ") == Some(indent);
            if !is_alone || tree.resolve(*item) != *item || tree.span(*item).end > line.end {
                return None;
            }
            lines.insert(*item, source.slice(Span::new(end, line.end)).trim_start_matches(['\r', '\n']));
            end = line.end;
        }
        let is_indent = indent.bytes().all(|byte| byte == b' ');
        let line_break = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
        let names = order.iter().map(|step| {
            let written = self.places.get(step).and_then(|(_, node)| lines.get(node)).map(|line| (*line).to_owned());
            let name = graph.step(*step).name;
            written.or_else(|| edit::is_plain_string(name).then(|| format!("{indent}- {name}")))
        });
        let text = names.collect::<Option<Vec<_>>>()?.join(line_break);
        is_indent.then(|| Edit { span: Span::new(first.start, end), text })
    }
}

/// Whether a comment stands behind an item, on its line.
fn is_behind(cx: &Context<'_>, comment: Span, item: NodeId) -> bool {
    let source = cx.tree.source();
    source.line_index(comment.start) == source.line_index(cx.tree.span(item).start)
}

/// Returns the group of each step that waits for itself through others.
fn groups_of(graph: &Graph<'_>) -> FxHashMap<StepId, usize> {
    let groups = graph.groups();
    groups.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |step| (*step, at))).collect()
}

/// Creates an edit that adds items after the last one of a list.
fn appended(cx: &Context<'_>, list: NodeId, last: NodeId, names: &[&str]) -> Option<Edit> {
    let source = cx.tree.source();
    let span = cx.tree.span(last);
    if cx.tree.style(list) == NodeStyle::Flow {
        return Some(Edit { span: Span::empty(span.end), text: format!(", {}", names.join(", ")) });
    }
    let line = source.line_span(source.line_index(span.start));
    let indent = source.slice(Span::new(line.start, span.start)).strip_suffix("- ")?;
    let is_indent = indent.bytes().all(|byte| byte == b' ');
    let end = source.line_span(source.line_index(span.end)).end;
    let line_break = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<String> = names.iter().map(|name| format!("{line_break}{indent}- {name}")).collect();
    is_indent.then(|| Edit { span: Span::empty(end), text: lines.concat() })
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, fix_text};
    use crate::diagnostics::Applicability;
    use crate::rules::testing::found;

    fn fixed(order: &str) -> String {
        let head = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nsteps:\n  prepare: {cmd: p}\n  fit: {cmd: f, after: [prepare]}\n  \
                    report: {cmd: r, after: [fit]}\n";
        let fixed = fix_text("a.yml", &format!("{head}{order}"), &Options::default(), Applicability::Unsafe).text;
        fixed.strip_prefix(head).expect("the same beginning").to_owned()
    }

    #[test]
    fn comments_move_with_their_steps() {
        assert_eq!(
            fixed(
                "pipeline: # all of them\n  # takes an hour\n  - fit # on a GPU\n  # reads the lake\n\n  - prepare\n  - report # last\n"
            ),
            "pipeline: # all of them\n  # takes an hour\n  # reads the lake\n\n  - prepare\n  - fit # on a GPU\n  - report # last\n"
        );
        assert_eq!(
            fixed("pipeline:\n- fit # one\n- prepare # two\n# end\n"),
            "pipeline:\n- prepare # two\n- fit # one\n- report\n# end\n"
        );
        assert_eq!(
            fixed("pipeline:\r\n- fit # one\r\n- report\r\n- prepare"),
            "pipeline:\r\n- prepare\r\n- fit # one\r\n- report"
        );
        // In flow style, it is not clear which step a comment is about.
        let flow = "pipeline: [fit, # one\n  prepare, report]\n";
        assert_eq!(fixed(flow), flow);
        assert_eq!(fixed("pipeline: [fit, prepare, report] # all\n"), "pipeline: [prepare, fit, report] # all\n");
    }
    #[test]
    fn an_item_that_is_no_name_is_one_finding() {
        let about = |order: &str| {
            let text = format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nsteps: {{a: {{cmd: x}}}}\npipeline: {order}\n"
            );
            found(&text).into_iter().map(|(.., message)| message).collect::<Vec<_>>()
        };
        assert_eq!(about("[~]"), ["an item of the list has no value"]);
        assert_eq!(about("['']"), ["an item of the list is empty, but needs a value"]);
        assert_eq!(about("[5]"), ["5 is a number, expected a string"]);
        assert_eq!(about("[]"), ["the order leaves out the step 'a'"]);
        assert_eq!(about("[a]"), [""; 0]);
    }
}
