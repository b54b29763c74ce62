//! Which places of findings are kept of a file that is too large to keep.

/// The places of each group of findings that are kept at least.
pub const FIRST_PLACES: usize = 20;

/// The places of a file that are kept at most, beside the first ones of each group.
pub const MOST_PLACES: usize = 1000;

/// The bytes of a file that are kept at most, beside the first place of each group.
const MOST_BYTES: usize = 16 << 20;

/// Decides which places are kept, in the order of the file. A decision for a part of a file is never stricter than that for all of it, so that
/// parts can be added up.
#[derive(Debug, Default)]
pub struct KeptPlaces {
    places: usize,
    bytes: usize,
    of_groups: Vec<usize>,
}

impl KeptPlaces {
    /// Returns whether a place is kept, since one of its groups has few yet, or the file has. A place takes this many bytes, and its groups
    /// have these numbers; without any, it is not kept.
    pub fn takes(&mut self, groups: &[usize], bytes: usize) -> bool {
        let most = groups.iter().max().map_or(0, |most| most + 1);
        self.of_groups.resize(self.of_groups.len().max(most), 0);
        let fewest = groups.iter().filter_map(|group| self.of_groups.get(*group)).min().copied();
        let has_room = self.bytes.saturating_add(bytes) <= MOST_BYTES;
        let is_kept = match fewest {
            None => false,
            Some(0) => true,
            Some(fewest) => has_room && (fewest < FIRST_PLACES || self.places < MOST_PLACES),
        };
        if is_kept {
            for group in groups {
                if let Some(count) = self.of_groups.get_mut(*group) {
                    *count += 1;
                }
            }
            self.places += groups.len();
            self.bytes += bytes;
        }
        is_kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_places_of_each_group_are_kept_whatever_others_have() {
        let mut kept = KeptPlaces::default();
        let taken = (0..5000).filter(|_| kept.takes(&[0], 10)).count();
        assert_eq!(taken, MOST_PLACES);
        let later = (0..5000).filter(|_| kept.takes(&[7], 10)).count();
        assert_eq!(later, FIRST_PLACES);
        assert!(!kept.takes(&[], 10));
    }

    #[test]
    fn of_long_places_the_first_of_each_group_is_kept() {
        let mut kept = KeptPlaces::default();
        assert_eq!((0..5000).filter(|_| kept.takes(&[0], 1 << 20)).count(), 16);
        assert_eq!((0..5000).filter(|_| kept.takes(&[1], 1 << 20)).count(), 1);
    }
}
