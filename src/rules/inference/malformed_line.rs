//! `inference/malformed-line`

use crate::rules::declare_rule;

declare_rule! {
    /// Every line of an access log must follow the format of the log.
    ///
    /// A line that was cut off, written by two processes at once, or written by another format is read by nobody: what it says of a request is
    /// lost. The finding points at the byte from which on the line does not follow the format. The format is the one that the configuration
    /// names (`format` under `[records]`), that a directive `#Fields:` in the log lists, or that most of the first lines follow.
    ///
    /// ## Fails
    /// ```text
    /// 10.0.0.7 - - [01/Sep/2026:08:00:00 +0000] "POST /v1/predict HTTP/1.1" 200 512
    /// 10.0.0.7 - - [01/Sep/2026:08:00:01 +0000] "POST /v1/pre
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// 10.0.0.7 - - [01/Sep/2026:08:00:00 +0000] "POST /v1/predict HTTP/1.1" 200 512
    /// 10.0.0.7 - - [01/Sep/2026:08:00:01 +0000] "POST /v1/predict HTTP/1.1" 200 498
    /// ```
    pub MALFORMED_LINE = {
        id: "inference/malformed-line",
        severity: Error,
        since: "0.2.0",
        fix: None,
        source: "README.md, step 13, an “NCSA-style record per inference request”",
        kinds: [InferenceLog],
        check: Reader,
    }
}
