//! The summary: what the head of risk reads in a minute.

use maud::{Markup, html};

use super::chart::squares;
use super::words::{Tone, count, counted, headings, icon, model_badge, word_of_model};
use crate::governance::{GovernanceReport, GovernedModel, ModelTrend, Trend};
use crate::objectives::verdict::ObjectiveCounts;

/// More of what blocks is left to the parts of the models.
const MOST_BLOCKED: usize = 12;

pub(super) fn section(report: &GovernanceReport) -> Markup {
    html! {
        section #summary aria-labelledby="summary-title" {
            h2 #summary-title { "Summary" }
            (tiles(report))
            @if let Some(trend) = &report.trend { (since(trend, report)) }
            (blocked(report))
            (models(report))
        }
    }
}

fn tiles(report: &GovernanceReport) -> Markup {
    let all = &report.summary;
    let verdicts = all.verdicts;
    let of_models = [
        (Tone::Bad, verdicts.fail, "fail"),
        (Tone::Open, verdicts.unknown, "unknown"),
        (Tone::Open, verdicts.not_judged, "not judged"),
        (Tone::Fair, verdicts.warn, "warn"),
        (Tone::Good, verdicts.pass, "pass"),
    ];
    let of_findings =
        [(Tone::Bad, all.errors, "errors"), (Tone::Fair, all.warnings, "warnings"), (Tone::Note, all.infos, "infos")];
    html! {
        dl.tiles {
            div.tile {
                dt { "Models by verdict" }
                dd.big { (count(all.models)) }
                (parts(&of_models))
            }
            div.tile {
                dt { "Steps documented" }
                dd.big { (count(all.documented)) span.of { " of " (count(all.steps)) } }
                dd.note { "thirteen steps of the lifecycle for each model" }
            }
            div.tile {
                dt { "Waivers that end within 30 days" }
                dd.big { (count(all.waivers_ending)) }
                dd.note { (count(all.waivers_ended)) " ended already" }
            }
            div.tile {
                dt { "Findings" }
                dd.big { (count(all.errors + all.warnings + all.infos)) }
                (parts(&of_findings))
            }
        }
    }
}

/// Returns the parts of a number that are not zero.
fn parts(parts: &[(Tone, usize, &str)]) -> Markup {
    html! {
        @for (tone, number, word) in parts.iter().filter(|(_, number, _)| *number > 0) {
            dd class={ "part is-" (tone.name()) } { (icon(*tone)) (count(*number)) " " (word) }
        }
        @if parts.iter().all(|(_, number, _)| *number == 0) { dd.note { "none" } }
    }
}

fn since(trend: &Trend, report: &GovernanceReport) -> Markup {
    let now = &report.summary;
    let changes = [
        ("errors", trend.errors, now.errors),
        ("warnings", trend.warnings, now.warnings),
        ("infos", trend.infos, now.infos),
    ];
    html! {
        div.panel {
            h3 { "Since the earlier report" @if let Some(day) = &trend.since { " of " time datetime=(day) { (day) } } }
            ul.plain {
                li { (count(trend.new_findings)) " new findings, " (count(trend.gone_findings)) " gone" }
                @for (what, before, now) in changes.iter().filter(|(_, before, now)| before != now) {
                    li { (what) ": " (count(*before)) " → " (count(*now)) }
                }
                @for model in &trend.models { li { (change(model)) } }
                @if trend.models.is_empty() { li { "No model has another verdict or more or fewer documented steps." } }
            }
        }
    }
}

fn change(model: &ModelTrend) -> Markup {
    html! {
        strong { (model.name) } ": "
        @match (model.verdict_before, model.verdict) {
            (None, Some(verdict)) => { "new, " (word_of_model(verdict)) }
            (Some(_), None) => "no longer there",
            (Some(before), Some(verdict)) if before != verdict => { (word_of_model(before)) " → " (word_of_model(verdict)) }
            _ => "the same verdict",
        }
        @if let (Some(before), Some(documented)) = (model.documented_before, model.documented) {
            @if before != documented { ", documented steps: " (count(before)) " → " (count(documented)) }
        }
    }
}

fn blocked(report: &GovernanceReport) -> Markup {
    let all = &report.summary.blocked;
    if all.is_empty() {
        return html! { p.lead { (icon(Tone::Good)) " Nothing blocks a deployment." } };
    }
    html! {
        div.panel {
            h3 { "What blocks a deployment" }
            ul.blocked {
                @for own in all.iter().take(MOST_BLOCKED) {
                    li {
                        a href={ "#model-" (own.model + 1) } { (report.models.get(own.model).map_or("", |model| &model.name)) }
                        @if let Some(objectives) = &own.objectives { " · " (objectives) }
                        @if let Some(objective) = &own.objective { " · " strong { (objective) } }
                        span.why { (own.why) }
                    }
                }
            }
            @if all.len() > MOST_BLOCKED { p.note { "and " (count(all.len() - MOST_BLOCKED)) " more, in the parts of the models" } }
        }
    }
}

fn models(report: &GovernanceReport) -> Markup {
    html! {
        @if report.models.is_empty() { p { "There is no model and there are no objectives here." } }
        @else {
            h3 #models-title { "Models" }
            table.models aria-labelledby="models-title" {
                thead { (headings(&["Model", "Verdict", "Objectives", "Steps documented", "Waivers", "Findings"])) }
                tbody { @for (at, model) in report.models.iter().enumerate() { (row(at, model)) } }
            }
        }
    }
}

fn row(at: usize, model: &GovernedModel) -> Markup {
    let of_objectives = counts(model);
    let steps = format!("{} of {} steps are documented", model.documented, model.steps.len());
    html! {
        tr {
            th scope="row" {
                a href={ "#model-" (at + 1) } { (model.name) }
                @if model.kind == "objectives" { span.note { " (objectives without a model)" } }
            }
            td data-label="Verdict" { (model_badge(model.verdict)) }
            td data-label="Objectives" {
                @if of_objectives.is_empty() { "–" }
                @for (at, (number, word)) in of_objectives.iter().enumerate() { @if at > 0 { ", " } (count(*number)) " " (word) }
            }
            td data-label="Steps documented" {
                (squares(model.steps.iter().map(|step| !step.files.is_empty()), &steps))
                span.note { (count(model.documented)) " of " (count(model.steps.len())) }
            }
            td data-label="Waivers" {
                @match model.waivers.first() {
                    None => "–",
                    Some(first) => { (counted(model.waivers.len(), "waiver")) ", until " (first.until) }
                }
            }
            td data-label="Findings" {
                @if model.errors + model.warnings + model.infos == 0 { "none" }
                @else { (counted(model.errors, "error")) ", " (counted(model.warnings, "warning")) ", " (counted(model.infos, "info")) }
            }
        }
    }
}

/// Returns the verdicts of the objectives of a model that are given, with their numbers.
fn counts(model: &GovernedModel) -> Vec<(usize, &'static str)> {
    let verdicts = || model.judgements.iter().filter_map(|own| own.verdict.as_ref()).map(|verdict| verdict.counts);
    let sum = |number: fn(ObjectiveCounts) -> usize| verdicts().map(number).sum();
    let all = [
        (sum(|own| own.fail), "fail"),
        (sum(|own| own.unknown), "unknown"),
        (sum(|own| own.warn), "warn"),
        (sum(|own| own.waived), "waived"),
        (sum(|own| own.pass), "pass"),
    ];
    all.into_iter().filter(|(number, _)| *number > 0).collect()
}
