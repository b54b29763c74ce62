//! `pipeline/parameter-type-or-default`

use crate::diagnostics::Severity;
use crate::documents::Document;
use crate::documents::field::{Any, List, Optional};
use crate::documents::{module_version, pipeline};
use crate::rules::context::is_secret_name;
use crate::rules::pipeline::{is_template, quoted};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::type_name;
use crate::yaml::{NodeId, NodeKind, ScalarType, Tree};

declare_rule! {
    /// A parameter has a type, and its default obeys the type and the constraints.
    ///
    /// The default is what most runs use, and nobody looks at it again. One that is text where a number is meant, or lies
    /// outside the bounds that the same document gives, is rejected when the pipeline is submitted, or worse, accepted
    /// there. The same holds for the parameters of a module version, whose bounds stand under `constraints`. A parameter
    /// of a pipeline without a type is a warning. Types that are not known here are not checked.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - name: learning_rate
    ///     type: float
    ///     default: "0.05" # text
    ///   - name: threshold
    ///     type: float
    ///     default: 18 # per cent?
    ///     min: 0
    ///     max: 1
    ///   - { name: optimizer, type: string, default: adm, allowed: [adam, sgd] }
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py {learning_rate} {threshold} {optimizer}
    ///     parameters:
    ///       learning_rate: ${learning_rate}
    ///       threshold: ${threshold}
    ///       optimizer: ${optimizer}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - name: learning_rate
    ///     type: float
    ///     default: 0.05
    ///   - name: threshold
    ///     type: float
    ///     default: 0.18
    ///     min: 0
    ///     max: 1
    ///   - { name: optimizer, type: string, default: adam, allowed: [adam, sgd] }
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py {learning_rate} {threshold} {optimizer}
    ///     parameters:
    ///       learning_rate: ${learning_rate}
    ///       threshold: ${threshold}
    ///       optimizer: ${optimizer}
    /// ```
    pub PARAMETER_TYPE_OR_DEFAULT = {
        id: "pipeline/parameter-type-or-default",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Graph level parameters have names, types (string, float, etc.), default values and constrains defined.”",
        kinds: [ModuleVersion, Pipeline],
        check: Typed(check),
    }
}

/// What values of a type look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    String,
    Integer,
    Number,
    Boolean,
    List,
    Map,
}

impl Shape {
    /// With its article, as a message says it.
    fn name(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::List => "a list",
            Self::Map => "a mapping",
        }
    }
}

/// The names of types, in lower case.
const TYPES: &[(Shape, &[&str])] = &[
    (Shape::String, &["string", "str", "text"]),
    (Shape::Integer, &["integer", "int", "int32", "int64", "long"]),
    (Shape::Number, &["float", "double", "number", "float32", "float64", "real", "decimal"]),
    (Shape::Boolean, &["boolean", "bool"]),
    (Shape::List, &["list", "array"]),
    (Shape::Map, &["map", "mapping", "object", "dict", "dictionary"]),
];

/// Other names of the constraints of a module's parameter.
const LEAST: &[&str] = &["min", "minimum"];
const MOST: &[&str] = &["max", "maximum"];
const ALLOWED: &[&str] = &["allowed", "enum", "values"];

/// What is known of a parameter.
struct Parameter<'a> {
    name: &'a str,
    value_type: Option<&'a str>,
    default: Option<NodeId>,
    min: Option<NodeId>,
    max: Option<NodeId>,
    allowed: Option<NodeId>,
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    match document {
        Document::Pipeline(pipeline) => {
            for (node, parameter) in pipeline.parameters.get().into_iter().flat_map(List::iter) {
                if parameter.value_type.node().is_none_or(|node| cx.tree.is_null(node))
                    && let Some(name) = parameter.name.get()
                {
                    let message = format!("the parameter {} has no type", quoted(name));
                    let finding = cx.at_key(&PARAMETER_TYPE_OR_DEFAULT, node, message).severity(Severity::Warning);
                    out.push(finding.help("add `type: string`, `integer`, `float` or `boolean`"));
                }
                of_pipeline(parameter).check(cx, out);
            }
        }
        Document::ModuleVersion(module) => {
            for (_, parameter) in module.params.get().into_iter().flat_map(List::iter) {
                of_module(parameter, cx.tree).check(cx, out);
            }
        }
        _ => {}
    }
}

fn of_pipeline(parameter: &pipeline::Parameter) -> Parameter<'_> {
    Parameter {
        name: parameter.name.get().map_or("", |name| name),
        value_type: parameter.value_type.get().map(|name| &**name),
        default: parameter.default.node(),
        min: parameter.min.located().map(|(_, node)| node),
        max: parameter.max.located().map(|(_, node)| node),
        allowed: parameter.allowed.node(),
    }
}

fn of_module<'a>(parameter: &'a module_version::Parameter, tree: &Tree) -> Parameter<'a> {
    let constraints = |constraints: &Optional<Any>, names: &[&str]| {
        let mapping = constraints.node()?;
        names.iter().find_map(|name| tree.get(mapping, name)).map(|entry| entry.value)
    };
    Parameter {
        name: parameter.name.get().map_or("", |name| name),
        value_type: parameter.value_type.get().map(|name| &**name),
        default: parameter.default.node(),
        min: constraints(&parameter.constraints, LEAST),
        max: constraints(&parameter.constraints, MOST),
        allowed: constraints(&parameter.constraints, ALLOWED),
    }
}

impl Parameter<'_> {
    fn check(&self, cx: &Context<'_>, out: &mut Findings<'_>) {
        let number = |node: NodeId| cx.tree.number(node).map(crate::yaml::Number::as_f64);
        let (min, max) = (self.min.and_then(number), self.max.and_then(number));
        if let (Some(least), Some(most), Some(node)) = (min, max, self.max)
            && least > most
            && !cx.is_faulty(node)
        {
            let message = format!(
                "the parameter {} can have no value: it is at least {least} and at most {most}",
                quoted(self.name)
            );
            out.push(cx.at_value(&PARAMETER_TYPE_OR_DEFAULT, node, message));
            return;
        }
        let Some(node) = self.default.filter(|node| !cx.tree.is_null(*node) && !cx.is_faulty(*node)) else { return };
        if cx.tree.string(node).is_some_and(is_template) {
            return;
        }
        let problem = self.type_problem(cx, node).or_else(|| match number(node) {
            Some(value) if min.is_some_and(|min| value < min) => {
                Some(format!("is less than {}", min.unwrap_or_default()))
            }
            Some(value) if max.is_some_and(|max| value > max) => {
                Some(format!("is more than {}", max.unwrap_or_default()))
            }
            _ => self.is_forbidden(cx.tree, node).then(|| "is not one of the allowed values".to_owned()),
        });
        if let Some(problem) = problem {
            let shown = match is_secret_name(self.name) {
                true => String::new(),
                false => format!(" {}", cx.shown(node)),
            };
            let message = format!("the default{shown} of the parameter {} {problem}", quoted(self.name));
            out.push(cx.at_value(&PARAMETER_TYPE_OR_DEFAULT, node, message));
        }
    }

    fn type_problem(&self, cx: &Context<'_>, node: NodeId) -> Option<String> {
        let name = self.value_type?.to_ascii_lowercase();
        let (shape, _) = TYPES.iter().find(|(_, names)| names.contains(&name.as_str()))?;
        let is = type_name(cx.tree, node);
        let a_fraction = if is == "a number" && *shape == Shape::Integer { "not a whole number" } else { is };
        (!fits(cx.tree, node, *shape)).then(|| {
            format!("is {a_fraction}, not {}", shape.name())
                .replace("not a whole number, not an integer", "not an integer")
        })
    }

    fn is_forbidden(&self, tree: &Tree, node: NodeId) -> bool {
        let Some(allowed) = self.allowed.filter(|allowed| tree.is_sequence(*allowed)) else { return false };
        let same = |other: &NodeId| match (tree.number(*other), tree.number(node)) {
            (Some(a), Some(b)) => a.as_f64() == b.as_f64(),
            _ => tree.text(*other) == tree.text(node),
        };
        tree.text(node).is_some() && !tree.items(allowed).iter().any(same)
    }
}

fn fits(tree: &Tree, node: NodeId, shape: Shape) -> bool {
    match (shape, tree.kind(tree.resolve(node))) {
        (Shape::String, NodeKind::Scalar(ScalarType::String))
        | (Shape::Integer, NodeKind::Scalar(ScalarType::Integer))
        | (Shape::Number, NodeKind::Scalar(ScalarType::Integer | ScalarType::Float))
        | (Shape::Boolean, NodeKind::Scalar(ScalarType::Bool))
        | (Shape::List, NodeKind::Sequence)
        | (Shape::Map, NodeKind::Mapping) => true,
        // As JSON Schema has it, 17.0 is an integer.
        (Shape::Integer, NodeKind::Scalar(ScalarType::Float)) => {
            tree.number(node).is_some_and(|number| number.as_f64().fract() == 0.0)
        }
        _ => false,
    }
}
