//! Uses of data, found by what tells data apart: to compare each with each would cost the square of their number.

use rustc_hash::FxHashMap;

use super::passed_over::is_same;
use crate::workspace::{DataUse, DocId};

/// What two uses of the same data have in common, at least one of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum DataKey {
    Dataset(DocId),
    Digest(String),
    Place(String),
    Reference(String),
}

fn keys(data: &DataUse<'_>) -> impl Iterator<Item = DataKey> {
    let digest = data.digest.as_deref().map(|digest| DataKey::Digest(digest.to_owned()));
    let reference = data.reference.as_deref().map(|reference| DataKey::Reference(reference.to_owned()));
    [data.dataset.map(DataKey::Dataset), digest, data.place.clone().map(DataKey::Place), reference]
        .into_iter()
        .flatten()
}

/// Some uses of data, by number.
#[derive(Debug, Default)]
pub(super) struct DataIndex<'a> {
    uses: Vec<DataUse<'a>>,
    by_key: FxHashMap<DataKey, Vec<usize>>,
}

impl<'a> DataIndex<'a> {
    pub(super) fn add(&mut self, data: DataUse<'a>) {
        for key in keys(&data) {
            self.by_key.entry(key).or_default().push(self.uses.len());
        }
        self.uses.push(data);
    }

    /// Returns the numbers of the uses of the same data, some of them more than once.
    pub(super) fn same(&self, data: &DataUse<'_>) -> impl Iterator<Item = usize> {
        self.candidates(data).filter(|at| self.uses.get(*at).is_some_and(|own| is_same(own, data)))
    }

    /// Returns the numbers of the uses that are compared with some data.
    fn candidates(&self, data: &DataUse<'_>) -> impl Iterator<Item = usize> {
        keys(data).filter_map(|key| self.by_key.get(&key)).flatten().copied()
    }

    /// Returns whether some data is used.
    pub(super) fn has(&self, data: &DataUse<'_>) -> bool {
        self.same(data).next().is_some()
    }
}

impl<'a> FromIterator<DataUse<'a>> for DataIndex<'a> {
    fn from_iter<I: IntoIterator<Item = DataUse<'a>>>(uses: I) -> Self {
        let mut index = Self::default();
        uses.into_iter().for_each(|data| index.add(data));
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::NodeId;

    fn at(place: &str) -> DataUse<'static> {
        let node = NodeId::from_raw(0);
        DataUse { node, dataset: None, reference: None, digest: None, place: Some(place.to_owned()), is_whole: false }
    }

    #[test]
    fn no_use_is_compared_with_all_others() {
        let uses = || (0..2_000).map(|number| at(&format!("s3://lake/{number}.csv")));
        let index: DataIndex<'_> = uses().collect();
        let compared: usize = uses().map(|data| index.candidates(&data).count()).sum();
        assert_eq!(compared, 2_000);
        assert!(index.has(&at("s3://lake/7.csv")) && !index.has(&at("s3://lake/2000.csv")));
    }

    #[test]
    fn another_digest_is_other_data_at_the_same_place() {
        let of = |digest: &str| DataUse { digest: Some(format!("sha256:{digest}").into()), ..at("s3://lake/a.csv") };
        let index: DataIndex<'_> = [of("aa")].into_iter().collect();
        assert!(index.has(&of("aa")) && index.has(&at("s3://lake/a.csv")) && !index.has(&of("bb")));
    }
}
