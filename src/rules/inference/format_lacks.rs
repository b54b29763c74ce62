//! `inference/format-lacks`

use crate::rules::declare_rule;

declare_rule! {
    /// The format of an access log should carry what a record must say.
    ///
    /// Servers write access logs by a format, such as NCSA's Common Log Format. If that has no place for the id of the request, no line has one,
    /// and no prediction can be matched with its request or with the feedback on it. That is one fault of the format, and is told once, where the
    /// log begins or where its directive `#Fields:` stands, and not of each line. Without `requestId` or `requestTimestamp` it is an error;
    /// without `modelId` or `applicationId`, by which a wrong answer is traced, a warning.
    ///
    /// Which directive carries which field is told in [logs](../../logs.md#access-logs).
    ///
    /// ## Fails
    /// ```text
    /// LogFormat "%h %l %u %t \"%r\" %>s %b" common
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// LogFormat "%h %l %u %t \"%r\" %>s %b \"%{X-Request-Id}o\" \"%{X-Application-Id}i\" \"%{X-Model-Id}o\" %D" inference
    /// ```
    ///
    /// ## Fix
    /// Add the directives to the format of the server, and tell the format to the check: `format = "…"` under `[records]` in the configuration.
    pub FORMAT_LACKS = {
        id: "inference/format-lacks",
        severity: Error,
        since: "0.2.0",
        fix: None,
        source: "README.md, step 13, an “NCSA-style record per inference request”",
        kinds: [InferenceLog],
        check: Reader,
    }
}
