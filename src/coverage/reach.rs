//! The newest documents of each step that each thing leads to, for all things at once.
//!
//! Models share what they came from: a walk for each model would visit a chain of a thousand runs a thousand times. What a thing leads to
//! follows from what its neighbors lead to, and things that lead to each other lead to the same.

use crate::documents::lifecycle::STEPS;

/// The most documents of a step that are kept, the newest ones.
pub(super) const MOST_DOCUMENTS: usize = 10;

/// For each step, the ranks of documents, the newest first, one more than are kept if there are more.
pub(super) type Ranks = [Vec<usize>; STEPS.len()];

/// Adds documents to others.
pub(super) fn merge(into: &mut Ranks, from: &Ranks) {
    for (into, from) in into.iter_mut().zip(from) {
        if !from.is_empty() {
            into.extend(from);
            into.sort_unstable();
            into.dedup();
            into.truncate(MOST_DOCUMENTS + 1);
        }
    }
}

/// Returns what each of `own` leads to along `next`, itself included.
pub(super) fn reached(own: Vec<Ranks>, next: &[Vec<usize>]) -> Vec<Ranks> {
    let component_of = components(next);
    let count = component_of.iter().max().map_or(0, |last| last + 1);
    let mut of_component: Vec<Ranks> = vec![Ranks::default(); count];
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (node, component) in component_of.iter().enumerate() {
        if let Some(list) = members.get_mut(*component) {
            list.push(node);
        }
    }
    // A component comes after those that it leads to.
    for (component, members) in members.iter().enumerate() {
        let mut all = Ranks::default();
        for node in members {
            own.get(*node).into_iter().for_each(|own| merge(&mut all, own));
            for other in next.get(*node).into_iter().flatten().filter_map(|to| component_of.get(*to)) {
                if *other != component {
                    of_component.get(*other).into_iter().for_each(|other| merge(&mut all, other));
                }
            }
        }
        if let Some(slot) = of_component.get_mut(component) {
            *slot = all;
        }
    }
    component_of.iter().map(|component| of_component.get(*component).cloned().unwrap_or_default()).collect()
}

/// Returns the strongly connected component of each node: a component is numbered after those that it leads to (Tarjan's algorithm, without
/// recursion).
fn components(next: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let count = next.len();
    let (mut number, mut low, mut component) = (vec![UNSEEN; count], vec![0; count], vec![UNSEEN; count]);
    let (mut numbered, mut found) = (0, 0);
    let mut stack: Vec<usize> = Vec::new();
    for start in 0..count {
        if number[start] != UNSEEN {
            continue;
        }
        // Each node, and how many of its edges have been followed.
        let mut open: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, edge)) = open.pop() {
            if edge == 0 {
                (number[node], low[node]) = (numbered, numbered);
                numbered += 1;
                stack.push(node);
            }
            if let Some(to) = next[node].get(edge).copied() {
                open.push((node, edge + 1));
                if number[to] == UNSEEN {
                    open.push((to, 0));
                } else if component[to] == UNSEEN {
                    low[node] = low[node].min(number[to]);
                }
                continue;
            }
            if low[node] == number[node] {
                while let Some(member) = stack.pop() {
                    component[member] = found;
                    if member == node {
                        break;
                    }
                }
                found += 1;
            }
            if let Some((before, _)) = open.last() {
                low[*before] = low[*before].min(low[node]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_reached_is_what_a_walk_from_each_node_finds(
            edges in prop::collection::vec((0_usize..12, 0_usize..12), 0..30)
        ) {
            let mut next = vec![Vec::new(); 12];
            edges.iter().for_each(|(from, to)| next[*from].push(*to));
            let own = |node: usize| {
                let mut own = Ranks::default();
                own[node % STEPS.len()].push(node);
                own
            };
            let reached = reached((0..12).map(own).collect(), &next);
            for (start, reached) in reached.iter().enumerate() {
                let (mut seen, mut open) = (vec![start], vec![start]);
                while let Some(node) = open.pop() {
                    let new: Vec<usize> = next[node].iter().copied().filter(|to| !seen.contains(to)).collect();
                    open.extend(&new);
                    seen.extend(new);
                    seen.sort_unstable();
                    seen.dedup();
                }
                let mut found: Vec<usize> = reached.iter().flatten().copied().collect();
                found.sort_unstable();
                prop_assert_eq!(found, seen);
            }
        }
    }

    #[test]
    fn only_the_newest_are_kept_and_that_there_are_more() {
        let mut all = Ranks::default();
        let many = |from: usize| {
            let mut ranks = Ranks::default();
            ranks[0] = (from..from + 8).collect();
            ranks
        };
        merge(&mut all, &many(8));
        merge(&mut all, &many(0));
        merge(&mut all, &many(4));
        assert_eq!(all[0], (0..=MOST_DOCUMENTS).collect::<Vec<_>>());
    }
}
