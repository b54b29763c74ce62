//! `document/too-large`

use crate::rules::declare_rule;

declare_rule! {
    /// A file must not be larger than the limit that `--max-file-size` sets.
    ///
    /// MLSpec documents are written by people and measured in kilobytes. A YAML file of many megabytes is almost always data that ended up
    /// in the wrong place, and reading it takes many times its size in memory. Such a file is not read. In a folder it is only a warning,
    /// unless `mlSpecVersion` occurs near its beginning: it may be the data of another tool.
    ///
    /// A file must not hold more than 200,000 documents either; those after the limit are not read.
    ///
    /// Logs of inference records (`.jsonl`, `.ndjson`) have no limit: they are read as streams. A line of more than 16 MiB is skipped, and a document of
    /// another kind in a log that is compressed or larger than the limit is reported, since nothing can refer to it.
    ///
    /// ## Fails
    /// ```text
    /// $ ls -l predictions.yml
    /// -rw-r--r-- 1 ml ml 734003200 Aug 22 09:30 predictions.yml
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// $ ls -l predictions.yml
    /// -rw-r--r-- 1 ml ml 1284 Aug 22 09:30 predictions.yml
    /// ```
    ///
    /// ## Options
    /// Raise the limit with `--max-file-size`, or leave the file out with `exclude` in the configuration.
    pub TOO_LARGE = {
        id: "document/too-large",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "the tool's own limit: a file must not be able to exhaust the memory of what reads it",
        kinds: [],
        check: Reader,
    }
}
