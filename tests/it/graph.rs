//! Graphs of pipelines compared with a simple reference: random graphs, written in each of the four ways, and malformed ones.

use std::collections::BTreeSet;
use std::fmt::Write;

use mlspec_lint::analysis::apply;
use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::diagnostics::Applicability;
use mlspec_lint::documents::{Document, Kind};
use mlspec_lint::graph::{Drawing, Graph, StepId, Vertex, dot, mermaid, svg, topological_order};
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{self, Framing, Limits, Tree};
use proptest::prelude::*;
use proptest::sample::Index;

/// The way in which an edge is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    After,
    Input,
    Entry,
    Path,
}

/// An edge from one step to another one, or to itself.
type Between = (usize, usize, Way);

fn edges(count: usize, most: usize) -> impl Strategy<Value = Vec<Between>> {
    let way = prop_oneof![Just(Way::After), Just(Way::Input), Just(Way::Entry), Just(Way::Path)];
    prop::collection::vec((0..count, 0..count, way), 0..=most)
}

fn pipeline(most: usize) -> impl Strategy<Value = (usize, Vec<Between>)> {
    (1..=most).prop_flat_map(move |count| edges(count, 2 * count).prop_map(move |edges| (count, edges)))
}

/// Returns a pipeline with these edges; every step has an output and writes a file.
fn write(count: usize, edges: &[Between], order: Option<&[usize]>) -> String {
    let mut text = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: random\nsteps:\n".to_owned();
    for step in 0..count {
        let of = |way| edges.iter().filter(move |edge| edge.1 == step && edge.2 == way).map(|edge| edge.0);
        let after: Vec<String> = of(Way::After).map(|from| format!("s{from}")).collect();
        // A step cannot write what it reads: that is another fault, and not an edge.
        let paths: Vec<String> =
            of(Way::Path).filter(|from| *from != step).map(|from| format!("{{path: f{from}}}")).collect();
        let inputs: Vec<String> =
            of(Way::Input).enumerate().map(|(port, from)| format!("i{port}: {{from: s{from}.out}}")).collect();
        writeln!(text, "  s{step}:\n    cmd: run\n    after: [{}]\n    deps: [{}]", after.join(", "), paths.join(", "))
            .unwrap();
        writeln!(text, "    inputs: {{{}}}\n    outputs: {{out: {{path: f{step}}}}}", inputs.join(", ")).unwrap();
    }
    let entries: Vec<_> = edges.iter().filter(|edge| edge.2 == Way::Entry).collect();
    if !entries.is_empty() {
        text.push_str("edges:\n");
        for (from, to, _) in entries {
            writeln!(text, "  - {{from: s{from}, to: s{to}, kind: control}}").unwrap();
        }
    }
    if let Some(order) = order {
        let names: Vec<String> = order.iter().map(|step| format!("s{step}")).collect();
        writeln!(text, "pipeline: [{}]", names.join(", ")).unwrap();
    }
    text
}

/// Returns the edges that the graph should have.
fn expected(edges: &[Between]) -> BTreeSet<(usize, usize)> {
    edges
        .iter()
        .filter(|(from, to, way)| !(*way == Way::Path && from == to))
        .map(|(from, to, _)| (*from, *to))
        .collect()
}

/// Returns the length of the shortest cycle, by a search from every step.
fn girth(count: usize, edges: &BTreeSet<(usize, usize)>) -> Option<usize> {
    let from = |start: usize| {
        let mut reached = vec![false; count];
        let mut front = vec![start];
        for length in 1..=count {
            let next: BTreeSet<usize> =
                front.iter().flat_map(|at| edges.iter().filter(move |edge| edge.0 == *at)).map(|edge| edge.1).collect();
            if next.contains(&start) {
                return Some(length);
            }
            front = next.into_iter().filter(|at| !std::mem::replace(&mut reached[*at], true)).collect();
        }
        None
    };
    (0..count).filter_map(from).min()
}

fn read(text: &str) -> (Tree, Document) {
    let tree = yaml::parse(Source::new("a.yml", text).into(), Limits::default(), Framing::Stream);
    let root = tree.documents()[0].root.unwrap();
    let (document, _) = Document::read(Kind::Pipeline, &tree, root).unwrap();
    (tree, document)
}

fn graph_of<'t>(tree: &'t Tree, document: &Document) -> Graph<'t> {
    let Document::Pipeline(pipeline) = document else { panic!("{document:?}") };
    Graph::of(pipeline, tree)
}

fn number(graph: &Graph<'_>, step: StepId) -> usize {
    graph.step(step).name[1..].parse().unwrap()
}

fn found(text: &str) -> Vec<String> {
    let report = lint_text("a.yml", text, &Options::default());
    report.findings.iter().map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_graph_has_the_edges_that_are_written((count, edges) in pipeline(12)) {
        let text = write(count, &edges, None);
        let (tree, document) = read(&text);
        let graph = graph_of(&tree, &document);
        let known: BTreeSet<(usize, usize)> = graph.edges().iter().map(|edge| match edge.from {
            Vertex::Step(from) => (number(&graph, from), number(&graph, edge.to)),
            Vertex::Data(_) => unreachable!(),
        }).collect();
        prop_assert_eq!(known, expected(&edges));
    }

    #[test]
    fn a_cycle_is_found_exactly_when_there_is_one_and_the_shortest_is_named((count, edges) in pipeline(12)) {
        let text = write(count, &edges, None);
        let (tree, document) = read(&text);
        let graph = graph_of(&tree, &document);
        let known = expected(&edges);
        let cycles = graph.cycles();
        for cycle in &cycles {
            let steps: Vec<usize> = cycle.steps().map(|step| number(&graph, step)).collect();
            let next = steps.iter().cycle().skip(1);
            prop_assert!(steps.iter().zip(next).all(|(from, to)| known.contains(&(*from, *to))), "{steps:?}");
            prop_assert_eq!(steps.iter().collect::<BTreeSet<_>>().len(), steps.len());
            prop_assert_eq!(steps.iter().min(), steps.first());
        }
        prop_assert_eq!(cycles.iter().map(|cycle| cycle.edges.len()).min(), girth(count, &known));
        let told = found(&text).iter().filter(|finding| finding.starts_with("pipeline/cycle:")).count();
        prop_assert_eq!(told, cycles.len());
        prop_assert_eq!(cycles.is_empty(), topological_order(&graph, None, |_| 0).is_some());
    }

    #[test]
    fn the_order_is_right_exactly_when_no_edge_contradicts_it(
        (count, edges) in pipeline(10),
        swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 0..4),
    ) {
        // Only forward edges: cycles have their own finding.
        let edges: Vec<Between> = edges.into_iter().filter(|(from, to, _)| from < to).collect();
        let mut order: Vec<usize> = (0..count).collect();
        for (a, b) in &swaps {
            order.swap(a.index(count), b.index(count));
        }
        let place = |step: usize| order.iter().position(|other| *other == step).unwrap();
        let is_right = edges.iter().all(|(from, to, _)| place(*from) < place(*to));
        let text = write(count, &edges, Some(&order));
        let report = lint_text("a.yml", &text, &Options::default());
        let told: Vec<_> = report.findings.iter().filter(|finding| finding.rule.id == "pipeline/order-mismatch").collect();
        prop_assert_eq!(told.is_empty(), is_right, "{}", text);
        prop_assert_eq!(told.iter().any(|finding| !finding.fixes.is_empty()), !is_right);
        // The order in the fix is correct.
        if let Some(finding) = told.into_iter().find(|finding| !finding.fixes.is_empty()) {
            let (mended, _) = apply(&text, std::slice::from_ref(finding), Applicability::Unsafe).unwrap();
            prop_assert!(!found(&mended).iter().any(|finding| finding.starts_with("pipeline/order-mismatch")), "{}", mended);
        }
    }

    #[test]
    fn a_topological_order_has_every_step_once_and_none_before_what_it_waits_for((count, edges) in pipeline(20)) {
        let edges: Vec<Between> = edges.into_iter().filter(|(from, to, _)| from < to).collect();
        let text = write(count, &edges, None);
        let (tree, document) = read(&text);
        let graph = graph_of(&tree, &document);
        let order = topological_order(&graph, None, |step| usize::MAX - step_number(step)).unwrap();
        let order: Vec<usize> = order.into_iter().map(|step| number(&graph, step)).collect();
        prop_assert_eq!(order.iter().copied().collect::<BTreeSet<_>>(), (0..count).collect::<BTreeSet<_>>());
        let place = |step: usize| order.iter().position(|other| *other == step).unwrap();
        prop_assert!(edges.iter().all(|(from, to, _)| place(*from) < place(*to)));
    }

    #[test]
    fn whatever_names_and_values_there_are_nothing_panics_and_drawings_are_well_formed(
        names in prop::collection::vec("[a-z.${}<>\"'\\\\\\[\\]|#;:& é\u{202e}-]{0,12}", 1..6),
        references in prop::collection::vec("(data\\.)?[a-z.]{0,6}|\\$\\{x\\}", 0..8),
    ) {
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        let mut text = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: hostile\ndata: {a: b@1, c: {DataStore: d, RelativePath: x}}\nsteps:\n".to_owned();
        for (at, name) in names.iter().enumerate() {
            let from: Vec<String> = references.iter().map(|text| quoted(text)).collect();
            writeln!(text, "  {}:\n    cmd: {}\n    after: [{}]", quoted(&format!("{name}{at}")), quoted(name), from.join(", ")).unwrap();
            writeln!(text, "    steps: {{{}: {{cmd: x, inputs: {{p: {{from: {}}}}}}}}}", quoted(name), from.first().map_or("a", |from| from)).unwrap();
        }
        writeln!(text, "edges: [{{from: {0}, to: {0}}}]\npipeline: [{0}]", quoted(&names[0])).unwrap();
        drop(found(&text));
        let (tree, document) = read(&text);
        let graph = graph_of(&tree, &document);
        let mut drawing = Drawing::default();
        drawing.add(&graph, &tree, Some(&names[0]), &[]);
        let image = svg(&drawing);
        // Keys with `x-` are no steps.
        let steps = names.iter().filter(|name| !name.starts_with("x-")).count();
        prop_assert_eq!(image.matches("<g>").count(), image.matches("</g>").count());
        prop_assert_eq!(image.matches("<text").count(), image.matches("</text>").count());
        prop_assert_eq!(dot(&drawing).lines().filter(|line| line.trim_start().starts_with("subgraph")).count(), steps + 1);
        prop_assert_eq!(mermaid(&drawing).lines().filter(|line| line.trim() == "end").count(), steps + 1);
    }
}

fn step_number(step: StepId) -> usize {
    step.index() as usize
}

/// In nested graphs, an edge between steps of different complex steps is one between the complex steps.
#[test]
fn cycles_through_complex_steps_are_found_at_every_depth() {
    let text = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: nested\nsteps:\n  a:\n    steps:\n      x: {cmd: x, outs: {path: one}, deps: {path: two}}\n  b:\n    steps:\n      c:\n        steps:\n          y: {cmd: y, outs: {path: two}, after: [a]}\n      z: {cmd: z, after: [c], deps: {path: one}}\n";
    let told: Vec<String> = found(text).into_iter().filter(|finding| finding.starts_with("pipeline/")).collect();
    assert_eq!(told, ["pipeline/cycle: the steps 'a' -> 'b' -> 'a' form a cycle"]);
}

#[test]
fn a_step_that_waits_for_the_one_around_it_waits_for_itself() {
    let text = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: nested\nsteps:\n  a:\n    steps:\n      x: {cmd: x, after: [a]}\n      y: {cmd: y, after: [x]}\n";
    let told: Vec<String> = found(text).into_iter().filter(|finding| finding.starts_with("pipeline/")).collect();
    assert_eq!(told, ["pipeline/cycle: the step 'a/x' waits for 'a', which it is a part of"]);
}

/// Returns the findings of a module version and a pipeline with one step of that module, in one file.
fn beside_module(interface: &str, step: &str) -> Vec<String> {
    let module = "kind: module-version\nmlSpecVersion: 0.1.0\nid: 4a3d5e0e-1f0b-4f0a-9d7c-2b7b7f0c1a11\nmodule: m\nversion: 1.0.0\nstatus: Active\nsnapshot_id: s\ncreatedUtc: 2026-08-12T15:47:00Z\n";
    let pipeline = "---\nkind: pipeline\nmlSpecVersion: 0.1.0\nname: p\ndata: {d: x@1.0.0}\nsteps:\n  fit:\n    moduleName: 4a3d5e0e-1f0b-4f0a-9d7c-2b7b7f0c1a11\n";
    let told = found(&format!("{module}{interface}\n{pipeline}{step}\n"));
    told.into_iter().filter(|finding| finding.starts_with("pipeline/")).collect()
}

#[test]
fn a_step_is_held_to_the_interface_of_its_module() {
    let interface = "inputs: [{name: loans}, {name: weights, optional: true}]\noutputs: {model: {}}\nparams: [{name: rate, type: float}, {name: seed, type: integer, default: 1}]";
    let right = "    inputs: {loans: {from: data.d}, weights: {}}\n    outputs: {model: {path: m}}\n    parameters: {rate: 0.1}";
    assert_eq!(beside_module(interface, right), [""; 0]);
    // With an entry of `edges`, and in the older form.
    assert_eq!(
        beside_module(interface, "    parameters: {rate: 0.1}\nedges: [{from: data.d, to: fit.loans}]"),
        [""; 0]
    );
    assert_eq!(beside_module(interface, "    parameters: {rate: 0.1}\n    deps: {path: loans.csv}"), [""; 0]);
    let wrong = "    inputs: {}\n    outputs: {metrics: {path: m}}\n    parameters: {rate: null}\nedges: [{from: data.d, to: fit.labels}]";
    assert_eq!(
        beside_module(interface, wrong),
        [
            "pipeline/input-unconnected: the input 'loans' of the step 'fit' is not connected",
            "pipeline/edge-not-on-port: the module of the step 'fit' has no output 'metrics'",
            "pipeline/parameter-unset: the step 'fit' leaves the parameter 'rate' without a value",
            "pipeline/edge-not-on-port: the step 'fit' has no input 'labels'",
        ]
    );
    // A misspelled name is one fault.
    assert_eq!(
        beside_module(interface, "    inputs: {loan: {from: data.d}}\n    parameters: {rate: 0.1}"),
        ["pipeline/edge-not-on-port: the module of the step 'fit' has no input 'loan'"]
    );
    // A module version that does not declare its ports may have any.
    assert_eq!(beside_module("description: d", "    inputs: {x: {from: data.d}}\n    outputs: {y: {}}"), [""; 0]);
}

#[test]
fn an_order_may_be_mended_in_block_and_flow_style() {
    let head = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: p\nsteps:\n  a: {cmd: x, after: [b]}\n  b: {cmd: x}\n  c: {cmd: x, after: [a]}\n";
    for (written, mended) in [
        ("pipeline: [a, b]\n", "pipeline: [b, a, c]\n"),
        ("pipeline:\n  - a # first\n  - b\n", "pipeline:\n  - b\n  - a # first\n  - c\n"),
        ("pipeline: [c, \"a\", b]\n", "pipeline: [b, \"a\", c]\n"),
    ] {
        let text = format!("{head}{written}");
        let report = lint_text("a.yml", &text, &Options::default());
        let fixed = apply(&text, &report.findings, Applicability::Unsafe).map(|(text, _)| text);
        assert_eq!(fixed, Some(format!("{head}{mended}")));
    }
}

#[test]
fn what_is_malformed_is_not_reported_again_where_it_is_named() {
    let head = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: p\n";
    for text in [
        "steps:\n  a: python a.py\n  b: {cmd: x, after: [a], inputs: {i: {from: a.out}}}\npipeline: [a, b]\n",
        "steps: [a, b]\npipeline: [a, b]\n",
        "data: {d: 5}\nsteps:\n  a: {cmd: x, inputs: {i: {from: data.d}}, outputs: {o: o.csv}}\n  b: {cmd: x, inputs: {i: {from: a.o}}}\n",
    ] {
        let told = found(&format!("{head}{text}"));
        assert!(told.iter().any(|finding| finding.starts_with("document/wrong-type")), "{told:?}");
        assert!(!told.iter().any(|finding| finding.starts_with("pipeline/")), "{told:?}");
    }
}

/// Renderers differ in their support of style sheets, markers and transparency; the images only use features that all of them support.
#[test]
fn images_use_only_what_every_renderer_knows() {
    let text = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: p & q\ndata: {d: x@1.0.0}\nsteps:\n  a: {cmd: x, inputs: {i: {from: data.d}}, outputs: {o: {path: o}, p: {path: p}}}\n  b: {cmd: x, after: [a, c], inputs: {o: {from: a.o}, p: {from: a.p}}}\n  c:\n    steps:\n      e: {cmd: x, after: [f]}\n      f: {cmd: x, after: [e]}\n";
    let (tree, document) = read(text);
    let graph = graph_of(&tree, &document);
    let mut drawing = Drawing { name: "p & q".to_owned(), ..Drawing::default() };
    let report = lint_text("a.yml", text, &Options::default());
    drawing.add(&graph, &tree, None, &report.findings.iter().collect::<Vec<_>>());
    let image = svg(&drawing);
    assert!(image.contains("<title>p &amp; q</title>\n<desc>4 steps, 1 data source. d to a: i."), "{image}");
    assert!(image.contains("stroke-dasharray") && image.contains("<title>pipeline/cycle</title>"), "{image}");
    let elements = ["svg", "title", "desc", "g", "rect", "path", "text"];
    let attributes = "xmlns viewBox width height role font-family font-size x y rx d fill stroke stroke-width stroke-dasharray text-anchor";
    for element in image.split('<').skip(1).filter(|element| !element.starts_with('/')) {
        let element = element.split('>').next().unwrap().trim_end_matches('/');
        let (name, rest) = element.split_once(' ').unwrap_or((element, ""));
        assert!(elements.contains(&name), "{name}");
        let pairs: Vec<&str> = rest.split('"').collect();
        for pair in pairs.chunks_exact(2) {
            let (attribute, value) = (pair[0].trim().trim_end_matches('='), pair[1]);
            assert!(attributes.split(' ').any(|known| known == attribute), "{attribute}");
            if matches!(attribute, "fill" | "stroke") && value != "none" {
                assert!(value.len() == 7 && value.starts_with('#'), "{attribute}: {value}");
            }
        }
    }
    // No two edges have the same line.
    let lines: Vec<&str> = image.split("<path d=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let distinct: std::collections::BTreeSet<&&str> = lines.iter().collect();
    assert_eq!(distinct.len(), lines.len(), "{lines:#?}");
}
