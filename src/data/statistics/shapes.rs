//! The shapes of texts: digits become 9, letters a or A. Shapes tell formats apart without showing a value.

use rustc_hash::FxHashMap;

/// The greatest number of shapes that are counted.
pub const MOST_SHAPES: usize = 100;
/// The longest text whose shape is counted, in bytes.
const LONGEST: usize = 40;

/// How many texts have each shape; `None` if there are too many shapes, or too long texts.
#[derive(Clone, Debug)]
pub struct Shapes {
    counts: Option<FxHashMap<Box<str>, u64>>,
    /// The shape of the last text, which most often is that of the next.
    last: String,
}

impl Default for Shapes {
    fn default() -> Self {
        Self { counts: Some(FxHashMap::default()), last: String::new() }
    }
}

impl Shapes {
    /// Counts the shape of a text.
    pub fn add(&mut self, text: &str) {
        if self.counts.is_none() {
            return;
        }
        if text.len() > LONGEST {
            self.counts = None;
            return;
        }
        let mut shape = std::mem::take(&mut self.last);
        shape.clear();
        shape.extend(text.chars().map(shape_of));
        self.add_shape(&shape, 1);
        self.last = shape;
    }

    /// Counts texts of a shape.
    pub fn add_shape(&mut self, shape: &str, count: u64) {
        let Some(counts) = &mut self.counts else { return };
        if let Some(own) = counts.get_mut(shape) {
            *own = own.saturating_add(count);
        } else if counts.len() < MOST_SHAPES {
            counts.insert(shape.into(), count);
        } else {
            self.counts = None;
        }
    }

    /// Gives up the shapes.
    pub fn forget(&mut self) {
        self.counts = None;
    }

    /// Adds the shapes of another part of the data.
    pub fn merge(&mut self, other: &Self) {
        match &other.counts {
            Some(counts) => counts.iter().for_each(|(shape, count)| self.add_shape(shape, *count)),
            None => self.counts = None,
        }
    }

    /// Returns the shapes, the most frequent first, then in the order of their letters.
    #[must_use]
    pub fn by_count(&self) -> Option<Vec<(&str, u64)>> {
        let mut sorted: Vec<(&str, u64)> =
            self.counts.as_ref()?.iter().map(|(shape, count)| (&**shape, *count)).collect();
        sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        Some(sorted)
    }
}

fn shape_of(c: char) -> char {
    if c.is_numeric() {
        '9'
    } else if c.is_uppercase() {
        'A'
    } else if c.is_alphabetic() {
        'a'
    } else {
        c
    }
}
