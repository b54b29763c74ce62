//! `pipeline/parameter-type-or-default`

use crate::diagnostics::Severity;
use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::parameters::{self, DefinedParameter};
use crate::rules::pipeline::quoted;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A parameter must have a type, and a default that obeys the type and the constraints.
    ///
    /// The default is what most runs use, and nobody checks it again. A default that is text instead of a number, or outside the bounds
    /// that the same document gives, is rejected when the pipeline is submitted, or worse, accepted. The same is true of the parameters of
    /// a module version, whose bounds are under `constraints`. A parameter of a pipeline without a type is a warning. Types that are not
    /// known here are not checked.
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
                check_default(&parameters::of_graph(parameter, cx.tree), cx, out);
            }
        }
        Document::ModuleVersion(version) => {
            parameters::of_version(version, cx.tree).for_each(|parameter| check_default(&parameter, cx, out));
        }
        _ => {}
    }
}

fn check_default(parameter: &DefinedParameter<'_>, cx: &Context<'_>, out: &mut Findings<'_>) {
    let name = quoted(parameter.name);
    for bound in parameter.no_bounds().filter(|bound| !cx.is_faulty(*bound)) {
        let message =
            format!("{} is no bound of the parameter {name}: every comparison with it is false", cx.shown(bound));
        out.push(cx.at_value(&PARAMETER_TYPE_OR_DEFAULT, bound, message));
    }
    if let Some(allowed) = parameter.nothing_allowed().filter(|allowed| !cx.is_faulty(*allowed)) {
        let message = format!("the parameter {name} can have no value: none is allowed");
        out.push(cx.at_value(&PARAMETER_TYPE_OR_DEFAULT, allowed, message));
        return;
    }
    if let (Some(meant), Some(node)) = (parameter.meant_type(), parameter.type_node.filter(|node| !cx.is_faulty(*node)))
    {
        let message = format!("the type {} of the parameter {name} is not known", cx.shown(node));
        let finding = cx.at_value(&PARAMETER_TYPE_OR_DEFAULT, node, message).severity(Severity::Warning);
        out.push(finding.help(format!("did you mean '{meant}'?")));
    }
    if let Some((least, most, node)) = parameter.empty_range()
        && !cx.is_faulty(node)
    {
        let message = format!("the parameter {name} can have no value: it is at least {least} and at most {most}");
        out.push(cx.at_value(&PARAMETER_TYPE_OR_DEFAULT, node, message));
        return;
    }
    let Some(default) = parameter.default.filter(|default| !cx.is_faulty(*default)) else { return };
    if let Some(problem) = parameter.problem(cx.tree, default) {
        let message = format!("the default{} of the parameter {name} {problem}", parameter.shown(cx, default));
        out.push(cx.at_value(&PARAMETER_TYPE_OR_DEFAULT, default, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_parameter_is_a_finite_number() {
        let about = |parameter: &str| {
            let text = format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nparameters:\n- {{name: rate, type: float, {parameter}}}\n\
                 steps: {{fit: {{cmd: \"fit {{rate}}\", parameters: {{rate: \"${{rate}}\"}}}}}}\n"
            );
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::PARAMETER_TYPE_OR_DEFAULT.id);
            own.map(|(_, place, _)| place).collect::<Vec<_>>()
        };
        for value in [".nan", ".inf", "-.Inf", "1e999"] {
            assert_eq!(about(&format!("default: {value}")), [value]);
        }
        assert_eq!(about("default: 0.1, max: .nan"), [".nan"]);
        for (misspelt, is_known) in
            [("flaot", false), ("Strng", false), ("bolean", false), ("FLOAT", true), ("date", true), ("int", true)]
        {
            let text = format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nparameters: [{{name: rate, type: {misspelt}}}]\n\
                 steps: {{fit: {{cmd: \"fit {{rate}}\", parameters: {{rate: \"${{rate}}\"}}}}}}\n"
            );
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::PARAMETER_TYPE_OR_DEFAULT.id);
            assert_eq!(own.count(), usize::from(!is_known), "{misspelt}");
        }
        assert_eq!(about("default: 0.1, min: .NaN"), [".NaN"]);
        assert_eq!(about("allowed: []"), ["[]"]);
        for fine in ["default: 0.1, min: -.inf, max: .inf", "default: 1e9", "default: null"] {
            assert_eq!(about(fine), [""; 0], "{fine}");
        }
    }
}
