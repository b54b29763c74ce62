//! The number of different values, estimated from a small sketch.
//!
//! `HyperLogLog` with 4096 registers: the standard error is 1.04 / √4096 = 1.6 %. A register holds the greatest number of leading zeros
//! that a hash has had, so the registers depend on the set of values alone. The estimate is that of O. Ertl, "New cardinality estimation
//! algorithms for `HyperLogLog` sketches" (2017), algorithm 6, which is unbiased from 0 to 2^64 without tables. Libraries also keep the
//! history of the sketch, for a somewhat better estimate, and their bytes then depend on the order of the values; these may not.

/// The bits of a hash that choose a register.
const REGISTER_BITS: u32 = 12;
/// The number of registers.
const REGISTERS: usize = 1 << REGISTER_BITS;
/// The greatest value of a register.
const GREATEST: u8 = 64 - REGISTER_BITS as u8 + 1;

/// The standard error of the estimate, as a fraction.
pub const STANDARD_ERROR: f64 = 1.04 / 64.0;

/// A sketch of a set of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinctSketch {
    registers: Box<[u8; REGISTERS]>,
}

impl Default for DistinctSketch {
    fn default() -> Self {
        Self { registers: Box::new([0; REGISTERS]) }
    }
}

impl DistinctSketch {
    /// Adds a value.
    pub fn add(&mut self, value: &str) {
        let hash = hash(value.as_bytes());
        let register = usize::try_from(hash >> (64 - REGISTER_BITS)).unwrap_or(0);
        // A bit behind those of the hash ends the zeros.
        let rest = (hash << REGISTER_BITS) | (1 << (REGISTER_BITS - 1));
        let rank = u8::try_from(rest.leading_zeros() + 1).unwrap_or(GREATEST);
        if let Some(own) = self.registers.get_mut(register) {
            *own = rank.max(*own);
        }
    }

    /// Adds the values of another sketch.
    pub fn merge(&mut self, other: &Self) {
        for (own, others) in self.registers.iter_mut().zip(other.registers.iter()) {
            *own = (*own).max(*others);
        }
    }

    /// Returns the registers.
    #[must_use]
    pub fn registers(&self) -> &[u8] {
        self.registers.as_slice()
    }

    /// Returns the sketch with these registers; `None` if they are none.
    #[must_use]
    pub fn from_registers(registers: &[u8]) -> Option<Self> {
        let registers: [u8; REGISTERS] = registers.try_into().ok()?;
        registers.iter().all(|own| *own <= GREATEST).then(|| Self { registers: Box::new(registers) })
    }

    /// Returns the estimated number of different values.
    #[must_use]
    pub fn estimate(&self) -> f64 {
        let mut counts = [0_u32; GREATEST as usize + 1];
        for register in self.registers.iter() {
            if let Some(count) = counts.get_mut(usize::from(*register)) {
                *count += 1;
            }
        }
        let count = |rank: usize| f64::from(counts.get(rank).copied().unwrap_or(0));
        let registers = REGISTERS as f64;
        let last = usize::from(GREATEST);
        let mut z = registers * tau(1.0 - count(last) / registers);
        for rank in (1..last).rev() {
            z = 0.5 * (z + count(rank));
        }
        z += registers * sigma(count(0) / registers);
        registers * registers / (2.0 * std::f64::consts::LN_2) / z
    }
}

/// Ertl's σ: what the empty registers contribute.
fn sigma(share: f64) -> f64 {
    if share >= 1.0 {
        return f64::INFINITY;
    }
    let (mut x, mut y, mut z) = (share, 1.0, share);
    loop {
        let before = z;
        x *= x;
        z += x * y;
        y += y;
        if z <= before {
            return z;
        }
    }
}

/// Ertl's τ: what the full registers contribute.
fn tau(share: f64) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return 0.0;
    }
    let (mut x, mut y, mut z) = (share, 1.0, 1.0 - share);
    loop {
        let before = z;
        x = x.sqrt();
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z >= before {
            return z / 3.0;
        }
    }
}

/// Returns a hash that is the same everywhere: FNV-1a, with the finalizer of `MurmurHash3`, which spreads it to all bits.
fn hash(bytes: &[u8]) -> u64 {
    let fnv = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (fnv ^ (fnv >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_within_four_standard_errors() {
        let mut sketch = DistinctSketch::default();
        assert_eq!(sketch.estimate(), 0.0);
        let mut next = 1_u32;
        for number in 1..=200_000_u32 {
            sketch.add(&format!("value-{number}"));
            sketch.add(&format!("value-{number}"));
            if number == next {
                let wrong = (sketch.estimate() - f64::from(number)).abs() / f64::from(number);
                assert!(wrong < 4.0 * STANDARD_ERROR, "{number}: {}", sketch.estimate());
                next *= 3;
            }
        }
    }

    #[test]
    fn two_sketches_are_that_of_both_sets() {
        let of = |range: std::ops::Range<u32>| {
            let mut sketch = DistinctSketch::default();
            range.for_each(|number| sketch.add(&number.to_string()));
            sketch
        };
        let mut both = of(500..900);
        both.merge(&of(0..600));
        assert_eq!(both, of(0..900));
        assert_eq!(DistinctSketch::from_registers(both.registers()), Some(both));
        assert_eq!(DistinctSketch::from_registers(&[0; 3]), None);
        assert_eq!(DistinctSketch::from_registers(&[99; REGISTERS]), None);
    }
}
