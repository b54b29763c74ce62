//! Times and their spread, for work within this process.

use std::time::Instant;

/// Returns how long `work` takes, in seconds, and its result.
pub fn time<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let made = work();
    (start.elapsed().as_secs_f64(), made)
}

/// Shows median, least and greatest.
pub fn spread(mut ratios: Vec<f64>) -> String {
    ratios.sort_by(f64::total_cmp);
    format!("{:.2} ({:.2} … {:.2})", ratios[ratios.len() / 2], ratios[0], ratios[ratios.len() - 1])
}
