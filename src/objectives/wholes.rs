//! Whether what was measured of slices and of what they are parts of can be true together.

use rustc_hash::FxHashMap;

/// Dimension and value, in the order of the dimensions.
pub type SlicePairs<'a> = Vec<(&'a str, &'a str)>;

/// Of more dimensions at once, only all of the data is looked at: the slices around a slice double with each.
const MOST_DIMENSIONS: usize = 6;

/// Returns the slices that a slice is a part of, each with the dimensions along which it is one.
pub fn surrounding<'a>(slice: &[(&'a str, &'a str)]) -> impl Iterator<Item = (SlicePairs<'a>, Vec<&'a str>)> {
    let choices = if slice.len() > MOST_DIMENSIONS { 1 } else { (1_usize << slice.len()) - 1 };
    (0..if slice.is_empty() { 0 } else { choices }).map(move |kept| {
        let is_kept = |position: usize| position < MOST_DIMENSIONS && kept >> position & 1 == 1;
        let (mut outer, mut along) = (Vec::new(), Vec::new());
        for (position, pair) in slice.iter().enumerate() {
            if is_kept(position) { outer.push(*pair) } else { along.push(pair.0) }
        }
        (outer, along)
    })
}

/// The share of some examples that has a property.
#[derive(Clone, Debug)]
pub struct MeasuredShare<'a> {
    /// The part of the data.
    pub slice: SlicePairs<'a>,
    /// The share.
    pub value: f64,
    /// How far it may be from the one that was rounded to it.
    pub tolerance: f64,
    /// The number of examples.
    pub count: u64,
    /// Whether it is a share of all of these, and not of some of them.
    pub is_of_all: bool,
}

/// A share that the slices of its data rule out.
#[derive(Clone, Debug, PartialEq)]
pub struct ImpossibleWhole<'a> {
    /// Its position among the shares.
    pub whole: usize,
    /// The dimensions of the slices.
    pub along: Vec<&'a str>,
    /// The least that it can be.
    pub least: f64,
    /// The greatest that it can be.
    pub greatest: f64,
}

/// What is known of the slices of one share.
#[derive(Default)]
struct Slices {
    count: u64,
    /// The number of examples with the property, and how far it may be off.
    part: f64,
    tolerance: f64,
    /// The least and the greatest share.
    ends: Option<(f64, f64)>,
}

/// Returns the first of some shares of one metric on the same data that its slices rule out. The share of the whole is the mean of those of
/// its slices, weighted by their examples; of examples that are in no slice, none to all can have the property.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
pub fn impossible_whole<'a>(shares: &[MeasuredShare<'a>]) -> Option<ImpossibleWhole<'a>> {
    let mut wholes: FxHashMap<&[(&str, &str)], Option<usize>> = FxHashMap::default();
    for (position, share) in shares.iter().enumerate() {
        // Of two records of one slice nobody knows which is meant.
        wholes.entry(&share.slice).and_modify(|own| *own = None).or_insert(Some(position));
    }
    let mut slices: FxHashMap<(usize, Vec<&'a str>), Slices> = FxHashMap::default();
    for share in shares {
        for (outer, along) in surrounding(&share.slice) {
            let Some(Some(whole)) = wholes.get(&*outer) else { continue };
            let own = slices.entry((*whole, along)).or_default();
            own.count = own.count.saturating_add(share.count);
            own.part += share.value * share.count as f64;
            own.tolerance += share.tolerance * share.count as f64;
            let (low, high) = (share.value - share.tolerance, share.value + share.tolerance);
            own.ends = Some(own.ends.map_or((low, high), |(least, most)| (least.min(low), most.max(high))));
        }
    }
    let mut found: Vec<ImpossibleWhole<'a>> = Vec::new();
    for ((whole, along), own) in slices {
        let Some(share) = shares.get(whole) else { continue };
        // More examples in slices than in all the data are another fault.
        let (all, Some(rest)) = (share.count as f64, share.count.checked_sub(own.count)) else { continue };
        let (least, greatest) = match own.ends {
            _ if share.is_of_all => ((own.part - own.tolerance) / all, (own.part + own.tolerance + rest as f64) / all),
            // Of how many examples each is a share is not known, but the mean is between the ends.
            Some(ends) if rest == 0 => ends,
            _ => continue,
        };
        let tolerance = share.tolerance.max(1e-6);
        if share.value < least - tolerance || share.value > greatest + tolerance {
            found.push(ImpossibleWhole { whole, along, least: least.max(0.0), greatest: greatest.min(1.0) });
        }
    }
    found.into_iter().min_by(|a, b| (a.whole, &a.along).cmp(&(b.whole, &b.along)))
}

/// Returns whether a fraction, which may be `tolerance` away from the one that was rounded to it, can be a share of this number of examples.
#[must_use]
pub fn may_be_share_of(value: f64, tolerance: f64, examples: u64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "no number of examples needs more digits")]
    let examples = examples as f64;
    // Not all digits of a single-precision number are significant.
    ((value * examples).round() / examples - value).abs() <= tolerance.max(1e-6)
}

/// Returns half a unit of the last digit that is given. A number without decimals is an exact 0 or 1 (100), or a percentage. `scale` is 100
/// for a percentage, and 1 for a fraction. Tools write a percentage that they have rounded to a whole number as `95.0`.
#[must_use]
pub fn half_of_last_digit(text: &str, scale: f64) -> f64 {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let is_whole = |fraction: &str| scale > 1.0 && fraction.bytes().all(|digit| digit == b'0');
    let fraction = mantissa.split_once('.').map_or("", |(_, fraction)| fraction);
    let digits = if is_whole(fraction) { 0 } else { fraction.len().min(300) };
    if digits == 0 && scale <= 1.0 {
        return 0.0;
    }
    let exponent = exponent.parse::<i32>().unwrap_or(0) - i32::try_from(digits).unwrap_or(0);
    0.5 * 10_f64.powi(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_digits_tell_how_far_the_number_was_rounded() {
        for (text, scale, expected) in [
            ("0.87", 1.0, 0.005),
            ("87", 100.0, 0.5),
            ("87.0", 100.0, 0.5),
            ("87.10", 100.0, 0.005),
            ("1.0", 1.0, 0.05),
            ("1", 1.0, 0.0),
            ("8.7e-1", 1.0, 0.005),
            ("0.8750", 1.0, 0.00005),
        ] {
            assert!((half_of_last_digit(text, scale) - expected).abs() < 1e-12, "{text}");
        }
    }

    fn share<'a>(slice: &[(&'a str, &'a str)], value: f64, count: u64) -> MeasuredShare<'a> {
        MeasuredShare { slice: slice.to_vec(), value, tolerance: 0.0005, count, is_of_all: true }
    }

    #[test]
    fn a_whole_is_the_mean_of_its_slices() {
        let whole = |value| {
            vec![
                share(&[], value, 400),
                share(&[("plan", "a")], 0.8, 100),
                share(&[("plan", "b")], 0.9, 300),
                share(&[("region", "n")], 0.5, 100),
            ]
        };
        assert_eq!(impossible_whole(&whole(0.875)), None);
        let found = impossible_whole(&whole(0.95)).unwrap();
        assert_eq!((found.whole, found.along), (0, vec!["plan"]));
        // What is in no slice may all be wrong, or all be right.
        assert_eq!(impossible_whole(&whole(0.125)).unwrap().along, ["plan"]);
        let rest = |value| vec![share(&[], value, 400), share(&[("region", "n")], 0.5, 100)];
        for (value, is_possible) in [(0.124, false), (0.126, true), (0.874, true), (0.877, false)] {
            assert_eq!(impossible_whole(&rest(value)).is_none(), is_possible, "{value}");
        }
        let mut some = whole(0.95);
        some.iter_mut().for_each(|own| own.is_of_all = false);
        assert_eq!(impossible_whole(&some).unwrap().greatest, 0.9005);
        some[0].value = 0.82;
        assert_eq!(impossible_whole(&some), None);
    }

    #[test]
    fn slices_of_slices_are_held_against_them() {
        let shares = |value| {
            vec![
                share(&[("plan", "a")], value, 200),
                share(&[("plan", "a"), ("region", "n")], 0.5, 100),
                share(&[("plan", "a"), ("region", "s")], 0.7, 100),
                share(&[("plan", "b"), ("region", "s")], 0.1, 100),
            ]
        };
        assert_eq!(impossible_whole(&shares(0.6)), None);
        assert_eq!(impossible_whole(&shares(0.7)).unwrap().along, ["region"]);
    }

    #[test]
    fn a_slice_is_a_part_of_all_that_have_fewer_of_its_values() {
        let all: Vec<_> = surrounding(&[("a", "1"), ("b", "2")]).collect();
        assert_eq!(all.len(), 3);
        assert!(all.contains(&(vec![("a", "1")], vec!["b"])) && all.contains(&(vec![], vec!["a", "b"])));
        assert_eq!(surrounding(&[]).count(), 0);
        let many: Vec<(&str, &str)> = vec![("a", "1"); 40];
        assert_eq!(surrounding(&many).count(), 1);
    }
}
