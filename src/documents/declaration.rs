//! The declaration of a kind, which accompanies its type.

use serde_json::Value;

use super::roles::RoledField;

/// Everything about a kind except its name and type.
#[derive(Debug)]
pub struct Declaration {
    /// The version of the specification that introduced the kind.
    pub since: &'static str,
    /// A one-sentence summary.
    pub summary: &'static str,
    /// How documents of the kind are recognized if they do not name it.
    pub(super) signature: KindSignature,
    /// Roles of values that rules look up by field: references, images, licenses.
    pub fields: &'static [RoledField],
    /// The content of a new document beyond what the schema requires, to make it a plausible one.
    pub seed: fn() -> Value,
}

/// Keys that together identify a kind. `a.b` is a key below a key, `a.*.b` one below any entry of `a`, `a[]` a list (`a[].b` has an
/// item with that key), `a{}` a mapping; `a=x,y*` a text that matches one of the patterns; of `a|b`, one is enough; `!a` must be
/// absent. In a document that is a list itself, `[].a` is a key of an item.
pub(super) type Clue = &'static [&'static str];

/// How a kind is recognized: it fits if one of its clues does; the more keys its fitting clues name, the better it fits.
#[derive(Debug)]
pub(super) struct KindSignature {
    /// Keys specific to MLSpec: a document that has all keys of such a clue is of the kind, even without `mlSpecVersion` and `kind`.
    /// A clue has several of them, since any single one also occurs in files of other tools.
    pub own: &'static [Clue],
    /// Keys that also occur in documents of other tools, but rarely: enough for a hint.
    pub telling: &'static [Clue],
    /// Common keys: they determine the kind of a document that is known to be MLSpec, and nothing else.
    pub everyday: &'static [Clue],
}
