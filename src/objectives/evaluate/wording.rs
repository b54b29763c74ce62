//! The wording of explanations: the deciding values, what they were compared with, and the difference.

use super::across::{SliceStep, least_step};
use super::allowed::Allowed;
use super::claim::{ClaimJudgement, EstimatedInterval};
use super::condition::Judge;
use super::credibility::first_outside;
use super::index::CANDIDATE;
use super::kleene::Kleene;
use super::slices::{ALL_DATA, SliceId};
use super::unknown::{Unknown, What};
use super::value::{Examples, Scope};
use crate::objectives::hir::{
    AcrossFunction, Amount, Claim, Comparison, Operator, Predicate, Slices, Value, ValueKind,
};
use crate::objectives::number::Exact;
use crate::objectives::unit::{Dimension, MetricUnit};
use crate::objectives::verdict::Method;

/// The digits of numbers with long expansions: enough for a reader, not for computation.
const DIGITS: u32 = 3;
/// A number with at most this many digits is shown in full.
const MOST_DIGITS: usize = 6;

impl<'a> Judge<'a> {
    /// Returns a sentence about a claim in a slice, with the training step if the record has one.
    pub(super) fn sentence(&self, claim: &'a Claim, judged: &ClaimJudgement<'a>, slice: SliceId) -> String {
        let index = self.indexes.get(CANDIDATE as usize).filter(|_| judged.value.is_some());
        let step = index.zip(judged.record).and_then(|(index, id)| index.record(id)?.step);
        let step = step.map_or_else(String::new, |step| format!(" (training step {step})"));
        self.found(claim, judged, slice) + &step
    }

    fn found(&self, claim: &'a Claim, judged: &ClaimJudgement<'a>, slice: SliceId) -> String {
        let scope = Self::scope(claim, Scope::of(slice));
        if let (Predicate::Reported(is_negated), None) = (&claim.predicate, judged.unknown) {
            let is_reported = (judged.truth == Kleene::True) != *is_negated;
            let words = if is_reported { "is reported" } else { "is not reported" };
            return format!("{} {words}{}", self.subject(&claim.value), self.place(scope));
        }
        let (Some(value), Some(allowed)) = (&judged.value, &judged.allowed) else {
            return judged.unknown.map_or_else(String::new, |unknown| self.unknown_words(&unknown));
        };
        let unit = shown_unit(claim);
        let bound_unit = unit_of_bound(claim).unwrap_or_else(|| unit.clone());
        if let Some(unknown) = judged.unknown.filter(|unknown| !matches!(unknown.what, What::Straddles)) {
            return self.unknown_words(&unknown);
        }
        let digits = digits_apart(&unit, value, allowed);
        if let Some(reference) = &judged.reference {
            return changed(value, reference, claim, judged, allowed, &unit, digits);
        }
        let words = match &judged.interval {
            Some(own) if own.method == Method::Newcombe => {
                let bound = allowed.low.as_ref().or(allowed.high.as_ref()).map(|(bound, _)| bound);
                let gap = bound.map_or_else(|| value.clone(), |bound| value - bound);
                let difference = interval_words(own, claim, &unit, judged.examples);
                format!(
                    "{}; the difference is {} {difference}, which",
                    show(&unit, value, digits),
                    show(&unit, &gap, DIGITS)
                )
            }
            Some(own) => {
                format!("{} {}", show(&unit, value, digits), interval_words(own, claim, &unit, judged.examples))
            }
            None if judged.is_estimate => format!("≈ {}", show(&unit, value, DIGITS)),
            None => self.value_words(&claim.value, value, &unit, digits, scope),
        };
        let is_difference = judged.interval.as_ref().is_some_and(|own| own.method == Method::Newcombe);
        match judged.truth {
            truth if is_difference => {
                let is = match truth {
                    Kleene::Unknown => "straddles",
                    Kleene::True => "is on the right side of",
                    Kleene::False => "is on the wrong side of",
                };
                format!("{words} {is} 0")
            }
            Kleene::Unknown => format!("{words} straddles {}", thresholds(allowed, &bound_unit, digits, " and ")),
            truth => {
                let is_exact = judged.interval.is_none()
                    && !judged.is_estimate
                    && allowed.margin(value).is_some_and(|gap| gap.is_zero());
                match (is_exact, truth) {
                    (true, Kleene::True) => format!("exactly {words}"),
                    (true, _) => format!("exactly {words}; must be {}", allowed_words(allowed, &bound_unit, digits)),
                    (false, _) => format!("{words} {}", relation(claim, allowed, truth, &bound_unit, digits)),
                }
            }
        }
    }

    /// Returns the words for a value, with its components if they can be described briefly.
    fn value_words(
        &self,
        value: &'a Value,
        number: &Exact,
        unit: &MetricUnit,
        digits: u32,
        scope: Scope<'a>,
    ) -> String {
        let shown = show(unit, number, digits);
        match &value.kind {
            ValueKind::On(inner, dataset) => {
                self.value_words(inner, number, unit, digits, Scope { dataset: Some(*dataset), ..scope })
            }
            ValueKind::Definition(id) => {
                match self.policy.definitions.get(*id).and_then(|definition| definition.value.as_ref()) {
                    Some(definition) => self.value_words(definition, number, unit, digits, scope),
                    None => shown,
                }
            }
            ValueKind::Arithmetic(Operator::Divide, left, right) => {
                match (self.number(left, scope).value, self.number(right, scope).value) {
                    (Ok(a), Ok(b)) => {
                        format!("{} / {} = {shown}", show(&left.unit, &a, digits), show(&right.unit, &b, digits))
                    }
                    _ => shown,
                }
            }
            ValueKind::Across(across) => {
                let slices = self.across_slices(across, scope);
                let mut ends: Vec<_> = slices
                    .counted()
                    .filter_map(|(slice, number)| number.value.as_ref().ok().map(|value| (value, slice)))
                    .collect();
                // The sort is stable: of equal values, the first slice is shown.
                ends.sort_by(|a, b| a.0.cmp(b.0));
                let own = |(value, _): &(&Exact, SliceId)| show(&across.value.unit, value, DIGITS);
                let label = |(_, slice): &(&Exact, SliceId)| self.label(*slice, &across.slices);
                let both = ends.first().zip(ends.last());
                match (across.function, both) {
                    (AcrossFunction::Ratio, Some((least, greatest))) if across.relative_to.is_none() => {
                        format!("{} / {} = {shown}", own(least), own(greatest))
                    }
                    (AcrossFunction::Difference | AcrossFunction::Ratio, Some((least, greatest))) => {
                        format!("{shown} ({} {}, {} {})", label(least), own(least), label(greatest), own(greatest))
                    }
                    (AcrossFunction::Worst | AcrossFunction::Best, Some((least, greatest))) => {
                        format!("{shown} ({})", label(if across.takes_greatest { greatest } else { least }))
                    }
                    (AcrossFunction::LeastRise | AcrossFunction::LeastFall, Some(_)) => {
                        let falls = across.function == AcrossFunction::LeastFall;
                        match least_step(&self.in_order(across, &slices), falls) {
                            Some(SliceStep { before: (before, a), after: (after, b), .. }) => format!(
                                "{} {} → {} {}: {shown}",
                                self.label(before, &across.slices),
                                show(&across.value.unit, &a, DIGITS),
                                self.label(after, &across.slices),
                                show(&across.value.unit, &b, DIGITS)
                            ),
                            None => shown,
                        }
                    }
                    (AcrossFunction::Mean | AcrossFunction::WeightedMean, Some(_)) => {
                        format!("{shown} ({} slices)", ends.len())
                    }
                    (_, None) => shown,
                }
            }
            _ => shown,
        }
    }

    /// Returns the words for why something is unknown.
    pub(super) fn unknown_words(&self, unknown: &Unknown<'a>) -> String {
        let Unknown { metric, field, source, dataset, slice, .. } = *unknown;
        let scope = Scope { source, dataset, ..Scope::of(slice) };
        let place = self.place(scope);
        let slice = if slice == ALL_DATA { String::new() } else { format!(" for {}", self.full_label(slice)) };
        let name = metric.map_or("the value", |metric| self.metric_name(metric));
        let name = field.map_or_else(|| name.to_owned(), |field| format!("{name}.{field}"));
        match unknown.what {
            What::NotReported | What::NoField => format!("{name} is not reported{place}"),
            What::NotFinite(text) => format!("{name} is {}{slice}", finite_words(text)),
            What::TooLong => format!("{name} has too many digits to be computed with{slice}"),
            What::NotOneNumber => format!("{name} is not one number{place}"),
            What::NotAList => format!("{name} is not a list of numbers{place}"),
            What::Empty => format!("{name} is an empty list{place}"),
            What::TooFewValues => format!("{name} has one value, and a spread needs two{place}"),
            What::SeveralDatasets => format!("{name} is reported on several datasets, and none is named{slice}"),
            What::SeveralValues => format!("{name} has several values{place}"),
            What::SeveralSteps(own, last) => format!(
                "{name} is of training step {own}{place}, and other metrics are of step {last}: a verdict is about one checkpoint"
            ),
            What::WrongUnit => format!("{name} is in a unit that cannot be compared{place}"),
            What::NoReference => "what the change is measured against is not known".to_owned(),
            What::TooFewRuns => "fewer earlier runs are known than asked for".to_owned(),
            What::SeveralReferences => "several runs have that name".to_owned(),
            What::UnorderedRuns => {
                "which run came last is not known: two were submitted at one instant, or one does not say when"
                    .to_owned()
            }
            What::ZeroDivisor => format!("division by zero{slice}"),
            What::NegativeRatio => "a ratio of negative values is not defined".to_owned(),
            What::ZeroReference => format!("relative change undefined: the reference is 0{slice}"),
            What::TooFewExamples(count, needed) => match unknown.slice {
                ALL_DATA => format!("{count} examples, needs {needed}"),
                slice => format!("{} has {count} examples, needs {needed}", self.full_label(slice)),
            },
            What::NoCount(needed) => format!("the number of examples is not reported{slice}, needs {needed}"),
            What::TooFewSlices(0, _) => format!("no slice is reported{place}"),
            What::TooFewSlices(count, needed) => format!("{count} slice is reported, needs {needed}"),
            What::UnseenValue(dimension, value) => format!("{dimension} {value} is not reported"),
            What::UnseenCombination(number) => {
                let missing = self.missing.borrow().get(number).cloned().unwrap_or_default();
                format!("{missing} is not reported")
            }
            What::UndeclaredValue(dimension, value) => {
                format!("{dimension} {value} is reported, and the objectives do not declare it")
            }
            What::NoSlice(value) => format!("{value} is not reported"),
            What::AllLeftOut => "all slices are left out".to_owned(),
            What::Derived => "a value made of several numbers has no confidence interval".to_owned(),
            What::NoInterval => format!("no interval of that level and no number of examples is reported{place}"),
            What::NotAProportion => {
                let advice = "it is not declared to be a proportion of its count (`of: examples`)";
                format!("no interval of that level is reported{place} for {name}, and {advice}")
            }
            What::OtherData => format!("what the change is measured against was measured on other data{slice}"),
            What::NoDay => {
                let advice = "say by --as-of when it is judged";
                format!("{name} was not monitored up to the newest record of all{place}; {advice}")
            }
            What::TooNew => format!("{name} was measured after the time that it is judged as of{place}"),
            What::TooOld => format!("{name} was measured too long ago{place}"),
            What::OutOfRange(record) => self.out_of_range(metric, record, source, &name, &slice),
            What::ImpossibleInterval => format!("the interval cannot be one of {name}{place}"),
            What::NarrowInterval(count) => {
                let count = count.unwrap_or_default();
                format!(
                    "the interval of {name} is less than half as wide as {count} examples allow, or on one side less than a quarter{place}"
                )
            }
            What::MoreThanAll => format!("the slices of {name} have more examples than all the data{place}"),
            What::NoPairs => format!("{name} is reported without 'pairs'{place}, and a paired confidence needs them"),
            What::OtherPairs => format!("the pairs of {name} are not those of the values that are compared{place}"),
            What::NoRatioBound => "a slice has too few examples for a ratio to it to have a bound".to_owned(),
            What::NegativeWeight => format!("a weight is below 0{slice}"),
            What::Straddles => "the interval is on both sides of the threshold".to_owned(),
            What::NotARate => format!("the rate of a possible error is not between 0 and 1{place}"),
            What::MoreErrorsThanExamples => {
                format!("the rates of the possible errors add up to more than all the examples{place}")
            }
            What::NoBound(dimension) => format!("there is no bound for this {dimension}{place}"),
            What::NoDefinition => "a definition cannot be read".to_owned(),
            What::Doubtful(doubt) => format!("{name} cannot be told{place}: {}", doubt.message),
            What::Between(own) => format!(
                "{name} is known to lie between {} and {}{place}, and no closer",
                own.lower.to_decimal(DIGITS),
                own.upper.to_decimal(DIGITS)
            ),
            What::NotOfLogs => format!("a log does not tell this of {name}{place}"),
        }
    }

    /// Returns `recall is 55, outside of [0, 1]; was a percentage logged?`.
    fn out_of_range(&self, metric: Option<usize>, record: u32, source: u32, name: &str, slice: &str) -> String {
        let Some(metric) = metric.and_then(|metric| self.policy.metrics.get(metric)) else { return String::new() };
        let found = self.indexes.get(source as usize).and_then(|index| {
            let value = first_outside(&index.record(record)?.value, &metric.possible, index.scale(record)?)?;
            Some(value)
        });
        let (low, high) = &metric.possible;
        let bound = |bound: &Option<Exact>, open: &str| {
            bound.as_ref().map_or_else(|| open.to_owned(), |own| show(&metric.unit, own, DIGITS))
        };
        let range = format!("[{}, {}]", bound(low, "−∞"), bound(high, "∞"));
        let percent = Exact::whole(100);
        let is_percent = found
            .as_ref()
            .is_some_and(|value| *value > Exact::ONE && *value <= percent && high.as_ref() == Some(&Exact::ONE));
        let value = found.map_or_else(|| "a value".to_owned(), |value| show(&metric.unit, &value, DIGITS));
        let advice = if is_percent { "; was a percentage logged?" } else { "" };
        format!("{name} is {value}{slice}, outside of {range}{advice}")
    }

    /// Returns ` for X on holdback in the baseline`.
    fn place(&self, scope: Scope<'_>) -> String {
        let mut words = String::new();
        if scope.slice != ALL_DATA {
            words += &format!(" for {}", self.full_label(scope.slice));
        }
        if let Some(dataset) = scope.dataset.and_then(|id| self.policy.datasets.get(id)) {
            words += &format!(" on {}", dataset.name);
        }
        if scope.source != CANDIDATE {
            let names = self.indexes.get(scope.source as usize).map(|index| &index.measurements.documents);
            match names.and_then(|documents| documents.iter().find_map(|document| document.name.or(document.id))) {
                Some(name) => words += &format!(" by {name}"),
                None => words += " by the reference",
            }
        }
        words
    }

    fn metric_name(&self, metric: usize) -> &'a str {
        self.policy.metrics.get(metric).map_or("", |metric| metric.name.as_str())
    }

    /// Returns the metric or definition that a value is.
    fn subject(&self, value: &'a Value) -> String {
        match &value.kind {
            ValueKind::Metric(metric, None) => self.metric_name(*metric).to_owned(),
            ValueKind::Metric(metric, Some(field)) => format!("{}.{field}", self.metric_name(*metric)),
            ValueKind::On(inner, _) | ValueKind::Aggregate(_, inner) => self.subject(inner),
            ValueKind::Definition(id) => {
                self.policy.definitions.get(*id).map_or_else(String::new, |definition| definition.name.clone())
            }
            _ => "the value".to_owned(),
        }
    }

    /// Returns the values of a slice along dimensions, in the order in which these are named.
    pub(super) fn label(&self, slice: SliceId, slices: &Slices) -> String {
        let values = slices.dimensions.iter().filter_map(|dimension| self.value_of(slice, dimension));
        values.collect::<Vec<_>>().join(" by ")
    }

    /// Returns the values of a slice along all its dimensions.
    pub(super) fn full_label(&self, slice: SliceId) -> String {
        self.slices.get(slice).iter().map(|(_, value)| *value).collect::<Vec<_>>().join(" by ")
    }
}

/// Returns `NaN`, however it is written.
fn finite_words(text: &str) -> &str {
    match text.trim_start_matches(['.', '+', '-']).to_ascii_lowercase().as_str() {
        "nan" => "NaN",
        "inf" | "infinity" => "infinite",
        _ => "not a finite number",
    }
}

/// Returns the unit in which numbers of a claim are shown: that of the metric; for a derived number, that of the bound.
pub(super) fn shown_unit(claim: &Claim) -> MetricUnit {
    let own = &claim.value.unit;
    let is_measured = is_measured(&claim.value) && own.dimension != Dimension::Unknown;
    let bound = claim.values().skip(1).map(|bound| &bound.unit).find(|unit| !unit.symbol.is_empty());
    match bound {
        Some(bound) if own.symbol.is_empty() && !is_measured => bound.clone(),
        // `EUR per 1000`, as the author of the claim thinks of it.
        Some(bound) if matches!(own.dimension, Dimension::Other(_)) && bound.dimension == own.dimension => {
            bound.clone()
        }
        _ => own.clone(),
    }
}

/// Returns the unit that a bound is written in, if it is one of several common units: `480 MB ≤ 1 GB`.
fn unit_of_bound(claim: &Claim) -> Option<MetricUnit> {
    let mut units = claim.values().skip(1).map(|bound| &bound.unit);
    let is_own =
        |unit: &&MetricUnit| matches!(unit.dimension, Dimension::Time | Dimension::Bytes) && !unit.symbol.is_empty();
    units.find(is_own).cloned()
}

/// Returns whether a value was measured, or is selected from measured ones.
fn is_measured(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Metric(..) => true,
        ValueKind::On(inner, _) | ValueKind::Aggregate(_, inner) => is_measured(inner),
        ValueKind::Across(across) => {
            matches!(across.function, AcrossFunction::Worst | AcrossFunction::Best) && is_measured(&across.value)
        }
        _ => false,
    }
}

/// Returns `0.88 → 0.87, exactly −1 pp`.
fn changed(
    value: &Exact,
    reference: &Exact,
    claim: &Claim,
    judged: &ClaimJudgement<'_>,
    allowed: &Allowed,
    unit: &MetricUnit,
    digits: u32,
) -> String {
    let change = value - reference;
    let exactly = if allowed.margin(value).is_some_and(|gap| gap.is_zero()) { "exactly " } else { "" };
    let points = MetricUnit::named("pp");
    let amount = match &claim.predicate {
        Predicate::Change { amount, .. } => Some(amount),
        _ => None,
    };
    let change = match amount {
        Some(Amount::Absolute(_)) | None if unit.is_fraction() => show(&points, &change, DIGITS),
        Some(Amount::Absolute(_)) | None => show(unit, &change, DIGITS),
        Some(Amount::Relative(_)) => {
            let share = change.divided_by(&reference.abs()).unwrap_or(Exact::ZERO);
            let of = if reference.is_negative() { "of abs(reference)" } else { "relative" };
            format!("{} {of}", show(&MetricUnit::named("%"), &share, DIGITS))
        }
    };
    let mut words = format!("{} → {}, {exactly}{change}", show(unit, reference, digits), show(unit, value, digits));
    if let Some(own) = &judged.interval {
        let points = if unit.is_fraction() { &points } else { unit };
        words += &format!(" {}", interval_words(own, claim, points, Examples::NoRecord));
    }
    if judged.truth == Kleene::Unknown && judged.interval.is_some() {
        words += &format!("; {} may be missed", allowed_words(allowed, unit, digits));
    } else if judged.truth != Kleene::True {
        words += &format!("; must be {}", allowed_words(allowed, unit, digits));
    }
    words
}

/// Returns `[0.831, 0.901] (95% two-sided, Wilson, n = 350)`.
fn interval_words(own: &EstimatedInterval, claim: &Claim, unit: &MetricUnit, examples: Examples) -> String {
    let (low, high) = (show(unit, &own.lower, DIGITS), show(unit, &own.upper, DIGITS));
    let method = match (own.method, examples) {
        (Method::Wilson, Examples::Known(count)) => format!("Wilson, n = {count}"),
        (Method::Exact, Examples::Known(count)) => format!("Clopper and Pearson, n = {count}"),
        (Method::Newcombe, _) => "Newcombe".to_owned(),
        (Method::Paired, _) => "Newcombe, paired".to_owned(),
        (Method::Tango, _) => "Tango, paired".to_owned(),
        (Method::Slices, _) => "all pairs of slices together".to_owned(),
        _ => "as logged".to_owned(),
    };
    let level = claim.confidence.as_ref().map_or_else(String::new, |own| {
        let sides = if own.is_one_sided { "one-sided" } else { "two-sided" };
        format!("{}% {sides}, ", (&own.written * &Exact::whole(100)).to_decimal(DIGITS))
    });
    format!("[{low}, {high}] ({level}{method})")
}

/// Returns the actual relation, such as `≥ 0.85`: for a false claim, the opposite of the claimed one.
fn relation(claim: &Claim, allowed: &Allowed, truth: Kleene, unit: &MetricUnit, digits: u32) -> String {
    if let Predicate::Compare(comparison, _) = &claim.predicate {
        let symbol = match (comparison, truth) {
            (Comparison::AtLeast, Kleene::True) | (Comparison::Below, Kleene::False) => "≥",
            (Comparison::AtMost, Kleene::True) | (Comparison::Above, Kleene::False) => "≤",
            (Comparison::Above, _) | (Comparison::AtMost, _) => ">",
            (Comparison::Below, _) | (Comparison::AtLeast, _) => "<",
            (Comparison::Equal, Kleene::True) | (Comparison::NotEqual, Kleene::False) => "=",
            (Comparison::Equal | Comparison::NotEqual, _) => "≠",
        };
        return format!("{symbol} {}", thresholds(allowed, unit, digits, ""));
    }
    let not = if truth == Kleene::True { "" } else { "not " };
    format!("{not}{}", allowed_words(allowed, unit, digits))
}

/// Returns the permitted values, such as `≥ 0.8712`.
fn allowed_words(allowed: &Allowed, unit: &MetricUnit, digits: u32) -> String {
    let bound = |bound: &(Exact, bool)| show(unit, &bound.0, digits);
    match (&allowed.low, &allowed.high) {
        (Some(low), Some(high)) if low.0 == high.0 => {
            format!("{} {}", if allowed.is_outside { "≠" } else { "=" }, bound(low))
        }
        (Some(low), Some(high)) if allowed.is_outside => format!("≤ {} or ≥ {}", bound(low), bound(high)),
        (Some(low), Some(high)) => format!("between {} and {}", bound(low), bound(high)),
        (Some(low), None) => format!("{} {}", if low.1 { "≥" } else { ">" }, bound(low)),
        (None, Some(high)) => format!("{} {}", if high.1 { "≤" } else { "<" }, bound(high)),
        (None, None) => String::new(),
    }
}

/// Returns the bounds, without duplicates.
fn thresholds(allowed: &Allowed, unit: &MetricUnit, digits: u32, word: &str) -> String {
    let mut bounds: Vec<_> =
        [&allowed.low, &allowed.high].into_iter().flatten().map(|bound| show(unit, &bound.0, digits)).collect();
    bounds.dedup();
    bounds.join(word)
}

/// Returns the number of digits at which a value and its bounds look different, unless they are equal.
fn digits_apart(unit: &MetricUnit, value: &Exact, allowed: &Allowed) -> u32 {
    let differs = |digits: u32| {
        let bounds = [&allowed.low, &allowed.high];
        bounds
            .into_iter()
            .flatten()
            .all(|(bound, _)| bound == value || show(unit, bound, digits) != show(unit, value, digits))
    };
    [DIGITS, 6, 15].into_iter().find(|digits| differs(*digits)).unwrap_or(40)
}

/// Shows a number in a unit: in full if it is short, otherwise with this many digits.
pub(super) fn show(unit: &MetricUnit, value: &Exact, digits: u32) -> String {
    let own = value.divided_by(&unit.factor).unwrap_or_else(|| value.clone());
    let is_short = |text: &String| text.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS;
    let number = own.to_exact_decimal().filter(is_short).unwrap_or_else(|| own.to_decimal(digits));
    let number = number.replacen('-', "−", 1);
    if unit.symbol.is_empty() { number } else { format!("{number} {}", unit.symbol) }
}
