//! `document/unreadable`

use crate::rules::declare_rule;

declare_rule! {
    /// A file must be readable.
    ///
    /// A link that leads nowhere or back to itself, a named pipe, or a file without read permission cannot be checked. That is a finding
    /// rather than a note, so that a green run means that everything was checked. The other files are still checked.
    ///
    /// ## Fails
    /// ```text
    /// $ ls -l dataset.yml
    /// lrwxrwxrwx 1 ml ml 24 Aug 22 09:30 dataset.yml -> ../shared/dataset.yml   (no such file)
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// $ ls -l dataset.yml
    /// -rw-r--r-- 1 ml ml 412 Aug 22 09:30 dataset.yml
    /// ```
    pub UNREADABLE = {
        id: "document/unreadable",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "the tool's own: what could not be read has not been checked",
        kinds: [],
        check: Reader,
    }
}
