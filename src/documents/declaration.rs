//! What stands beside the type of a kind, in one place.

use serde_json::Value;

use super::roles::RoledField;

/// All that is to be known of a kind beside its name and type.
#[derive(Debug)]
pub struct Declaration {
    /// The version of the specification that introduced the kind.
    pub since: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// What tells documents of the kind that do not say which one they are.
    pub(super) signature: KindSignature,
    /// What values of its fields are that rules ask for wherever they stand.
    pub fields: &'static [RoledField],
    /// What a first document has, though the schema does not demand it: without it nobody would call it one.
    pub seed: fn() -> Value,
}

/// Keys that together tell a kind. `a.b` is a key below a key, `a.*.b` one below any entry of `a`, `a[]` a list (`a[].b` has an
/// item with that key), `a{}` a mapping; `a=x,y*` a text that one of the patterns describes; of `a|b` one is enough; `!a` must be
/// absent. In a document that is a list itself, `[].a` is a key of an item.
pub(super) type Clue = &'static [&'static str];

/// What tells a kind: it fits when one of its clues does; the more keys its fitting clues name, the better it fits.
#[derive(Debug)]
pub(super) struct KindSignature {
    /// Keys of MLSpec's own: a document that has all keys of such a clue is of the kind, whatever else it says or does not say.
    /// Several of them, since files of other tools have any single one.
    pub own: &'static [Clue],
    /// Keys that documents of others have as well, but seldom: worth a hint.
    pub telling: &'static [Clue],
    /// Everyday keys: they tell the kind of a document that is MLSpec for certain, and nothing about any other.
    pub everyday: &'static [Clue],
}
