//! Annotations of the published schemas about their own constraints: which rule reports a violation, and because of which value.

use serde_json::Value;

/// Names the rule of a constraint: a rule id, or a map from keyword to rule id. The nearest one above the keyword applies.
pub const RULE: &str = "x-mlspec-rule";

/// Names the value that makes a conditional requirement apply, as a path from the root of the document.
pub(super) const BECAUSE: &str = "x-mlspec-because";

/// The message, if the keyword alone is not enough to derive one.
pub(super) const MESSAGE: &str = "x-mlspec-message";

/// The help text.
const HELP: &str = "x-mlspec-help";

/// The annotations of a failed keyword.
#[derive(Clone, Debug)]
pub struct Constraint<'s> {
    /// The id of the rule that the schema names.
    pub rule: Option<&'s str>,
    /// The path of the value that makes the constraint apply.
    pub because: Option<&'s str>,
    /// The message that replaces one derived from the keyword.
    pub message: Option<&'s str>,
    /// What to do, if there are several ways to meet the constraint.
    pub help: Option<&'s str>,
    /// The schema that holds the keyword.
    pub schema: &'s Value,
}

/// Looks up a failed keyword by its path in the schema, such as `/$defs/Tag/properties/key/type`. `detail` narrows down the
/// keyword: `required/mlSpecVersion` is tried before `required`.
pub(super) fn constraint<'s>(schema: &'s Value, path: &str, detail: Option<&str>) -> Constraint<'s> {
    let mut found = Constraint { rule: None, because: None, message: None, help: None, schema };
    let keyword = path.rsplit('/').next().unwrap_or("");
    let mut node = schema;
    note(&mut found, node, keyword, detail);
    let segments: Vec<String> =
        path.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect();
    for segment in segments.iter().take(segments.len().saturating_sub(1)) {
        let next = match node {
            Value::Object(object) => object.get(segment),
            Value::Array(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => None,
        };
        let Some(next) = next else { break };
        node = next;
        note(&mut found, node, keyword, detail);
        found.schema = node;
    }
    found
}

fn note<'s>(found: &mut Constraint<'s>, schema: &'s Value, keyword: &str, detail: Option<&str>) {
    let rule = match schema.get(RULE) {
        Some(Value::String(id)) if keyword != "additionalProperties" => Some(id),
        Some(Value::Object(by_keyword)) => {
            let narrow = detail.and_then(|detail| by_keyword.get(&format!("{keyword}/{detail}")));
            match narrow.or_else(|| by_keyword.get(keyword)) {
                Some(Value::String(id)) => Some(id),
                _ => None,
            }
        }
        _ => None,
    };
    if let Some(rule) = rule {
        found.rule = Some(rule);
    }
    if let Some(message) = schema.get(MESSAGE).and_then(Value::as_str) {
        found.message = Some(message);
    }
    if let Some(help) = schema.get(HELP).and_then(Value::as_str) {
        found.help = Some(help);
    }
    if let Some(because) = schema.get(BECAUSE).and_then(Value::as_str) {
        found.because = Some(because);
    }
}
