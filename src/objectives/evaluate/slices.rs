//! The slices of all records, numbered in the order in which they are listed.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::objectives::measurements::MetricRecord;

/// The position of a slice among all: ordered by the names of dimensions, then by their values.
pub(super) type SliceId = u32;

/// The slice without dimensions.
pub(super) const ALL_DATA: SliceId = 0;

/// Pairs of dimension and value, in the order of the dimensions.
pub(super) type Slice<'a> = &'a [(&'a str, &'a str)];

/// The names of dimensions, in order.
type Names<'a> = Vec<&'a str>;

/// Slices by the enclosing slice of fewer dimensions.
type Parts = FxHashMap<SliceId, Rc<[SliceId]>>;

/// All slices.
#[derive(Debug, Default)]
pub(super) struct SliceTree<'a> {
    slices: Vec<Slice<'a>>,
    ids: FxHashMap<Slice<'a>, SliceId>,
    /// The slices of each set of dimensions, which are contiguous.
    groups: FxHashMap<Names<'a>, Range<SliceId>>,
    /// The parts of slices, by the dimensions of both.
    parts: RefCell<FxHashMap<[Names<'a>; 2], Rc<Parts>>>,
}

impl<'a> SliceTree<'a> {
    /// Returns the slices of these records.
    pub(super) fn of(records: impl Iterator<Item = &'a MetricRecord<'a>>) -> Self {
        let mut ids: FxHashMap<Slice<'a>, SliceId> = std::iter::once((&[][..], ALL_DATA)).collect();
        for record in records {
            ids.entry(&record.slice).or_insert(ALL_DATA);
        }
        let mut slices: Vec<Slice<'a>> = ids.keys().copied().collect();
        slices.sort_unstable_by(|a, b| dimensions(a).cmp(dimensions(b)).then_with(|| a.cmp(b)));
        let mut groups: FxHashMap<Vec<&'a str>, Range<SliceId>> = FxHashMap::default();
        for (id, slice) in (0..).zip(&slices) {
            ids.insert(slice, id);
            groups.entry(dimensions(slice).collect()).or_insert(id..id).end = id + 1;
        }
        Self { slices, ids, groups, parts: RefCell::default() }
    }

    pub(super) fn get(&self, id: SliceId) -> Slice<'a> {
        self.slices.get(id as usize).copied().unwrap_or_default()
    }

    pub(super) fn id(&self, slice: Slice<'_>) -> Option<SliceId> {
        self.ids.get(slice).copied()
    }

    /// Returns the slices of exactly these dimensions within a slice of other ones.
    pub(super) fn within(&self, names: &[&'a str], surrounding: SliceId) -> SliceChoice {
        let outer = self.get(surrounding);
        let mut names: Vec<_> = names.iter().copied().chain(dimensions(outer)).collect();
        names.sort_unstable();
        names.dedup();
        let group = self.groups.get(&names).cloned().unwrap_or_default();
        if surrounding == ALL_DATA {
            return SliceChoice::All(group);
        }
        let key = [names, dimensions(outer).collect()];
        if let Some(parts) = self.parts.borrow().get(&key) {
            return SliceChoice::Some(parts.get(&surrounding).cloned().unwrap_or_default());
        }
        let parts = Rc::new(self.partition(group, dimensions(outer).collect()));
        let found = parts.get(&surrounding).cloned().unwrap_or_default();
        self.parts.borrow_mut().insert(key, parts);
        SliceChoice::Some(found)
    }

    /// Groups slices by their values along some dimensions: all at once, so that separate lookups cost no more.
    fn partition(&self, group: Range<SliceId>, along: Names<'a>) -> Parts {
        let mut parts: FxHashMap<SliceId, Vec<SliceId>> = FxHashMap::default();
        for id in group {
            let outer: Vec<_> = self.get(id).iter().copied().filter(|(name, _)| along.contains(name)).collect();
            if let Some(outer) = self.id(&outer) {
                parts.entry(outer).or_default().push(id);
            }
        }
        parts.into_iter().map(|(outer, inner)| (outer, inner.into())).collect()
    }
}

/// A selection of slices.
#[derive(Clone, Debug)]
pub(super) enum SliceChoice {
    All(Range<SliceId>),
    Some(Rc<[SliceId]>),
}

impl SliceChoice {
    pub(super) fn contains(&self, id: SliceId) -> bool {
        match self {
            Self::All(range) => range.contains(&id),
            Self::Some(ids) => ids.binary_search(&id).is_ok(),
        }
    }

    /// Returns the range from the first to the last.
    pub(super) fn bounds(&self) -> Range<SliceId> {
        match self {
            Self::All(range) => range.clone(),
            Self::Some(ids) => ids.first().copied().unwrap_or(0)..ids.last().map_or(0, |last| last + 1),
        }
    }
}

fn dimensions<'a>(slice: Slice<'a>) -> impl Iterator<Item = &'a str> {
    slice.iter().map(|(name, _)| *name)
}
