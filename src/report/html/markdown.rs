//! The summary of the report as Markdown, for the page of a job.

use std::io::{self, Write};

use super::words::{counted, word_of_model};
use crate::governance::{GovernanceReport, GovernedModel, ModelTrend, ModelVerdict, Trend};
use crate::report::markdown::{cell, code};

/// More of what blocks is left to the page.
const MOST_BLOCKED: usize = 30;

/// Writes the summary of the report as Markdown.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn governance_markdown(report: &GovernanceReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### Model governance: {}\n", cell(&super::title(report)))?;
    let all = &report.summary;
    let day = report.as_of.as_deref().map(|day| format!("As of {day}: ")).unwrap_or_default();
    writeln!(
        out,
        "{day}{} of {} documented, {}, {}, {}; {} within 30 days, {} ended.\n",
        all.documented,
        counted(all.steps, "step"),
        counted(all.errors, "error"),
        counted(all.warnings, "warning"),
        counted(all.infos, "info"),
        match all.waivers_ending {
            1 => "1 waiver ends".to_owned(),
            number => format!("{number} waivers end"),
        },
        all.waivers_ended,
    )?;
    if report.models.is_empty() {
        return writeln!(out, "There is no model and there are no objectives here.");
    }
    writeln!(out, "| model | verdict | steps | waivers | approved by | findings |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for model in &report.models {
        writeln!(out, "| {} |", row(model).join(" | "))?;
    }
    if !all.blocked.is_empty() {
        writeln!(out, "\n**What blocks a deployment**\n")?;
        for own in all.blocked.iter().take(MOST_BLOCKED) {
            let model = report.models.get(own.model).map_or("", |model| &model.name);
            let parts = [Some(model), own.objectives.as_deref(), own.objective.as_deref()];
            let place: Vec<String> = parts.into_iter().flatten().map(cell).collect();
            writeln!(out, "- {}: {}", place.join(" · "), cell(&own.why))?;
        }
        if all.blocked.len() > MOST_BLOCKED {
            writeln!(out, "- and {} more", all.blocked.len() - MOST_BLOCKED)?;
        }
    }
    if let Some(trend) = &report.trend {
        since(trend, out)?;
    }
    writeln!(out, "\nThe same with its evidence, as a page: {}", code(&format!("{} -o report.html", report.command)))
}

fn row(model: &GovernedModel) -> [String; 6] {
    let mark = match model.verdict {
        ModelVerdict::Pass => "✅",
        ModelVerdict::Warn => "⚠️",
        ModelVerdict::Unknown | ModelVerdict::NotJudged => "❔",
        ModelVerdict::Fail => "❌",
    };
    let mut approvers: Vec<&str> = model.approvals.iter().map(|approval| approval.by.as_str()).collect();
    approvers.dedup();
    let waivers = match model.waivers.first() {
        None => String::new(),
        Some(first) => format!("{}, until {}", model.waivers.len(), first.until),
    };
    let findings = [(model.errors, "error"), (model.warnings, "warning"), (model.infos, "info")];
    let found: Vec<String> =
        findings.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| counted(*number, noun)).collect();
    [
        cell(&model.name),
        format!("{mark} {}", word_of_model(model.verdict)),
        format!("{} of {}", model.documented, model.steps.len()),
        cell(&waivers),
        cell(&approvers.join(", ")),
        found.join(", "),
    ]
}

fn since(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let day = trend.since.as_deref().map(|day| format!(" of {day}")).unwrap_or_default();
    writeln!(out, "\n**Since the earlier report{day}**\n")?;
    writeln!(out, "- {} new findings, {} gone", trend.new_findings, trend.gone_findings)?;
    for model in &trend.models {
        writeln!(out, "- {}: {}", cell(&model.name), change(model))?;
    }
    Ok(())
}

fn change(model: &ModelTrend) -> String {
    let verdict = match (model.verdict_before, model.verdict) {
        (None, Some(verdict)) => format!("new, {}", word_of_model(verdict)),
        (Some(_), None) => "no longer there".to_owned(),
        (Some(before), Some(verdict)) if before != verdict => {
            format!("{} → {}", word_of_model(before), word_of_model(verdict))
        }
        _ => "the same verdict".to_owned(),
    };
    match (model.documented_before, model.documented) {
        (Some(before), Some(now)) if before != now => format!("{verdict}, documented steps {before} → {now}"),
        _ => verdict,
    }
}
