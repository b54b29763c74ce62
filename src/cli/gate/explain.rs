//! `gate --explain`: each objective as a sentence, with the bounds that follow from the baseline.

use std::io::Write;

use crate::cli::{Error, Exit, output};
use crate::documents::objectives::ObjectiveSeverity;
use crate::objectives::explain::sentence;
use crate::objectives::gate::{Gate, GateFile};
use crate::objectives::measurements::Evidence;
use crate::objectives::policy::{Demand, Policy, PolicyObjective};
use crate::objectives::verdict::{JudgedClaim, ObjectivePart, Verdict};
use crate::secrets::redact;
use crate::text::{Markup, visible};

pub(super) fn run(files: &[GateFile<'_>]) -> Result<Exit, Error> {
    let gate = Gate::read(files)?;
    // The bounds of changes only depend on the baseline: measuring it against itself yields them.
    let evidence = gate.evidence();
    let itself = Evidence { candidate: evidence.baseline.clone().unwrap_or_default(), ..evidence };
    let verdict = gate.verdict_on(&itself)?;
    Exit::Clean.after(output::to_stdout(Markup::Plain, |out| write(gate.policy(), &verdict, out)))
}

fn write(policy: &Policy, verdict: &Verdict, out: &mut dyn Write) -> std::io::Result<()> {
    for (objective, judged) in policy.objectives.iter().zip(&verdict.objectives) {
        let fails = match objective.severity {
            ObjectiveSeverity::Required => "required: the gate fails unless",
            ObjectiveSeverity::Advisory => "advisory: the gate warns unless",
        };
        writeln!(out, "{} ({fails} it is met)", visible(&redact(&objective.id)))?;
        write_demand("", objective.expect.as_ref(), &judged.claims, ObjectivePart::Expect, out)?;
        write_demand("better still: ", objective.aim.as_ref(), &judged.claims, ObjectivePart::Aim, out)?;
        write_why(objective, out)?;
        writeln!(out)?;
    }
    writeln!(out, "where")?;
    for data in &policy.datasets {
        let dataset = data.reference.as_ref().map_or("whatever the step reads", |(reference, _)| reference.as_str());
        let stage = data.stage.map_or("no step", |stage| stage.name());
        writeln!(out, "  {} is {} ({stage})", visible(&redact(&data.name)), visible(&redact(dataset)))?;
    }
    for definition in &policy.definitions {
        writeln!(out, "  {} = {}", visible(&redact(&definition.name)), visible(&redact(definition.text.trim())))?;
    }
    Ok(())
}

fn write_demand(
    lead: &str,
    demand: Option<&Demand>,
    claims: &[JudgedClaim],
    part: ObjectivePart,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let Some(expression) = demand.and_then(|demand| demand.expression.as_ref()) else { return Ok(()) };
    writeln!(out, "  {lead}{}", visible(&redact(&sentence(expression))))?;
    for claim in claims.iter().filter(|claim| claim.part == part && claim.reference.is_some()) {
        let (Some(reference), Some(threshold)) = (&claim.reference, &claim.threshold) else { continue };
        let unit = if claim.unit.is_empty() { String::new() } else { format!(" {}", claim.unit) };
        let bound = match (&claim.upper_threshold, claim.comparison) {
            (Some(upper), _) => format!("between {threshold} and {upper}{unit}"),
            (None, Some(comparison)) => format!("{} {threshold}{unit}", comparison.symbol()),
            (None, None) => format!("{threshold}{unit}"),
        };
        writeln!(out, "    the reference is {reference}{unit}, so it must be {bound}")?;
    }
    Ok(())
}

fn write_why(objective: &PolicyObjective, out: &mut dyn Write) -> std::io::Result<()> {
    match &objective.why {
        Some(why) => writeln!(out, "  because {}", visible(&redact(why))),
        None => Ok(()),
    }
}
