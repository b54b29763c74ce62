//! The consistency of objectives, each alone and all together: what can be concluded before anything is measured.
//!
//! There are no guesses: conditions that cannot be normalized to intervals are ignored.

mod among;
mod implied;
mod inside;
mod percent;
mod same_names;
#[cfg(test)]
mod tests;
mod weaker;

use rustc_hash::{FxHashMap, FxHashSet};

use super::diagnostic::Fault;
use super::interval::normal::Normal;
use super::interval::range::Ranges;
use super::interval::set::Set;
use super::policy::{Demand, Policy, PolicyObjective};
use crate::documents::field::List;
use crate::documents::objectives::{ObjectiveSeverity, Objectives};
pub use weaker::{Weakened, WeakenedReference, Weakening, weakened, weakened_references};

/// The conclusions about the objectives of a document.
#[derive(Clone, Debug, Default)]
pub struct Consistency {
    /// The possible values.
    pub ranges: Ranges,
    /// The values of each subject that satisfy all required objectives, by its name in [`Normal`].
    pub required: FxHashMap<String, Set>,
    /// The inconsistencies.
    pub faults: Vec<Fault>,
}

/// An objective, and the constraints of its conditions.
struct ObjectiveDemands<'p> {
    objective: &'p PolicyObjective,
    expect: Option<Demanded<'p>>,
    aim: Option<Demanded<'p>>,
    /// Whether a waiver names it: it may not be enforced.
    is_waived: bool,
}

/// A condition, and its constraints.
struct Demanded<'p> {
    demand: &'p Demand,
    normal: Normal,
    /// Whether it is inconsistent by itself.
    is_faulty: bool,
}

impl ObjectiveDemands<'_> {
    fn is_required(&self) -> bool {
        self.objective.severity == ObjectiveSeverity::Required
    }
}

impl Consistency {
    /// Checks all objectives of a document.
    #[must_use]
    pub fn of(document: &Objectives, policy: &Policy) -> Self {
        let ranges = Ranges::of(document, policy);
        let mut faults = Vec::new();
        let waivers = document.waivers.get().map(List::iter).into_iter().flatten();
        let waived: FxHashSet<&str> =
            waivers.filter_map(|(_, waiver)| waiver.objective.get().map(|id| &**id as &str)).collect();
        let entries: Vec<ObjectiveDemands<'_>> = policy
            .objectives
            .iter()
            .map(|objective| ObjectiveDemands {
                objective,
                expect: objective.expect.as_ref().and_then(|demand| demanded(demand, &ranges, &mut faults)),
                aim: objective.aim.as_ref().and_then(|demand| demanded(demand, &ranges, &mut faults)),
                is_waived: waived.contains(objective.id.as_str()),
            })
            .collect();
        let required = among::compare(&entries, &mut faults);
        faults.sort_by_key(|fault| (fault.node, fault.span));
        Self { ranges, required, faults }
    }
}

fn demanded<'p>(demand: &'p Demand, ranges: &Ranges, faults: &mut Vec<Fault>) -> Option<Demanded<'p>> {
    let condition = demand.condition.as_ref()?;
    let slips = percent::slips(demand, ranges);
    let skipped: FxHashSet<_> = slips.iter().map(|(claim, _)| *claim).collect();
    let (normal, own) = inside::examine(demand, condition, &skipped, ranges);
    let is_faulty = !slips.is_empty() || !own.is_empty();
    faults.extend(slips.into_iter().map(|(_, fault)| fault).chain(own));
    Some(Demanded { demand, normal, is_faulty })
}
