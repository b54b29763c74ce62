//! Expected values are those of scipy 1.17, and of TFDV 1.16 where it has the measure.

use super::*;

#[track_caller]
fn assert_shares(cells: &[CellPair], expected: [f64; 4]) {
    let measures = [Measure::Linf, Measure::JsDivergence, Measure::JsDistance, Measure::Psi];
    for (measure, expected) in measures.into_iter().zip(expected) {
        let own = by_shares(measure, cells).unwrap();
        assert!((own - expected).abs() < 1e-9, "{measure:?}: {own} is not {expected}");
    }
}

#[test]
fn shares_are_compared_as_others_compare_them() {
    assert_shares(&[(50, 60), (50, 40)], [0.1, 0.0072991568, 0.0854351026, 0.0397367714]);
    assert_shares(&[(70, 55), (20, 25), (10, 10), (0, 10)], [0.15, 0.0585156858, 0.2419001566, 0.3443621328]);
    assert_shares(&[(10, 0), (0, 10)], [1.0, 1.0, 1.0, 5.5354953413]);
    assert_shares(&[(1, 250), (3, 750)], [0.0, 0.0, 0.0, 0.0124367102]);
    assert_shares(&[(90, 80), (10, 10), (0, 10), (0, 0)], [0.1, 0.0521228356, 0.2283042610, 0.3114891728]);
    let current = [234, 240, 228, 244, 280, 269, 265, 330, 389, 521];
    let deciles: Vec<CellPair> = current.iter().map(|count| (500, *count)).collect();
    assert_shares(&deciles, [0.0736666667, 0.0130105762, 0.1140639128, 0.0724992615]);
}

#[test]
fn what_is_empty_has_no_distance() {
    for cells in [&[][..], &[(0, 0)], &[(3, 0)], &[(0, 3)]] {
        assert_eq!(by_shares(Measure::Psi, cells), None);
        assert_eq!(ks(cells), None);
        assert_eq!(wasserstein(cells, &[1.0]), None);
        assert_eq!(noise_floor(Measure::Psi, cells), None);
    }
    assert_eq!(by_shares(Measure::Ks, &[(1, 1)]), None);
}

fn close(own: f64, expected: f64) -> bool {
    (own - expected).abs() / expected < 0.002
}

#[test]
fn noise_floors_are_those_of_simulations() {
    for (n, m, psi, js, linf) in
        [(100, 100, 0.338, 0.0629, 0.119), (1000, 200, 0.1015, 0.0186, 0.0652), (10_000, 1000, 0.0186, 0.00335, 0.0279)]
    {
        let cells = vec![(n / 10, m / 10); 10];
        let floor = |measure| noise_floor(measure, &cells).unwrap().value;
        assert!((floor(Measure::Psi) - psi).abs() < 0.0006, "{}", floor(Measure::Psi));
        assert!((floor(Measure::JsDivergence) - js).abs() < 0.0006, "{}", floor(Measure::JsDivergence));
        assert!((floor(Measure::Linf) - linf).abs() < 0.0006, "{}", floor(Measure::Linf));
        assert!(close(floor(Measure::Ks), 1.358 * ((n + m) as f64 / (n * m) as f64).sqrt()));
    }
    let cells = vec![(10, 10); 10];
    assert_eq!(noise_floor(Measure::Psi, &cells).unwrap().rows_for(0.1), 339);
}

/// Random numbers that are the same in each run (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// Counts how often two samples of the same ten cells exceed the floor of each measure.
#[test]
fn without_drift_at_most_six_in_a_hundred_exceed_the_floor() {
    const DRAWS: usize = 2000;
    let measures = [Measure::Linf, Measure::JsDivergence, Measure::Psi, Measure::Ks];
    let mut random = Random(20_260_822);
    for (n, m) in [(100, 100), (1000, 200)] {
        let mut alarms = [0_usize; 4];
        let mut popular = 0;
        for _ in 0..DRAWS {
            let mut cells = vec![(0_u64, 0_u64); 10];
            (0..n).for_each(|_| cells[random.below(10) as usize].0 += 1);
            (0..m).for_each(|_| cells[random.below(10) as usize].1 += 1);
            for (alarms, measure) in alarms.iter_mut().zip(measures) {
                let own = by_shares(measure, &cells).or_else(|| ks(&cells)).unwrap();
                *alarms += usize::from(own > noise_floor(measure, &cells).unwrap().value);
            }
            popular += usize::from(by_shares(Measure::Psi, &cells).unwrap() > 0.1);
        }
        for (alarms, measure) in alarms.into_iter().zip(measures) {
            assert!(alarms * 100 <= 6 * DRAWS, "{measure:?} with {n} and {m}: {alarms}");
            // A floor that nothing exceeds would forbid every claim. That of ks is for continuous data, and too high for ten cells.
            assert!(alarms * 100 >= DRAWS || measure == Measure::Ks, "{measure:?} with {n} and {m}: {alarms}");
        }
        // The popular limit alarms most of the time.
        assert!(n > 100 || popular * 100 >= 60 * DRAWS, "{popular}");
    }
}

#[test]
fn numbers_are_compared_in_their_order() {
    let pairs = |reference: &[u64], current: &[u64]| {
        let mut cells = std::collections::BTreeMap::<u64, CellPair>::new();
        reference.iter().for_each(|value| cells.entry(*value).or_default().0 += 1);
        current.iter().for_each(|value| cells.entry(*value).or_default().1 += 1);
        let middles: Vec<f64> = cells.keys().map(|value| *value as f64).collect();
        let cells: Vec<CellPair> = cells.into_values().collect();
        (ks(&cells).unwrap(), wasserstein(&cells, &middles).unwrap())
    };
    let reference: Vec<u64> = (1..=10).collect();
    let assert_near = |own: (f64, f64), expected: (f64, f64)| {
        assert!((own.0 - expected.0).abs() < 1e-9 && (own.1 - expected.1).abs() < 1e-9, "{own:?} {expected:?}");
    };
    assert_near(pairs(&reference, &(3..=12).collect::<Vec<u64>>()), (0.2, 2.0));
    assert_near(pairs(&reference, &[1, 1, 2, 3, 5, 8, 13, 21, 34, 55]), (0.4, 9.4));
    assert_near(pairs(&reference, &[2, 2, 9, 9]), (0.3, 1.4));
}
