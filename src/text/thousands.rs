//! Numbers for people.

/// Returns a number with commas between thousands: `1,234,567`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let is_start = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
    let grouped = |(at, digit): (usize, char)| is_start(at).then_some(',').into_iter().chain([digit]);
    digits.chars().enumerate().flat_map(grouped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_between_thousands() {
        let numbers = [0, 999, 1000, 100_000, 1_234_567];
        assert_eq!(numbers.map(thousands), ["0", "999", "1,000", "100,000", "1,234,567"]);
    }
}
