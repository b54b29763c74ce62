//! `document/not-utf8`

use crate::rules::declare_rule;

declare_rule! {
    /// A file must be encoded in UTF-8.
    ///
    /// A name or description typed in an editor that saves Latin-1 or UTF-16 reads differently on the next machine, or
    /// not at all. The finding names the first byte that is not UTF-8. A byte order mark is fine, and so are Windows
    /// line ends.
    ///
    /// ## Fails
    /// ```text
    /// description: Kreditausf\xe4lle      the byte e4 is “ä” in Latin-1, and nothing in UTF-8
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// description: Kreditausf\xc3\xa4lle  the bytes c3 a4 are “ä” in UTF-8
    /// ```
    ///
    /// ## Fix
    /// Save the file again as UTF-8, or convert it: `iconv -f latin1 -t utf-8 old.yml > new.yml`.
    pub NOT_UTF8 = {
        id: "document/not-utf8",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "YAML 1.2, section 5.2: a text is encoded in UTF-8, UTF-16 or UTF-32; JSON and most tools allow UTF-8 only",
        kinds: [],
        check: Reader,
    }
}
