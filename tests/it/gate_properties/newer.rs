//! The forms of the second version of the language, judged by a simple reference of their own, which knows what is impossible, too.

use super::*;

/// The least and the greatest value that the objectives declare for the first metric.
const RANGE: (i128, i128) = (-1, 2);

/// What a record of one metric on the data `d` holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    Missing,
    Nan,
    Impossible,
    Known(Q),
}

fn cell(measured: &Measured, metric: usize, slice: Option<usize>) -> Cell {
    let Some(record) = measured.records.get(&(metric, 0, slice)) else { return Cell::Missing };
    let Some(quarters) = record.value else { return Cell::Nan };
    let value = Q::new(quarters, 4);
    let is_outside = metric == 0 && (value < Q::from(RANGE.0) || value > Q::from(RANGE.1));
    match is_outside || is_overfull(Scope { measured, dataset: Some(0), slice: None }, metric) {
        true => Cell::Impossible,
        false => Cell::Known(value),
    }
}

#[derive(Clone, Debug)]
enum Form {
    Where(usize),
    Mean(Sample),
    WeightedMean(Sample),
    /// Less so many quarters.
    OfBaseline(i128),
    AtLeast(usize, Sample),
    EachMetric,
}

#[derive(Clone, Debug)]
struct NewerCase {
    form: Form,
    metric: usize,
    operator: &'static str,
    bound: i128,
    candidate: Measured,
    baseline: Option<Measured>,
}

/// A truth, if it is known; whether something that is not finite was read, and whether something impossible was.
#[derive(Clone, Copy, Debug, Default)]
struct Judged {
    truth: Option<bool>,
    is_tainted: bool,
    is_impossible: bool,
}

impl NewerCase {
    fn expect(&self) -> String {
        let Self { metric, operator, .. } = self;
        let bound = format!("{operator} ({})", number(Some(self.bound)));
        match &self.form {
            Form::Where(slice) => format!("m{metric} {bound} on d where g = '{}'", SLICES[*slice]),
            Form::Mean(sample) => format!("mean(m{metric} across g{}) {bound} on d", text_of_sample(*sample)),
            Form::WeightedMean(sample) => {
                format!("weighted mean(m{metric} across g{} by count) {bound} on d", text_of_sample(*sample))
            }
            Form::OfBaseline(less) => {
                format!("m{metric} {operator} (m{metric} of baseline) - {} on d", number(Some(*less)))
            }
            Form::AtLeast(least, sample) => {
                format!("at least {least} slices of g{} satisfy m{metric} {bound} on d", text_of_sample(*sample))
            }
            Form::EachMetric => format!("for each metric of [m0, m1], value {bound} on d"),
        }
    }

    fn objectives(&self) -> String {
        let (low, high) = RANGE;
        format!(
            "kind: objectives\nlanguage: mlspec-objectives/2\ndatasets: {{d: {{dataset: data-d}}, e: {{dataset: data-e}}}}\n\
             dimensions: {{g: {{}}}}\nmetrics:\n  list: {{unit: ratio, type: array}}\n  m0: {{unit: ratio, range: [{low}, {high}]}}\n  \
             m1: {{unit: ratio}}\n  m2: {{unit: ratio}}\nobjectives:\n- {{id: a, expect: \"{}\"}}\n",
            self.expect()
        )
    }

    fn holds(&self, value: Q, bound: Q) -> bool {
        match self.operator {
            ">=" => value >= bound,
            "<=" => value <= bound,
            ">" => value > bound,
            _ => value < bound,
        }
    }

    fn bound(&self) -> Q {
        Q::new(self.bound, 4)
    }

    fn of_cell(&self, cell: Cell) -> Judged {
        match cell {
            Cell::Known(value) => Judged { truth: Some(self.holds(value, self.bound())), ..Judged::default() },
            Cell::Missing => Judged::default(),
            Cell::Nan => Judged { is_tainted: true, ..Judged::default() },
            Cell::Impossible => Judged { is_impossible: true, ..Judged::default() },
        }
    }

    /// The slices that are large enough, with their numbers of examples; and whether there is one of which that is not known.
    fn sized(&self, sample: Sample) -> (Vec<(usize, Option<u64>)>, Vec<usize>) {
        let (mut enough, mut unknown) = (Vec::new(), Vec::new());
        for slice in 0..SLICES.len() {
            let Some(record) = self.candidate.records.get(&(self.metric, 0, Some(slice))) else { continue };
            match size(Some(record.count), sample) {
                Size::Enough => enough.push((slice, record.count)),
                Size::LeftOut => {}
                Size::Unknown => unknown.push(slice),
            }
        }
        (enough, unknown)
    }

    fn mean(&self, sample: Sample, weight: impl Fn(Option<u64>) -> Option<Q>) -> Judged {
        let (enough, unknown) = self.sized(sample);
        // An impossible value makes the others doubtful, also in a slice that is left out.
        let doubts = self.doubts();
        if doubts.is_impossible {
            return doubts;
        }
        let (mut sum, mut all) = (Q::zero(), Q::zero());
        for (slice, count) in &enough {
            let (Cell::Known(value), Some(weight)) = (cell(&self.candidate, self.metric, Some(*slice)), weight(*count))
            else {
                return Judged::default();
            };
            sum += value * weight;
            all += weight;
        }
        let is_known = unknown.is_empty() && !enough.is_empty();
        Judged { truth: is_known.then(|| self.holds(sum / all, self.bound())), ..doubts }
    }

    /// What was read of all slices that is not finite or impossible: one that is left out as too small is read all the same.
    fn doubts(&self) -> Judged {
        let all: Vec<_> =
            (0..SLICES.len()).map(|slice| self.of_cell(cell(&self.candidate, self.metric, Some(slice)))).collect();
        Judged {
            truth: None,
            is_tainted: all.iter().any(|own| own.is_tainted),
            is_impossible: all.iter().any(|own| own.is_impossible),
        }
    }

    fn judged(&self) -> Judged {
        match &self.form {
            Form::Where(slice) => self.of_cell(cell(&self.candidate, self.metric, Some(*slice))),
            Form::Mean(sample) => self.mean(*sample, |_| Some(Q::from(1))),
            Form::WeightedMean(sample) => self.mean(*sample, |count| count.map(|count| Q::from(i128::from(count)))),
            Form::OfBaseline(less) => {
                let own = cell(&self.candidate, self.metric, None);
                let other = self.baseline.as_ref().map_or(Cell::Missing, |own| cell(own, self.metric, None));
                let (Cell::Known(own), Cell::Known(other)) = (own, other) else { return Judged::default() };
                Judged { truth: Some(self.holds(own, other - Q::new(*less, 4))), ..Judged::default() }
            }
            Form::AtLeast(least, sample) => {
                let (enough, unknown) = self.sized(*sample);
                let of_slice = |slice: usize| self.of_cell(cell(&self.candidate, self.metric, Some(slice)));
                let truths: Vec<_> = enough.iter().map(|(slice, _)| of_slice(*slice).truth).collect();
                let met = truths.iter().filter(|truth| **truth == Some(true)).count();
                // A small slice that does not meet the condition would hardly do so if it were larger.
                let small = unknown.iter().filter(|slice| of_slice(**slice).truth != Some(false)).count();
                let open = truths.iter().filter(|truth| truth.is_none()).count() + small;
                let truth = match met {
                    met if met >= *least => Some(true),
                    _ if enough.len() + unknown.len() == 0 || met + open >= *least => None,
                    _ => Some(false),
                };
                Judged { truth, ..self.doubts() }
            }
            Form::EachMetric => {
                let both = [0, 1].map(|metric| self.of_cell(cell(&self.candidate, metric, None)));
                let truth = match both.map(|own| own.truth) {
                    [Some(false), _] | [_, Some(false)] => Some(false),
                    [Some(true), Some(true)] => Some(true),
                    _ => None,
                };
                Judged { truth, ..Judged::default() }
            }
        }
    }

    fn verdict(&self) -> &'static str {
        match self.judged() {
            Judged { truth: None, .. } => "unknown",
            Judged { truth: Some(false), .. } => "fail",
            // What is impossible makes the rest doubtful.
            Judged { is_impossible: true, .. } => "unknown",
            Judged { is_tainted: true, .. } => "warn",
            Judged { .. } => "pass",
        }
    }
}

fn newer_case() -> impl Strategy<Value = NewerCase> {
    let form = prop_oneof![
        (0..SLICES.len()).prop_map(Form::Where),
        sample().prop_map(Form::Mean),
        sample().prop_map(Form::WeightedMean),
        (0..5_i128).prop_map(Form::OfBaseline),
        (1..4_usize, sample()).prop_map(|(least, sample)| Form::AtLeast(least, sample)),
        Just(Form::EachMetric),
    ];
    let measured = || prop_oneof![3 => measured(0, 1000), 2 => measured(1, 30), 1 => measured(4, 8)];
    let operator = prop::sample::select(&[">=", "<=", ">", "<"][..]);
    let numbers = (0..METRICS, operator, -8..13_i128);
    (form, numbers, measured(), prop::option::weighted(0.8, measured())).prop_map(
        |(form, (metric, operator, bound), candidate, baseline)| NewerCase {
            form,
            metric,
            operator,
            bound,
            candidate,
            baseline,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_plain_reference_agrees_on_the_newer_forms(case in newer_case()) {
        let given = [(As::Candidate, case.candidate.text("candidate"))].into_iter();
        let given: Vec<_> = given.chain(case.baseline.iter().map(|own| (As::Baseline, own.text("baseline")))).collect();
        let given: Vec<_> = given.iter().map(|(role, text)| (*role, text.as_str())).collect();
        let found = verdict(&case.objectives(), &given);
        let own = first(&found);
        prop_assert_eq!(word(own.verdict), case.verdict(), "{}\n{}\n{:?}", case.expect(), own.message, own);
    }
}
