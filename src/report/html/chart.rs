//! Pictures of numbers, as SVG. All use the colors of the page, so that they follow light, dark and print; each says in words what it shows.

use maud::{Markup, html};

use super::words::short;
use crate::governance::{MetricSeries, SlicePoint, SlicedMetric, SplitReport};
use crate::objectives::verdict::{ClaimTruth, JudgedClaim, JudgedComparison};

/// The width of a bullet chart, in pixels.
const BULLET: f64 = 264.0;
/// The width of the strip of a slice, and of a sparkline.
const STRIP: f64 = 180.0;

/// A linear scale from values to pixels.
#[derive(Clone, Copy)]
pub(super) struct PixelScale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl PixelScale {
    /// Returns a scale on which all values have room; shares stay between 0 and 1.
    fn around(values: impl Iterator<Item = f64> + Clone, is_share: bool, width: f64, margin: f64) -> Self {
        let finite = values.filter(|value| value.is_finite());
        let (low, high) = finite
            .clone()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
        // A single value stands in the middle.
        let room = if high > low { (high - low) * 0.25 } else { (high.abs() * 0.1).max(0.05) };
        let (mut from, mut to) = (low - room, high + room);
        if is_share && low >= 0.0 && high <= 1.0 {
            (from, to) = (from.max(0.0), to.min(1.0));
        } else if low >= 0.0 {
            from = from.max(0.0);
        }
        Self { low: from, high: to, start: margin, end: width - margin }
    }

    /// Returns a scale for a value and its bound: from nothing to everything, so that one can see how much lies between them, unless they
    /// would not be told apart there.
    fn of_bound(values: &[f64], is_lower_bound: bool, most: Option<f64>, width: f64) -> Self {
        const LEAST: f64 = 0.02;
        let (low, high) = values
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
        let end = match most.filter(|most| high <= *most) {
            Some(most) if is_lower_bound => most,
            Some(most) => most.min(high * 1.25),
            None => high * 1.25,
        };
        match low >= 0.0 && end > 0.0 && (high - low) / end >= LEAST {
            true => Self { low: 0.0, high: end, start: 8.0, end: width - 8.0 },
            false => Self::around(values.iter().copied(), most == Some(1.0), width, 8.0),
        }
    }

    fn at(self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.start + share * (self.end - self.start)
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

/// Returns a number for the end of a scale.
fn tick(value: f64, scale: PixelScale) -> String {
    let digits = match scale.high - scale.low {
        range if range >= 20.0 => 0,
        range if range >= 2.0 => 1,
        range if range >= 0.2 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

/// Returns a bullet chart: the value and its interval over the permitted range. `None` if the claim is about no number.
pub(super) fn bullet(claim: &JudgedClaim, words: &str) -> Option<Markup> {
    let value = number(claim.value.as_deref()?)?;
    let threshold = claim.threshold.as_deref().and_then(number)?;
    let upper = claim.upper_threshold.as_deref().and_then(number);
    let interval = claim.interval.as_ref().and_then(|own| Some((number(&own.lower)?, number(&own.upper)?)));
    let ends = interval.map(|(low, high)| [low, high]).into_iter().flatten();
    let values: Vec<f64> = [value, threshold].into_iter().chain(upper).chain(ends).collect();
    let is_lower_bound = matches!(claim.comparison?, JudgedComparison::AtLeast | JudgedComparison::Above);
    let most = match claim.unit.as_str() {
        "" => Some(1.0),
        "%" => Some(100.0),
        _ => None,
    };
    let scale = PixelScale::of_bound(&values, is_lower_bound, most, BULLET);
    let (left, right) = (scale.start, scale.end);
    let bound = scale.at(threshold);
    let permitted: Vec<(f64, f64)> = match (claim.comparison?, upper.map(|upper| scale.at(upper))) {
        (JudgedComparison::AtLeast | JudgedComparison::Above, _) => vec![(bound, right)],
        (JudgedComparison::AtMost | JudgedComparison::Below, _) => vec![(left, bound)],
        (JudgedComparison::Between, Some(upper)) => vec![(bound, upper)],
        (JudgedComparison::Outside, Some(upper)) => vec![(left, bound), (upper, right)],
        (JudgedComparison::NotEqual, _) => vec![(left, right)],
        _ => vec![(bound - 1.0, bound + 1.0)],
    };
    Some(html! {
        svg.chart.bullet viewBox="0 0 264 46" width="264" height="46" role="img" {
            title { (words) }
            rect.track x=(px(left)) y="8" width=(px(right - left)) height="16" rx="2" {}
            @for (from, to) in permitted {
                rect.permitted x=(px(from)) y="8" width=(px((to - from).max(0.0))) height="16" rx="2" {}
            }
            @for bound in std::iter::once(threshold).chain(upper).map(|own| scale.at(own)) {
                line.bound x1=(px(bound)) x2=(px(bound)) y1="3" y2="29" {}
            }
            @if let Some((low, high)) = interval { (whisker(scale.at(low), scale.at(high), 16.0, 5.0)) }
            (mark(scale.at(value), 16.0, claim.truth))
            text.tick x=(px(left)) y="42" { (tick(scale.low, scale)) }
            text.tick.end x=(px(right)) y="42" { (tick(scale.high, scale)) }
        }
    })
}

/// Returns a small bar: a distance over the part of it that is allowed.
pub(super) fn meter(value: f64, threshold: f64, words: &str) -> Markup {
    let scale = PixelScale::of_bound(&[value, threshold], false, None, STRIP);
    let truth = if value <= threshold { ClaimTruth::True } else { ClaimTruth::False };
    html! {
        svg.chart.strip viewBox="0 0 180 24" width="180" height="24" role="img" {
            title { (words) }
            rect.track x="8" y="5" width="164" height="14" rx="2" {}
            rect.permitted x="8" y="5" width=(px((scale.at(threshold) - 8.0).max(0.0))) height="14" rx="2" {}
            line.bound x1=(px(scale.at(threshold))) x2=(px(scale.at(threshold))) y1="2" y2="22" {}
            (mark(scale.at(value), 12.0, truth))
        }
    }
}

fn whisker(low: f64, high: f64, y: f64, cap: f64) -> Markup {
    html! {
        path.whisker d=(format!(
            "M{low:.1} {0:.1}V{1:.1}M{low:.1} {y:.1}H{high:.1}M{high:.1} {0:.1}V{1:.1}", y - cap, y + cap
        )) {}
    }
}

/// Returns the mark of a value: a disc if the claim holds, a cross if not, a ring if nobody knows. The shape says it without the color.
fn mark(x: f64, y: f64, truth: ClaimTruth) -> Markup {
    match truth {
        ClaimTruth::True => html! { circle.value.is-true cx=(px(x)) cy=(px(y)) r="5.5" {} },
        ClaimTruth::Unknown => html! { circle.value.is-unknown cx=(px(x)) cy=(px(y)) r="5" {} },
        ClaimTruth::False => html! {
            path.value.is-false d=(format!("M{:.1} {:.1}l10 10m0 -10l-10 10", x - 5.0, y - 5.0)) {}
        },
    }
}

/// Returns the scale that the strips of all slices of a metric share.
pub(super) fn slice_scale(sliced: &SlicedMetric, bounds: &[f64]) -> PixelScale {
    let of_slice = |point: &SlicePoint| {
        [Some(&point.value), point.lower.as_ref(), point.upper.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|own| number(own))
            .collect::<Vec<_>>()
    };
    let values: Vec<f64> = sliced.slices.iter().flat_map(of_slice).collect();
    let whole = sliced.whole.as_deref().and_then(number);
    let all: Vec<f64> = values.into_iter().chain(whole).chain(bounds.iter().copied()).collect();
    PixelScale::around(all.iter().copied(), sliced.unit.is_empty(), STRIP, 8.0)
}

/// Returns the dot of a slice, with its interval, beside the value of the whole.
pub(super) fn dot(sliced: &SlicedMetric, point: &SlicePoint, scale: PixelScale, words: &str) -> Markup {
    let whole = sliced.whole.as_deref().and_then(number).map(|whole| scale.at(whole));
    let interval = point.lower.as_deref().and_then(number).zip(point.upper.as_deref().and_then(number));
    html! {
        svg.chart.strip viewBox="0 0 180 24" width="180" height="24" role="img" {
            title { (words) }
            line.axis x1="8" x2="172" y1="12" y2="12" {}
            @if let Some(whole) = whole { line.whole x1=(px(whole)) x2=(px(whole)) y1="1" y2="23" {} }
            @if let Some((low, high)) = interval { (whisker(scale.at(low), scale.at(high), 12.0, 4.0)) }
            @if let Some(value) = number(&point.value) { circle.value.is-plain cx=(px(scale.at(value))) cy="12" r="5" {} }
        }
    }
}

/// Returns the dots of the claims of an objective in several slices, each beside its bound.
pub(super) fn claim_dot(claim: &JudgedClaim, scale: PixelScale, words: &str) -> Markup {
    let value = claim.value.as_deref().and_then(number);
    let bounds =
        [claim.threshold.as_deref(), claim.upper_threshold.as_deref()].into_iter().flatten().filter_map(number);
    let interval = claim.interval.as_ref().and_then(|own| Some((number(&own.lower)?, number(&own.upper)?)));
    html! {
        svg.chart.strip viewBox="0 0 180 24" width="180" height="24" role="img" {
            title { (words) }
            line.axis x1="8" x2="172" y1="12" y2="12" {}
            @for bound in bounds { line.bound x1=(px(scale.at(bound))) x2=(px(scale.at(bound))) y1="1" y2="23" {} }
            @if let Some((low, high)) = interval { (whisker(scale.at(low), scale.at(high), 12.0, 4.0)) }
            @if let Some(value) = value { (mark(scale.at(value), 12.0, claim.truth)) }
        }
    }
}

/// Returns the scale that claims about several slices share.
pub(super) fn claim_scale(claims: &[&JudgedClaim]) -> PixelScale {
    let of_claim = |claim: &&JudgedClaim| {
        let interval = claim.interval.as_ref();
        let texts = [
            claim.value.as_deref(),
            claim.threshold.as_deref(),
            claim.upper_threshold.as_deref(),
            interval.map(|own| own.lower.as_str()),
            interval.map(|own| own.upper.as_str()),
        ];
        texts.into_iter().flatten().filter_map(number).collect::<Vec<_>>()
    };
    let all: Vec<f64> = claims.iter().flat_map(of_claim).collect();
    let is_share = claims.iter().all(|claim| claim.unit.is_empty());
    PixelScale::around(all.iter().copied(), is_share, STRIP, 8.0)
}

/// Returns the values of a metric over time: the baseline's as squares, the newest as a disc.
pub(super) fn sparkline(series: &MetricSeries, words: &str) -> Markup {
    let values: Vec<(f64, bool)> =
        series.points.iter().filter_map(|point| Some((number(&point.value)?, point.is_baseline))).collect();
    let scale = PixelScale::around(values.iter().map(|(value, _)| *value), series.unit.is_empty(), 36.0, 6.0);
    let last = values.len().saturating_sub(1);
    let step = (STRIP - 20.0) / f64::from(u32::try_from(last.max(1)).unwrap_or(1));
    let x = |at: usize| match last {
        0 => STRIP / 2.0,
        _ => 10.0 + step * f64::from(u32::try_from(at).unwrap_or(0)),
    };
    let y = |value: f64| 36.0 - scale.at(value);
    let corners: Vec<String> =
        values.iter().enumerate().map(|(at, (value, _))| format!("{:.1},{:.1}", x(at), y(*value))).collect();
    html! {
        svg.chart.spark viewBox="0 0 180 36" width="180" height="36" role="img" {
            title { (words) }
            @if values.len() > 1 { polyline.line points=(corners.join(" ")) {} }
            @for (at, (value, is_baseline)) in values.iter().enumerate() {
                @if *is_baseline {
                    rect.value.is-baseline x=(px(x(at) - 4.0)) y=(px(y(*value) - 4.0)) width="8" height="8" {}
                } @else if at == last {
                    circle.value.is-plain cx=(px(x(at))) cy=(px(y(*value))) r="4.5" {}
                } @else {
                    circle.value.is-old cx=(px(x(at))) cy=(px(y(*value))) r="2.5" {}
                }
            }
        }
    }
}

/// Returns the sets of a split, as parts of a bar. `None` if their sizes are not known.
pub(super) fn split_bar(split: &SplitReport, words: &str) -> Option<Markup> {
    #[expect(clippy::cast_precision_loss, reason = "a picture has no more than a thousand pixels")]
    let size = |examples: u64| examples as f64;
    let by_count: Option<Vec<f64>> = split.sets.iter().map(|set| set.examples.map(size)).collect();
    let sizes: Vec<f64> = by_count.or_else(|| split.sets.iter().map(|set| set.fraction).collect())?;
    let whole: f64 = sizes.iter().sum();
    if whole.is_nan() || whole <= 0.0 {
        return None;
    }
    let mut at = 0.0;
    let mut parts = Vec::new();
    for (set, size) in split.sets.iter().zip(sizes) {
        let width = size / whole * 640.0;
        parts.push((set.name, at, width));
        at += width;
    }
    Some(html! {
        svg.chart.split viewBox="0 0 640 30" preserveAspectRatio="none" height="30" role="img" {
            title { (words) }
            @for (name, at, width) in parts {
                rect class={ "set is-" (name) } x=(px(at)) y="2" width=(px((width - 2.0).max(0.5))) height="26" {}
            }
        }
    })
}

/// Returns thirteen squares: filled where a step is documented.
pub(super) fn squares(documented: impl Iterator<Item = bool>, words: &str) -> Markup {
    html! {
        svg.chart.squares viewBox="0 0 156 12" width="156" height="12" role="img" {
            title { (words) }
            @for (at, is_there) in documented.enumerate() {
                @let x = (at * 12 + 1).to_string();
                @if is_there {
                    rect.there x=(x) y="1" width="9" height="10" {}
                } @else {
                    rect.lacking x=(x) y="1.5" width="9" height="9" {}
                }
            }
        }
    }
}

/// Returns the words for a number in a picture.
pub(super) fn said(number: &str, unit: &str) -> String {
    if unit.is_empty() { short(number) } else { format!("{} {unit}", short(number)) }
}
