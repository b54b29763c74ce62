//! What a field means, and what an objective says, as Markdown.

use super::hover::markdown;
use super::touches;
use super::verdict::verdict;
use crate::analysis::Analysis;
use crate::documents::Document;
use crate::objectives::explain::sentence;
use crate::objectives::policy::Policy;
use crate::schema::{PathStep, fields_at, path_to, values_at};
use crate::secrets::redact;
use crate::text::{Span, visible};
use crate::workspace::{DocId, Member};

/// Returns what the schema says of the field whose key is at a byte: its type, whether it is required, its description and its values.
pub(super) fn field_at(member: &Member, offset: u32) -> Option<(Span, String)> {
    let tree = &member.tree;
    let key = tree.keys(member.position as usize).find(|key| touches(tree.span(*key), offset))?;
    let mut path = path_to(tree, tree.parent(key)?);
    let name = tree.field_name(key);
    let field = fields_at(member.kind, &path).into_iter().find(|field| field.name == name)?;
    let required = if field.is_required { ", required" } else { "" };
    let mut text = format!("**{}**: {}{required}", markdown(field.name), field.type_in_words());
    if !field.description.is_empty() {
        text += &format!("\n\n{}", field.description);
    }
    path.push(PathStep::Field(name.to_owned()));
    let listed = values_at(member.kind, &path).into_iter().filter(|own| own.is_listed && !own.description.is_empty());
    let values = listed.map(|own| {
        let value = own.value.as_str().map_or_else(|| own.value.to_string(), str::to_owned);
        format!("- `{value}`: {}", own.description)
    });
    let values: Vec<String> = values.collect();
    if !values.is_empty() {
        text += &format!("\n\n{}", values.join("\n"));
    }
    Some((tree.span(key), text))
}

/// Returns what the condition at a byte says in words, and what the gate says of its objective.
pub(super) fn objective_at(analysis: &mut Analysis<'_>, id: DocId, offset: u32) -> Option<(Span, String)> {
    let member = analysis.index().workspace().member(id)?.clone();
    let Some(Document::Objectives(document)) = member.typed() else { return None };
    let (policy, _) = Policy::of(document, &member.tree);
    let is_here = |node| touches(member.tree.span(member.tree.resolve(node)), offset);
    let (at, demand) = policy.objectives.iter().enumerate().find_map(|(at, objective)| {
        let demands = [&objective.expect, &objective.aim].into_iter().flatten();
        demands.into_iter().find(|demand| is_here(demand.node)).map(|demand| (at, demand))
    })?;
    let shown = |text: &str| markdown(&visible(&redact(text)));
    let mut text = format!("{}.", shown(&sentence(demand.expression.as_ref()?)));
    match verdict(analysis, id) {
        Ok(verdict) => {
            if let Some(judged) = verdict.objectives.get(at) {
                text += &format!("\n\n**{}**: {}", judged.verdict.name(), shown(&judged.message));
            }
        }
        Err(why) => text += &format!("\n\nNothing is judged: {}", shown(&why)),
    }
    Some((member.tree.span(demand.node), text))
}
