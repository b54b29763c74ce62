//! Whether a model meets its objectives, as the gate decides it.

use super::measured::{SlicedMetric, slices};
use super::said;
use crate::objectives::admission::Terms;
use crate::objectives::as_of::AsOf;
use crate::objectives::gate::{Gate, GateError, GateFile, Request};
use crate::objectives::verdict::{GateMode, Verdict};

/// What became of a document of objectives.
#[derive(Clone, Debug)]
pub struct JudgedObjectives {
    /// The verdict; or why nothing was judged.
    pub verdict: Result<Verdict, String>,
    /// What was measured in slices of the data.
    pub slices: Vec<SlicedMetric>,
}

impl JudgedObjectives {
    /// Returns what becomes of objectives that cannot be judged.
    #[must_use]
    pub fn refused(why: &str) -> Self {
        Self { verdict: Err(said::said(why)), slices: Vec::new() }
    }
}

/// Judges by the files that a gate would read. The gate asks the clock how old evidence is; here it is counted from `newest`, so that a
/// report is the same tomorrow.
#[must_use]
pub fn judge(files: &[GateFile<'_>], as_of: Option<AsOf>, newest: Option<AsOf>) -> JudgedObjectives {
    decide(files, as_of, newest).unwrap_or_else(|error| JudgedObjectives::refused(&error.to_string()))
}

fn decide(files: &[GateFile<'_>], as_of: Option<AsOf>, newest: Option<AsOf>) -> Result<JudgedObjectives, GateError> {
    let terms = Terms { subject: Vec::new(), is_digest_required: false, may_override_baseline: false };
    let gate = Gate::open(files, &terms)?;
    let as_of = as_of.or_else(|| newest.filter(|_| gate.policy().asks_age()));
    let request = Request { as_of, max_age: None, mode: GateMode::Enforce, terms };
    Ok(JudgedObjectives { verdict: Ok(gate.verdict(&request)?), slices: slices(&gate.evidence().candidate) })
}
