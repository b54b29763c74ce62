//! Whether a model meets its objectives: each with its claims as pictures.

use maud::{Markup, html};

use super::chart::{bullet, claim_dot, claim_scale};
use super::words::{Tone, badge, bound, count, figure, headings, objective_badge, path, short, slice};
use crate::governance::{GovernedModel, ModelJudgement};
use crate::objectives::verdict::{
    ClaimTruth, InputRole, JudgedClaim, JudgedObjective, JudgedSeverity, ObjectivePart, Verdict,
};

pub(super) fn section(model: &GovernedModel) -> Markup {
    html! {
        h3 { "Objectives" }
        @if model.judgements.is_empty() { p { (badge(Tone::Open, "not judged")) " No objectives say what it must achieve." } }
        @for judgement in &model.judgements { (judged(judgement)) }
    }
}

fn judged(judgement: &ModelJudgement) -> Markup {
    html! {
        div.judgement {
            p.source {
                strong { (judgement.name) } " " (path(&judgement.path))
                @if let Some(owner) = &judgement.owner { span.note { " owned by " (owner) } }
            }
            @if let Some(why) = &judgement.refused { p { (badge(Tone::Open, "not judged")) " " (why) } }
            @if let Some(verdict) = &judgement.verdict {
                (evidence(verdict))
                @for concern in &verdict.concerns { p.concern { (badge(Tone::Fair, "concern")) " " (concern.message) } }
                ul.objectives {
                    @for own in &verdict.objectives { (objective(own, judgement.reasons.get(&own.id).map(String::as_str))) }
                }
            }
        }
    }
}

/// Returns by what a verdict was given.
fn evidence(verdict: &Verdict) -> Markup {
    let shown = [InputRole::Evaluation, InputRole::Test, InputRole::Run, InputRole::Baseline];
    let inputs = verdict.inputs.iter().filter(|input| shown.contains(&input.role));
    html! {
        p.note {
            "Judged"
            @if let Some(day) = &verdict.as_of { " as of " time datetime=(day) { (day) } }
            " by"
            @for (at, input) in inputs.enumerate() { @if at > 0 { "," } " " (input.role.name()) " " (path(&input.path)) }
            "."
        }
    }
}

fn objective(own: &JudgedObjective, why: Option<&str>) -> Markup {
    let parts = [ObjectivePart::Expect, ObjectivePart::Aim];
    html! {
        li class={ "objective is-" (own.verdict.name()) } {
            div.what {
                p.name {
                    (objective_badge(own.verdict)) " " strong { (own.id) }
                    @if own.severity == JudgedSeverity::Advisory { span.note { " advisory" } }
                }
                @if let Some(why) = why { p.reason { (why) } }
                p.condition { code { (own.expression) } @if let Some(aim) = &own.aim { br; span.note { "aim: " } code { (aim) } } }
                @if own.claims.is_empty() || own.reason.is_some() { p.message { (own.message) } }
                @if let Some(waiver) = &own.waiver {
                    p.note { "Waived until " time datetime=(waiver.until) { (waiver.until) } " by " (waiver.by) ": " (waiver.reason) }
                }
                @if !own.left_out.is_empty() {
                    p.note {
                        "Left out as too small: "
                        @for (at, left_out) in own.left_out.iter().enumerate() {
                            @if at > 0 { "; " } (slice(&left_out.slice)) " (" data value=(left_out.count) { (left_out.count) } ")"
                        }
                    }
                }
            }
            div.claims { @for part in parts { (claims(own, &own.claims.iter().filter(|claim| claim.part == part).collect::<Vec<_>>())) } }
        }
    }
}

/// Returns the claims of a condition: those of one text in several slices as a dot plot, others as bullet charts.
fn claims(objective: &JudgedObjective, all: &[&JudgedClaim]) -> Markup {
    let mut groups: Vec<Vec<&JudgedClaim>> = Vec::new();
    for claim in all {
        match groups.last_mut().filter(|group| group.first().is_some_and(|first| first.text == claim.text)) {
            Some(group) => group.push(claim),
            None => groups.push(vec![claim]),
        }
    }
    html! {
        @for group in &groups {
            @match group.as_slice() {
                [only] => (claim(objective, only)),
                several => (sliced(several)),
            }
        }
    }
}

fn claim(objective: &JudgedObjective, claim: &JudgedClaim) -> Markup {
    let picture = bullet(claim, &words(claim));
    html! {
        figure.claim {
            @if claim.part == ObjectivePart::Aim { p.note { "aim" } }
            @if !claim.slice.is_empty() { p.note { (slice(&claim.slice)) } }
            @if let Some(picture) = picture { (picture) }
            figcaption { (values(objective, claim)) }
        }
    }
}

/// Returns the value, the bound and the margin of a claim. What the objective says already is not said again.
fn values(objective: &JudgedObjective, claim: &JudgedClaim) -> Markup {
    let is_news = claim.message != objective.message;
    html! {
        @match &claim.value {
            Some(value) => {
                strong { (figure(value, &claim.unit)) }
                @if let Some(interval) = &claim.interval {
                    span.note { " [" (figure(&interval.lower, "")) ", " (figure(&interval.upper, "")) "]" }
                }
            }
            None => {
                @if claim.truth == ClaimTruth::Unknown { strong { "unknown" } }
                @if is_news { " " span.note { (claim.message) } }
            }
        }
        @if let Some(bound) = bound(claim) { " " span.bound { (bound) } }
        @if claim.margin.is_some() || claim.count.is_some() {
            span.rest {
                @if let Some(margin) = &claim.margin {
                    span class={ "margin" @if margin.starts_with('-') { " is-short" } } {
                        (if margin.starts_with('-') { "short by " } else { "margin " }) (figure(margin, &claim.unit))
                    }
                    " "
                }
                @if let Some(examples) = claim.count { span.note { "n " data value=(examples) { (examples) } } }
            }
        }
    }
}

fn sliced(all: &[&JudgedClaim]) -> Markup {
    let scale = claim_scale(all);
    let bounds = all.first().and_then(|first| bound(first));
    html! {
        table.slices {
            caption {
                @if all.first().is_some_and(|first| first.part == ObjectivePart::Aim) { span.note { "aim: " } }
                "in " (count(all.len())) " slices"
                @if let Some(bound) = bounds { ", each " span.bound { (bound) } }
            }
            thead.hidden { (headings(&["Slice", "Picture", "Value", "Verdict"])) }
            tbody {
                @for claim in all {
                    @let name = if claim.slice.is_empty() { "all".to_owned() } else { claim.slice.values().cloned().collect::<Vec<_>>().join(", ") };
                    tr {
                        th scope="row" { (name) }
                        td { (claim_dot(claim, scale, &words(claim))) }
                        td.number {
                            @match &claim.value { Some(value) => (figure(value, &claim.unit)), None => "unknown" }
                            @if let Some(interval) = &claim.interval {
                                span.note { " [" (figure(&interval.lower, "")) ", " (figure(&interval.upper, "")) "]" }
                            }
                        }
                        td { (match claim.truth { ClaimTruth::True => "holds", ClaimTruth::False => "does not hold", ClaimTruth::Unknown => "unknown" }) }
                    }
                }
            }
        }
    }
}

/// Returns what a picture of a claim shows.
fn words(claim: &JudgedClaim) -> String {
    let mut words = claim.text.clone();
    if !claim.slice.is_empty() {
        words += &format!(" in {}", slice(&claim.slice));
    }
    let unit = if claim.unit.is_empty() { String::new() } else { format!(" {}", claim.unit) };
    if let Some(value) = &claim.value {
        words += &format!(": {}{unit}", short(value));
    }
    if let Some(interval) = &claim.interval {
        words += &format!(", interval {} to {}", short(&interval.lower), short(&interval.upper));
    }
    if let (Some(comparison), Some(low)) = (claim.comparison, &claim.threshold) {
        words += &format!(", required {} {}", comparison.symbol(), short(low));
        if let Some(high) = &claim.upper_threshold {
            words += &format!(" and {}", short(high));
        }
        words += &unit;
    }
    words
        + match claim.truth {
            ClaimTruth::True => "; it holds",
            ClaimTruth::False => "; it does not hold",
            ClaimTruth::Unknown => "; it is unknown",
        }
}
