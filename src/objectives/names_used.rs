//! The names that the expressions of a document use.

use rustc_hash::{FxHashMap, FxHashSet};

use super::policy::{Demand, Policy, PolicyObjective};
use super::syntax::ast::{ExprKind, Expression, Name, Predicate, Slices};

/// The names used in some expressions, and in the definitions that they refer to.
#[derive(Debug, Default)]
pub struct NamesUsed<'p> {
    /// Names used as values, including those of definitions. For `a.b`, which may be the field of a metric or a metric with a dot in its
    /// name, both `a` and `a.b`.
    pub values: FxHashSet<String>,
    /// Names of datasets.
    pub datasets: FxHashSet<&'p str>,
    /// Names of dimensions.
    pub dimensions: FxHashSet<&'p str>,
}

impl<'p> NamesUsed<'p> {
    /// Returns the names that some expressions of a document use.
    #[must_use]
    pub fn of(expressions: impl IntoIterator<Item = &'p Expression>, policy: &'p Policy) -> Self {
        let mut uses = Self::default();
        let named = policy.definitions.iter().filter_map(|own| Some((own.name.as_str(), own.expression.as_ref()?)));
        let mut definitions: FxHashMap<&str, &Expression> = named.collect();
        let longest = policy.metrics.iter().map(|metric| metric.name.len()).max().unwrap_or(0);
        let mut open: Vec<&'p Expression> = expressions.into_iter().collect();
        while let Some(expression) = open.pop() {
            if let Some(for_each) = &expression.for_each {
                uses.add_slices(&for_each.slices);
            }
            for node in expression.root.nodes() {
                match &node.kind {
                    ExprKind::Path(path) => uses.add_path(path, longest),
                    ExprKind::Metric(name) => drop(uses.values.insert(name.text.clone())),
                    ExprKind::Across(across) => {
                        uses.add_slices(&across.slices);
                        uses.values.extend(across.weight.iter().map(|weight| weight.text.clone()));
                    }
                    ExprKind::Where(_, slice) => uses.dimensions.extend(slice.iter().map(|(name, _)| &*name.text)),
                    ExprKind::On(_, data) => drop(uses.datasets.insert(&data.text)),
                    ExprKind::ByValue(own) => drop(uses.dimensions.insert(&own.dimension.text)),
                    ExprKind::Claim(claim) => {
                        if let Predicate::Along(_, _, slices) = &claim.predicate {
                            uses.add_slices(slices);
                        }
                        let own = &claim.qualifiers;
                        uses.datasets.extend(own.dataset.iter().chain(&own.profile).map(|name| name.text.as_str()));
                        uses.dimensions.extend(claim.qualifiers.slice.iter().map(|(name, _)| &*name.text));
                    }
                    _ => {}
                }
            }
            open.extend(expression.root.single_names().into_iter().filter_map(|name| definitions.remove(name)));
        }
        uses
    }

    fn add_slices(&mut self, slices: &'p Slices) {
        self.dimensions.extend(slices.dimensions.iter().map(|name| name.text.as_str()));
    }

    fn add_path(&mut self, path: &[Name], longest: usize) {
        let Some((first, rest)) = path.split_first() else { return };
        let mut name = first.text.clone();
        self.values.insert(name.clone());
        for part in rest {
            name.push('.');
            name.push_str(&part.text);
            // No metric has a name of this length.
            if name.len() > longest {
                break;
            }
            self.values.insert(name.clone());
        }
    }
}

impl Policy {
    /// Returns every condition of every objective, with its objective.
    pub fn demands(&self) -> impl Iterator<Item = (&PolicyObjective, &Demand)> {
        self.objectives
            .iter()
            .flat_map(|objective| objective.expect.iter().chain(&objective.aim).map(move |demand| (objective, demand)))
    }

    /// Returns every expression that can be parsed: those of objectives, then those of definitions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let demanded = self.demands().filter_map(|(_, demand)| demand.expression.as_ref());
        demanded.chain(self.definitions.iter().filter_map(|definition| definition.expression.as_ref()))
    }
}
