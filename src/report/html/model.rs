//! The part of the page about one model.

use maud::{Markup, html};

use super::chart::{dot, meter, slice_scale, sparkline, split_bar};
use super::words::{Tone, age, badge, count, counted, figure, file, headings, icon, model_badge, path, short, slice};
use super::{chart, evidence, lineage};
use crate::governance::{
    ApprovalReport, CoveredStepReport, GovernedModel, HoldbackUse, MetricSeries, SlicedMetric, SplitReport,
    ValidationReport, WaiverReport,
};

pub(super) fn section(at: usize, model: &GovernedModel, link_base: Option<&str>) -> Markup {
    let id = format!("model-{}", at + 1);
    let title = format!("{id}-title");
    html! {
        section.model id=(id) aria-labelledby=(title) {
            header.of-model {
                div {
                    p.kicker { (if model.kind == "model" { "Model" } else { "Objectives without a model" }) }
                    h2 id=(title) { (model.name) }
                }
                (model_badge(model.verdict))
            }
            @if let Some(text) = &model.description { p.lead { (text) } }
            (facts(model, link_base))
            (evidence::section(model))
            (waivers(&model.waivers))
            (approvals(&model.approvals, link_base))
            (slices(&model.slices))
            (series(model))
            (steps(model, link_base))
            (validations(&model.validations))
            (splits(&model.splits))
            (holdback(&model.holdback))
            (lineage::section(model))
        }
    }
}

fn facts(model: &GovernedModel, link_base: Option<&str>) -> Markup {
    html! {
        @if !model.facts.is_empty() || !model.files.is_empty() {
            dl.facts {
                @for fact in &model.facts { div { dt { (fact.name) } dd { (fact.value) } } }
                @if !model.files.is_empty() {
                    div { dt { "Described in" } @for own in &model.files { dd { (file(own, link_base)) } } }
                }
            }
        }
    }
}

fn waivers(waivers: &[WaiverReport]) -> Markup {
    html! {
        @if !waivers.is_empty() {
            h3 { "Waivers" }
            table.stack {
                caption.hidden { "Waivers, the first to end first" }
                thead { (headings(&["Objective", "Last day", "Decided by", "Reason", "Verdict"])) }
                tbody {
                    @for own in waivers {
                        tr {
                            th scope="row" { (own.objective) }
                            td data-label="Last day" { time datetime=(own.until) { (own.until) } " " (left(own)) }
                            td data-label="Decided by" { (own.by) }
                            td data-label="Reason" { (own.reason) }
                            td data-label="Verdict" { (if own.is_used { "needs it" } else { "does not need it" }) }
                        }
                    }
                }
            }
        }
    }
}

fn approvals(approvals: &[ApprovalReport], link_base: Option<&str>) -> Markup {
    html! {
        @if !approvals.is_empty() {
            h3 { "Approvals" }
            table.stack {
                caption.hidden { "Approvals, the first to approve first" }
                thead { (headings(&["By", "On", "Of", "Document"])) }
                tbody {
                    @for own in approvals {
                        tr {
                            th scope="row" { (own.by) }
                            td data-label="On" { @match &own.date { Some(date) => time datetime=(date) { (date) }, None => "–" } }
                            td data-label="Of" {
                                (own.kind) " " strong { (own.name) }
                                @if let Some(digest) = &own.digest { span.note.below { code { (digest) } } }
                            }
                            td data-label="Document" { (file(&own.path, link_base)) }
                        }
                    }
                }
            }
        }
    }
}

fn left(waiver: &WaiverReport) -> Markup {
    let Some(days) = waiver.days_left else { return html! {} };
    match days {
        days if days < 0 => badge(Tone::Bad, "ended"),
        0 => badge(Tone::Fair, "ends today"),
        days if waiver.is_ending() => badge(Tone::Fair, &format!("{days} days left")),
        days => html! { span.note { (days) " days left" } },
    }
}

fn slices(all: &[SlicedMetric]) -> Markup {
    html! {
        @if !all.is_empty() {
            h3 { "By slice" }
            div.columns { @for sliced in all { (slice_table(sliced)) } }
        }
    }
}

fn slice_table(sliced: &SlicedMetric) -> Markup {
    let scale = slice_scale(sliced, &[]);
    let whole = sliced.whole.as_deref().map(|whole| chart::said(whole, &sliced.unit));
    html! {
        div.card {
            table.slices {
                caption {
                    strong { (sliced.metric) } " by " (sliced.dimensions.join(", "))
                    @if let Some(dataset) = &sliced.dataset { span.note { " on " (dataset) } }
                    @if let Some(whole) = &sliced.whole { span.note { ", all together (dashed): " (figure(whole, &sliced.unit)) } }
                }
                thead.hidden { (headings(&["Slice", "Picture", "Value", "Examples"])) }
                tbody {
                    @for point in &sliced.slices {
                        @let name = slice(&point.slice);
                        @let value = chart::said(&point.value, &sliced.unit);
                        @let words = match &whole { Some(whole) => format!("{name}: {value}; all together: {whole}"), None => format!("{name}: {value}") };
                        tr {
                            th scope="row" { (point.slice.values().cloned().collect::<Vec<_>>().join(", ")) }
                            td { (dot(sliced, point, scale, &words)) }
                            td.number {
                                (figure(&point.value, &sliced.unit))
                                @if let (Some(low), Some(high)) = (&point.lower, &point.upper) {
                                    span.note { " [" (figure(low, "")) ", " (figure(high, "")) "]" }
                                }
                            }
                            td.number { @if let Some(examples) = point.count { "n " data value=(examples) { (examples) } } }
                        }
                    }
                }
            }
        }
    }
}

fn series(model: &GovernedModel) -> Markup {
    html! {
        @if !model.series.is_empty() {
            h3 { "Metrics over time" }
            table.stack.series {
                caption.note { "The newest value is filled; a square is the baseline that objectives compare with." }
                thead { (headings(&["Metric", "Data", "Over time", "Newest", "From"])) }
                tbody { @for own in &model.series { (series_row(own)) } }
            }
            @if model.series_left_out > 0 { p.note { (count(model.series_left_out)) " more metrics are left out." } }
        }
    }
}

fn series_row(series: &MetricSeries) -> Markup {
    let values: Vec<String> = series
        .points
        .iter()
        .map(|point| {
            format!(
                "{}{}",
                point.date.as_deref().map(|date| format!("{date}: ")).unwrap_or_default(),
                short(&point.value)
            )
        })
        .collect();
    let words = format!("{} over time: {}", series.metric, values.join("; "));
    html! {
        tr {
            th scope="row" { (series.metric) }
            td data-label="Data" { (series.dataset.as_deref().unwrap_or("–")) }
            td data-label="Over time" { (sparkline(series, &words)) }
            @if let Some(newest) = series.points.last() {
                td.number data-label="Newest" {
                    (figure(&newest.value, &series.unit))
                    @if series.points.len() > 1 { span.note { " of " (count(series.points.len())) } }
                }
                td data-label="From" {
                    @if let Some(date) = &newest.date { time datetime=(date) { (date) } " " }
                    span.note { (newest.kind) " " (newest.name) }
                }
            }
        }
    }
}

fn steps(model: &GovernedModel, link_base: Option<&str>) -> Markup {
    html! {
        h3 { "Steps of the lifecycle" span.of { " " (count(model.documented)) " of " (count(model.steps.len())) " documented" } }
        ol.steps { @for step in &model.steps { (step_tile(step, link_base)) } }
    }
}

fn step_tile(step: &CoveredStepReport, link_base: Option<&str>) -> Markup {
    let is_there = !step.files.is_empty();
    html! {
        li class=(if is_there { "is-there" } else { "is-lacking" }) {
            p.step {
                span.mark { @if is_there { (icon(Tone::Good)) } @else { "–" } }
                span.number { (step.number) } " " (step.name)
            }
            @match step.files.first() {
                None => p.note { "not documented" },
                Some(first) => {
                    p.file { (file(&first.path, link_base)) }
                    p.note {
                        @match &first.date {
                            Some(date) => {
                                time datetime=(date) { (date) }
                                @if let Some(age) = age(first.age_days) { ", " (age) }
                            }
                            None => "no date",
                        }
                        @if step.files.len() > 1 {
                            " · " (if step.has_more { "more than " } else { "" }) (count(step.files.len() - 1)) " more"
                        }
                    }
                }
            }
        }
    }
}

fn validations(all: &[ValidationReport]) -> Markup {
    html! {
        @if !all.is_empty() {
            h3 { "Validation of the data" }
            div.columns { @for own in all { (validation(own)) } }
        }
    }
}

fn validation(own: &ValidationReport) -> Markup {
    html! {
        div.card {
            p {
                (if own.is_passed { badge(Tone::Good, "passed") } else { badge(Tone::Bad, "failed") }) " " strong { (own.name) }
                @if let Some(date) = &own.date { " " time datetime=(date) { (date) } }
            }
            p.note {
                (path(&own.path)) ": "
                @if own.errors + own.warnings == 0 { "no anomalies" }
                @else { (counted(own.errors, "error")) ", " (counted(own.warnings, "warning")) }
            }
            @if !own.distances.is_empty() { (distances(own)) }
        }
    }
}

/// Returns drift and skew as small multiples.
fn distances(own: &ValidationReport) -> Markup {
    html! {
        table.slices {
            caption.hidden { "Drift and skew by " (own.name) }
            thead.hidden { (headings(&["Field", "Picture", "Distance"])) }
            tbody {
                @for distance in &own.distances {
                    @let what = format!("{} of {} from {}", if distance.is_skew { "skew" } else { "drift" }, distance.field, distance.against);
                    tr {
                        th scope="row" { (distance.field) span.note.below { (if distance.is_skew { "skew from " } else { "drift from " }) (distance.against) } }
                        td { @if let Some(threshold) = distance.threshold { (meter(distance.value, threshold, &format!("{what}: {}, at most {threshold}", distance.value))) } }
                        td {
                            data value=(distance.value) { (distance.value) }
                            @if let Some(threshold) = distance.threshold { " ≤ " data value=(threshold) { (threshold) } }
                            span.note.below { (distance.measure) }
                        }
                    }
                }
            }
        }
    }
}

fn splits(splits: &[SplitReport]) -> Markup {
    html! {
        @if !splits.is_empty() {
            h3 { "Split of the data" }
            @for split in splits { (split_figure(split)) }
        }
    }
}

fn split_figure(split: &SplitReport) -> Markup {
    let size = |at: usize| {
        let set = split.sets.get(at)?;
        let examples = set.examples.map(|examples| examples.to_string());
        Some(format!("{} {}", set.name, examples.or_else(|| set.fraction.map(|own| own.to_string()))?))
    };
    let words = (0..split.sets.len()).filter_map(size).collect::<Vec<_>>().join(", ");
    html! {
        figure.card {
            @if let Some(bar) = split_bar(split, &format!("{}: {words}", split.name)) { (bar) }
            figcaption {
                strong { (split.name) } " " (path(&split.path))
                ul.legend {
                    @for set in &split.sets {
                        li {
                            span class={ "swatch is-" (set.name) } aria-hidden="true" {}
                            (set.name)
                            @if let Some(examples) = set.examples { " " data value=(examples) { (examples) } }
                            @if let Some(fraction) = set.fraction { " (" data value=(fraction) { (fraction) } ")" }
                        }
                    }
                }
            }
        }
    }
}

fn holdback(all: &[HoldbackUse]) -> Markup {
    html! {
        @if !all.is_empty() {
            h3 { "Uses of the hold-back data" }
            @for own in all {
                div.card {
                    p { strong { (own.dataset) } " was used " (count(own.count)) (if own.count == 1 { " time." } else { " times." })
                        @if own.count > 1 { span.note { " Every further use makes it less of a test." } } }
                    ul.plain {
                        @for used in &own.uses {
                            li {
                                @if let Some(date) = &used.date { time datetime=(date) { (date) } " " }
                                (used.kind) " " strong { (used.name) } " " (path(&used.path))
                            }
                        }
                    }
                    @if own.count > own.uses.len() { p.note { "and " (count(own.count - own.uses.len())) " earlier ones" } }
                }
            }
        }
    }
}
