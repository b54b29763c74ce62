//! Which records of a file were removed, added, changed or moved since it was sealed.

use std::collections::HashMap;

use super::merkle::Hash;

/// What became of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordChange {
    /// The record with this number in the sealed file is gone.
    Removed(u64),
    /// The record with this number now was not in the sealed file.
    Added(u64),
    /// The record with this number in the sealed file is another one; with its number now.
    Altered(u64, u64),
    /// The record with this number in the sealed file is elsewhere; with its number now.
    Moved(u64, u64),
}

/// The changes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRecords {
    /// Each change, in the order of the sealed file. Numbers count from 1.
    pub changes: Vec<RecordChange>,
}

/// Compares what is left of both files after the records that they begin with in common. `first` is the number of the first of those that are
/// compared, from 1.
///
/// What stays in place is a longest sequence of records that are in both in the same order; all other records were removed, added or moved. A
/// record that was removed exactly where another one was added was altered.
#[must_use]
pub fn changes(first: u64, sealed: &[Hash], now: &[Hash]) -> ChangedRecords {
    let mut places: HashMap<&Hash, Vec<usize>> = HashMap::new();
    for (at, leaf) in now.iter().enumerate().rev() {
        places.entry(leaf).or_default().push(at);
    }
    // Equal records are matched in their order.
    let matched: Vec<Option<usize>> = sealed.iter().map(|leaf| places.get_mut(leaf).and_then(Vec::pop)).collect();
    let in_place = longest_increasing(&matched);
    let mut is_matched = vec![false; now.len()];
    for at in matched.iter().flatten() {
        if let Some(own) = is_matched.get_mut(*at) {
            *own = true;
        }
    }
    let number = |at: usize| first + at as u64;
    let (mut changes, mut next_now) = (Vec::new(), 0);
    let mut removed: Vec<usize> = Vec::new();
    // Between two records that stayed in place, what was removed is paired with what was added.
    let mut close = |removed: &mut Vec<usize>, upto: usize, changes: &mut Vec<RecordChange>| {
        let added = (next_now..upto).filter(|at| !is_matched.get(*at).copied().unwrap_or(true));
        let mut added = added.peekable();
        for old in removed.drain(..) {
            changes.push(match added.next() {
                Some(new) => RecordChange::Altered(number(old), number(new)),
                None => RecordChange::Removed(number(old)),
            });
        }
        changes.extend(added.map(|new| RecordChange::Added(number(new))));
        next_now = upto + 1;
    };
    for (at, place) in matched.iter().enumerate() {
        match place {
            None => removed.push(at),
            Some(place) if in_place.get(at).copied().unwrap_or(false) => close(&mut removed, *place, &mut changes),
            Some(place) => changes.push(RecordChange::Moved(number(at), number(*place))),
        }
    }
    close(&mut removed, now.len(), &mut changes);
    changes.sort_by_key(|change| match change {
        RecordChange::Removed(old) | RecordChange::Altered(old, _) | RecordChange::Moved(old, _) => (*old, 0),
        RecordChange::Added(new) => (*new, 1),
    });
    ChangedRecords { changes }
}

/// Returns which of some places are in a longest increasing sequence of them (patience sorting, O(n log n)).
fn longest_increasing(places: &[Option<usize>]) -> Vec<bool> {
    // The last place of the sequences of each length, and where it stands.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; places.len()];
    for (at, place) in places.iter().enumerate() {
        let Some(place) = *place else { continue };
        let length = ends.partition_point(|(end, _)| *end < place);
        if let Some(own) = before.get_mut(at) {
            *own = length.checked_sub(1).and_then(|shorter| ends.get(shorter)).map(|(_, at)| *at);
        }
        match ends.get_mut(length) {
            Some(end) => *end = (place, at),
            None => ends.push((place, at)),
        }
    }
    let mut is_in = vec![false; places.len()];
    let mut next = ends.last().map(|(_, at)| *at);
    while let Some(at) = next {
        if let Some(own) = is_in.get_mut(at) {
            *own = true;
        }
        next = before.get(at).copied().flatten();
    }
    is_in
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::merkle::leaf;
    use super::RecordChange::{Added, Altered, Moved, Removed};
    use super::*;

    fn compare(sealed: &str, now: &str) -> Vec<RecordChange> {
        let leaves = |text: &str| text.bytes().map(|byte| leaf(&[byte])).collect::<Vec<_>>();
        changes(1, &leaves(sealed), &leaves(now)).changes
    }

    #[test]
    fn each_manipulation_is_named() {
        assert_eq!(compare("abcd", "abcd"), []);
        assert_eq!(compare("abcd", "abd"), [Removed(3)]);
        assert_eq!(compare("abcd", "abxcd"), [Added(3)]);
        assert_eq!(compare("abcd", "axcd"), [Altered(2, 2)]);
        assert_eq!(compare("abcde", "abdec"), [Moved(3, 5)]);
        assert_eq!(compare("abcd", "bxd"), [Removed(1), Altered(3, 2)]);
        assert_eq!(compare("aab", "ab"), [Removed(2)]);
        assert_eq!(compare("", "a"), [Added(1)]);
        assert_eq!(compare("a", ""), [Removed(1)]);
    }

    proptest! {
        /// What is said to have happened leads from one file to the other, and nothing is said of equal files.
        #[test]
        fn the_changes_account_for_every_record(sealed in "[a-e]{0,12}", now in "[a-e]{0,12}") {
            let found = compare(&sealed, &now);
            prop_assert_eq!(found.is_empty(), sealed == now);
            let count = |is: fn(&RecordChange) -> bool| found.iter().filter(|change| is(change)).count();
            let (removed, added) = (count(|c| matches!(c, Removed(_))), count(|c| matches!(c, Added(_))));
            prop_assert_eq!(sealed.len() + added, now.len() + removed);
            // A record of which nothing is said is in both.
            let said: Vec<u64> = found.iter().filter_map(|change| match change {
                Removed(old) | Altered(old, _) | Moved(old, _) => Some(*old),
                Added(_) => None,
            }).collect();
            let kept: Vec<u8> = (1..).zip(sealed.bytes()).filter(|(at, _)| !said.contains(at)).map(|(_, byte)| byte).collect();
            let gone: Vec<u64> = found.iter().filter_map(|change| match change {
                Added(new) | Altered(_, new) | Moved(_, new) => Some(*new),
                Removed(_) => None,
            }).collect();
            let stays: Vec<u8> = (1..).zip(now.bytes()).filter(|(at, _)| !gone.contains(at)).map(|(_, byte)| byte).collect();
            prop_assert_eq!(kept, stays);
        }
    }
}
