//! "Evidence is possible": no metric contradicts a confusion matrix of the same data, in one document or in several.

use rustc_hash::FxHashMap;

use super::Inadmissible;
use super::wholes::{SampleKey, Together, fraction, possible, rounded};
use crate::documents::Kind;
use crate::objectives::confusion::{ConfusionMatrix, MatrixMetric, MatrixRanges, is_of_document};
use crate::objectives::policy::PolicyMetric;
use crate::objectives::unit::{Dimension, MetricUnit};
use crate::objectives::wholes::SlicePairs;
use crate::workspace::Member;

/// Checks that each metric can be what the confusion matrices give. Of several matrices of the same data, as of several thresholds, one may
/// be that of the metric.
pub(super) fn metrics_follow(
    measured: &Together<'_>,
    declared: &FxHashMap<&str, &PolicyMetric>,
) -> Result<(), Inadmissible> {
    let mut matrices: FxHashMap<(SampleKey, SlicePairs<'_>), Vec<(MatrixRanges, &str)>> = FxHashMap::default();
    for record in measured.records() {
        let of_declaration = || declared.get(record.metric).map(|own| own.unit.clone());
        let unit = record.unit.map(MetricUnit::named).or_else(of_declaration);
        let are_shares = unit.as_ref().is_some_and(MetricUnit::is_fraction);
        let matrix = ConfusionMatrix::of(record.metric, &record.value, are_shares);
        let Some((matrix, member)) = matrix.zip(measured.member(record)) else { continue };
        let is_counted = unit.is_some_and(|unit| unit.dimension == Dimension::Count);
        if let Some(cell) = matrix.fractional_cell().filter(|_| is_counted) {
            let (file, metric, cell) = (member.file().to_owned(), record.metric.to_owned(), rounded(cell));
            return Err(Inadmissible::FractionalCount { file, metric, cell });
        }
        if is_of_document(record.metric, is_run(member)) {
            let key = (measured.sample(record), record.slice.clone());
            matrices.entry(key).or_default().push((MatrixRanges::new(matrix), member.file()));
        }
    }
    if matrices.is_empty() {
        return Ok(());
    }
    for record in measured.records() {
        let (Some(named), Some(member)) = (MatrixMetric::named(record.metric), measured.member(record)) else {
            continue;
        };
        let key = (measured.sample(record), record.slice.clone());
        let Some(matrices) = matrices.get_mut(&key).filter(|_| is_of_document(record.metric, is_run(member))) else {
            continue;
        };
        let Some((value, tolerance)) = fraction(member, record, declared.get(record.metric).copied()) else { continue };
        // A percentage without its unit is another fault.
        if !(-1.0..=1.0).contains(&value) {
            continue;
        }
        let ranges = matrices.iter_mut().filter_map(|(ranges, file)| Some((ranges.of(named)?, *file)));
        let ranges: Vec<((f64, f64), &str)> = ranges.collect();
        // Not all digits of a single-precision number are significant.
        let tolerance = tolerance.max(1e-6);
        let may_be = |(low, high): (f64, f64)| (low - tolerance..=high + tolerance).contains(&value);
        if let Some(((low, high), matrix_file)) = ranges.first()
            && !ranges.iter().any(|(range, _)| may_be(*range))
        {
            return Err(Inadmissible::OtherMatrix {
                file: member.file().to_owned(),
                metric: record.metric.to_owned(),
                value: rounded(value),
                matrix_file: (*matrix_file).to_owned(),
                possible: possible(*low, *high),
            });
        }
    }
    Ok(())
}

fn is_run(member: &Member) -> bool {
    matches!(member.kind, Kind::Run | Kind::PipelineRun)
}
