//! The parameters that a pipeline or a module defines, and the values that they accept.

use crate::documents::field::List;
use crate::documents::module_version::{self, ModuleVersion};
use crate::documents::pipeline::{self, Pipeline};
use crate::rules::Context;
use crate::rules::context::is_secret_name;
use crate::rules::pipeline::is_template;
use crate::yaml::{self, NodeId, NodeKind, ScalarType, Tree, type_name};

/// A parameter as defined by a pipeline or a module.
pub(crate) struct DefinedParameter<'a> {
    /// Its name; empty if it has none.
    pub name: &'a str,
    /// The node of its name.
    pub node: Option<NodeId>,
    /// Its default, unless null.
    pub default: Option<NodeId>,
    /// Where its type is given.
    pub type_node: Option<NodeId>,
    value_type: Option<&'a str>,
    constraints: Constraints,
    /// The tree of these nodes.
    tree: &'a Tree,
}

/// Where the constraints of a parameter are given.
enum Constraints {
    /// In fields of the parameter of a graph.
    Fields { min: Option<NodeId>, max: Option<NodeId>, allowed: Option<NodeId> },
    /// In a mapping of the parameter of a module. It is looked into when a value is compared: a step sets a few of the parameters of its
    /// module, and all of them are listed for each step.
    Mapping(NodeId),
}

/// The shape of the values of a parameter type.
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
    /// Returns the shape of the values of a type. `None` if the type is not known here.
    fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        TYPES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(shape, _)| *shape)
    }

    /// Returns the name of the shape for messages, with an article.
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

/// The names of types in lower case.
const TYPES: &[(Shape, &[&str])] = &[
    (Shape::String, &["string", "str", "text"]),
    (Shape::Integer, &["integer", "int", "int32", "int64", "long"]),
    (Shape::Number, &["float", "double", "number", "float32", "float64", "real", "decimal"]),
    (Shape::Boolean, &["boolean", "bool"]),
    (Shape::List, &["list", "array"]),
    (Shape::Map, &["map", "mapping", "object", "dict", "dictionary"]),
];

/// Other names for the constraints of a module's parameter.
const LEAST: &[&str] = &["min", "minimum"];
const MOST: &[&str] = &["max", "maximum"];
const ALLOWED: &[&str] = &["allowed", "enum", "values"];

/// Returns the parameters of a pipeline's graph.
pub(crate) fn of_pipeline<'a>(pipeline: &'a Pipeline, tree: &'a Tree) -> impl Iterator<Item = DefinedParameter<'a>> {
    pipeline.parameters.get().into_iter().flat_map(List::iter).map(|(_, parameter)| of_graph(parameter, tree))
}

/// Returns the parameters of a module version.
pub(crate) fn of_version<'a>(version: &'a ModuleVersion, tree: &'a Tree) -> impl Iterator<Item = DefinedParameter<'a>> {
    version.params.get().into_iter().flat_map(List::iter).map(|(_, parameter)| of_module(parameter, tree))
}

/// Returns a parameter of a pipeline's graph.
pub(crate) fn of_graph<'a>(parameter: &'a pipeline::GraphParameter, tree: &'a Tree) -> DefinedParameter<'a> {
    DefinedParameter {
        name: parameter.name.get().map_or("", |name| name),
        node: parameter.name.node(),
        default: parameter.default.node().filter(|node| !tree.is_null(*node)),
        type_node: parameter.value_type.node(),
        value_type: parameter.value_type.get().map(|name| &**name),
        constraints: Constraints::Fields {
            min: parameter.min.located().map(|(_, node)| node),
            max: parameter.max.located().map(|(_, node)| node),
            allowed: parameter.allowed.node(),
        },
        tree,
    }
}

fn of_module<'a>(parameter: &'a module_version::ModuleParameter, tree: &'a Tree) -> DefinedParameter<'a> {
    let none = Constraints::Fields { min: None, max: None, allowed: None };
    DefinedParameter {
        name: parameter.name.get().map_or("", |name| name),
        node: parameter.name.node(),
        default: parameter.default.node().filter(|node| !tree.is_null(*node)),
        type_node: parameter.value_type.node(),
        value_type: parameter.value_type.get().map(|name| &**name),
        constraints: parameter.constraints.node().map_or(none, Constraints::Mapping),
        tree,
    }
}

impl DefinedParameter<'_> {
    fn min(&self) -> Option<NodeId> {
        match self.constraints {
            Constraints::Fields { min, .. } => min,
            Constraints::Mapping(mapping) => self.constraint(mapping, LEAST),
        }
    }

    fn max(&self) -> Option<NodeId> {
        match self.constraints {
            Constraints::Fields { max, .. } => max,
            Constraints::Mapping(mapping) => self.constraint(mapping, MOST),
        }
    }

    fn allowed(&self) -> Option<NodeId> {
        match self.constraints {
            Constraints::Fields { allowed, .. } => allowed,
            Constraints::Mapping(mapping) => self.constraint(mapping, ALLOWED),
        }
    }

    fn constraint(&self, mapping: NodeId, names: &[&str]) -> Option<NodeId> {
        names.iter().find_map(|name| self.tree.get(mapping, name)).map(|entry| entry.value)
    }

    /// Returns the known type that a misspelt type most likely means.
    pub fn meant_type(&self) -> Option<&'static str> {
        let written = self.value_type.filter(|name| Shape::named(name).is_none() && name.len() > 2)?;
        let names = TYPES.iter().flat_map(|(_, names)| names.iter().copied()).filter(|name| name.len() > 3);
        let lower = written.trim().to_ascii_lowercase();
        crate::text::nearest(&lower, names).filter(|name| strsim::osa_distance(&lower, name) == 1)
    }

    /// Returns the node of the list of allowed values if the list is empty.
    pub fn nothing_allowed(&self) -> Option<NodeId> {
        self.allowed().filter(|allowed| self.tree.is_sequence(*allowed) && self.tree.items(*allowed).is_empty())
    }

    /// Returns the nodes of the bounds that are NaN. Infinity is a bound, and means that there is none.
    pub fn no_bounds(&self) -> impl Iterator<Item = NodeId> {
        let bounds = [self.min(), self.max()].into_iter().flatten();
        bounds.filter(|node| self.tree.number(*node).is_some_and(|number| number.as_f64().is_nan()))
    }

    /// Returns the minimum, the maximum and the node of the maximum if the minimum is greater.
    pub fn empty_range(&self) -> Option<(f64, f64, NodeId)> {
        let (least, most) = self.bounds();
        let (least, most) = (least?, most?);
        (least > most).then_some((least, most, self.max()?))
    }

    fn bounds(&self) -> (Option<f64>, Option<f64>) {
        let number = |node: NodeId| self.tree.number(node).map(yaml::Number::as_f64);
        (self.min().and_then(number), self.max().and_then(number))
    }

    /// Describes what is wrong with a value of the parameter, as the predicate of a sentence.
    pub fn problem(&self, tree: &Tree, value: NodeId) -> Option<String> {
        if tree.string(value).is_some_and(is_template) {
            return None;
        }
        self.type_problem(tree, value).or_else(|| {
            let number = tree.number(value).map(yaml::Number::as_f64);
            number.and_then(|number| self.range_problem(number)).or_else(|| {
                let is_forbidden = self.is_forbidden(tree, value);
                is_forbidden.then(|| "is not one of the allowed values".to_owned())
            })
        })
    }

    fn range_problem(&self, number: f64) -> Option<String> {
        if !number.is_finite() {
            return Some("is not a finite number".to_owned());
        }
        match self.bounds() {
            (Some(min), _) if number < min => Some(format!("is less than {min}")),
            (_, Some(max)) if number > max => Some(format!("is more than {max}")),
            _ => None,
        }
    }

    /// Describes what is wrong with assigning another parameter's value to this one, as the predicate of a sentence.
    pub fn type_clash(&self, other: &DefinedParameter<'_>) -> Option<String> {
        let (own, others) = (Shape::named(self.value_type?)?, Shape::named(other.value_type?)?);
        let fits = own == others || (own, others) == (Shape::Number, Shape::Integer);
        (!fits).then(|| format!("is {}, not {}", others.name(), own.name()))
    }

    /// Formats a value of the parameter for a message, with a space before it. Empty if the value may be a secret.
    pub fn shown(&self, cx: &Context<'_>, value: NodeId) -> String {
        if is_secret_name(self.name) { String::new() } else { format!(" {}", cx.shown(value)) }
    }

    fn type_problem(&self, tree: &Tree, value: NodeId) -> Option<String> {
        let shape = Shape::named(self.value_type?)?;
        let is = type_name(tree, value);
        match (fits(tree, value, shape), shape) {
            (true, _) => None,
            (false, Shape::Integer) if is == "a number" => Some("is not an integer".to_owned()),
            (false, _) => Some(format!("is {is}, not {}", shape.name())),
        }
    }

    fn is_forbidden(&self, tree: &Tree, value: NodeId) -> bool {
        let Some(allowed) = self.allowed().filter(|allowed| self.tree.is_sequence(*allowed)) else { return false };
        let same = |other: &NodeId| match (self.tree.number(*other), tree.number(value)) {
            (Some(a), Some(b)) => a.as_f64() == b.as_f64(),
            _ => self.tree.text(*other) == tree.text(value),
        };
        tree.text(value).is_some() && !self.tree.items(allowed).iter().any(same)
    }
}

fn fits(tree: &Tree, value: NodeId, shape: Shape) -> bool {
    match (shape, tree.kind(tree.resolve(value))) {
        (Shape::String, NodeKind::Scalar(ScalarType::String))
        | (Shape::Integer, NodeKind::Scalar(ScalarType::Integer))
        | (Shape::Number, NodeKind::Scalar(ScalarType::Integer | ScalarType::Float))
        | (Shape::Boolean, NodeKind::Scalar(ScalarType::Bool))
        | (Shape::List, NodeKind::Sequence)
        | (Shape::Map, NodeKind::Mapping) => true,
        // In JSON Schema, 17.0 is an integer.
        (Shape::Integer, NodeKind::Scalar(ScalarType::Float)) => {
            tree.number(value).is_some_and(|number| number.as_f64().fract() == 0.0)
        }
        _ => false,
    }
}
