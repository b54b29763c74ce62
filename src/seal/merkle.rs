//! The Merkle tree over the records of a file: RFC 9162, section 2.1, with SHA-256.
//!
//! A record is a leaf, SHA-256(00 ‖ record without its line break); a node is SHA-256(01 ‖ left ‖ right). The first byte keeps a leaf from
//! being taken for a node.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// The digest of one record, fed piece by piece, so that a record may have any length.
#[derive(Clone)]
pub struct LeafHasher(Sha256);

impl Default for LeafHasher {
    fn default() -> Self {
        Self(Sha256::new_with_prefix([0]))
    }
}

impl LeafHasher {
    /// Adds bytes of the record.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the leaf.
    #[must_use]
    pub fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

/// Returns the leaf of a record.
#[must_use]
pub fn leaf(record: &[u8]) -> Hash {
    let mut hasher = LeafHasher::default();
    hasher.update(record);
    hasher.finish()
}

/// Returns the node above two nodes.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A tree that grows leaf by leaf. It keeps one node for each level: 64 at most.
#[derive(Clone, Debug, Default)]
pub struct MerkleTree {
    /// The complete subtrees from left to right, each with its height.
    complete: Vec<(u32, Hash)>,
    leaves: u64,
}

impl MerkleTree {
    /// Adds a leaf on the right.
    pub fn push(&mut self, leaf: Hash) {
        let (mut height, mut own) = (0, leaf);
        while let Some((_, left)) = self.complete.pop_if(|(left, _)| *left == height) {
            own = node(&left, &own);
            height += 1;
        }
        self.complete.push((height, own));
        self.leaves += 1;
    }

    /// Returns the number of leaves.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.leaves
    }

    /// Returns whether there is no leaf.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.leaves == 0
    }

    /// Returns the root; that of no leaf is the SHA-256 of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let nodes = self.complete.iter().rev().map(|(_, own)| *own);
        nodes.reduce(|right, left| node(&left, &right)).unwrap_or_else(|| Sha256::digest([]).into())
    }
}

/// Builds the path from one leaf to the root while leaves are added. It keeps one node for each level.
#[derive(Clone, Debug)]
pub struct InclusionPath {
    /// The number of the leaf, from 0.
    index: u64,
    leaves: u64,
    /// The subtrees as in [`MerkleTree`], and whether the leaf is in them.
    complete: Vec<(u32, Hash, bool)>,
    /// The siblings on the way up, from the leaf.
    siblings: Vec<Hash>,
}

impl InclusionPath {
    /// Begins the path of a leaf, by its number from 0.
    #[must_use]
    pub fn of(index: u64) -> Self {
        Self { index, leaves: 0, complete: Vec::new(), siblings: Vec::new() }
    }

    /// Adds a leaf on the right.
    pub fn push(&mut self, leaf: Hash) {
        let (mut height, mut own, mut holds) = (0, leaf, self.leaves == self.index);
        while let Some((_, left, left_holds)) = self.complete.pop_if(|(left, ..)| *left == height) {
            self.join(&left, left_holds, &own, holds);
            (own, holds) = (node(&left, &own), left_holds || holds);
            height += 1;
        }
        self.complete.push((height, own, holds));
        self.leaves += 1;
    }

    fn join(&mut self, left: &Hash, left_holds: bool, right: &Hash, right_holds: bool) {
        if left_holds {
            self.siblings.push(*right);
        } else if right_holds {
            self.siblings.push(*left);
        }
    }

    /// Returns the siblings on the way from the leaf to the root (RFC 9162, section 2.1.3.1); `None` if there is no such leaf.
    #[must_use]
    pub fn finish(mut self) -> Option<Vec<Hash>> {
        if self.index >= self.leaves {
            return None;
        }
        let (_, mut own, mut holds) = self.complete.pop()?;
        while let Some((_, left, left_holds)) = self.complete.pop() {
            self.join(&left, left_holds, &own, holds);
            (own, holds) = (node(&left, &own), left_holds || holds);
        }
        Some(self.siblings)
    }
}

/// Returns the root that a path leads to from a leaf (RFC 9162, section 2.1.3.2); `None` if the path does not fit the size of the tree.
#[must_use]
pub fn root_of(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut at, mut last, mut own) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            own = node(sibling, &own);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            own = node(&own, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(own)
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    use super::*;

    fn root(records: &[&str]) -> String {
        let mut tree = MerkleTree::default();
        records.iter().for_each(|record| tree.push(leaf(record.as_bytes())));
        HEXLOWER.encode(&tree.root())
    }

    /// RFC 9162, section 2.1.1, word for word: the split is at the greatest power of two below the number of leaves.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [only] => *only,
            leaves => {
                let (left, right) = leaves.split_at(1 << (leaves.len() - 1).ilog2());
                node(&by_definition(left), &by_definition(right))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_published_vectors() {
        assert_eq!(root(&[]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(root(&["a"]), "022a6979e6dab7aa5ae4c3e5e45f7e977112a7e63593820dbec1ec738a24f93c");
        assert_eq!(root(&["a", "b", "c"]), "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1");
    }

    #[test]
    fn every_leaf_of_every_small_tree_has_a_path_and_no_other_leads_to_the_root() {
        for size in 0..70_u64 {
            let leaves: Vec<Hash> = (0..size).map(|number| leaf(&number.to_be_bytes())).collect();
            let mut tree = MerkleTree::default();
            leaves.iter().for_each(|leaf| tree.push(*leaf));
            assert_eq!(tree.root(), by_definition(&leaves));
            for index in 0..size + 2 {
                let mut path = InclusionPath::of(index);
                leaves.iter().for_each(|leaf| path.push(*leaf));
                let path = path.finish();
                assert_eq!(path.is_some(), index < size);
                let Some(path) = path else { continue };
                let own = leaves[usize::try_from(index).unwrap()];
                assert_eq!(root_of(own, index, size, &path), Some(tree.root()));
                assert_ne!(root_of(leaf(b"other"), index, size, &path), Some(tree.root()));
                for other in (0..size).filter(|other| *other != index) {
                    assert_ne!(root_of(own, other, size, &path), Some(tree.root()), "{index} as {other} of {size}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn the_tree_that_grows_is_the_tree_of_the_definition(size in 0..3000_usize) {
            let leaves: Vec<Hash> = (0..size).map(|number| leaf(&number.to_be_bytes())).collect();
            let mut tree = MerkleTree::default();
            leaves.iter().for_each(|leaf| tree.push(*leaf));
            prop_assert_eq!(tree.root(), by_definition(&leaves));
        }

        #[test]
        fn no_path_makes_it_panic(index: u64, size: u64, path in prop::collection::vec(any::<[u8; 32]>(), 0..80)) {
            let _ = root_of(leaf(b""), index, size, &path);
        }
    }
}
