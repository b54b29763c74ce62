//! `monitoring/signal-incomplete`

use crate::rules::declare_rule;

declare_rule! {
    /// A signal must say what is looked at.
    ///
    /// Whether a service lives is asked at an `endpoint`; whether a model is still right is what a performance signal must `expect`, in the
    /// language of objectives. Without them there is nothing to look at.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, every: 1 minute, action: page}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    /// ```
    pub SIGNAL_INCOMPLETE = {
        id: "monitoring/signal-incomplete",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “live queryable metadata” for “liveness checking and ML-specific signals”",
        kinds: [],
        check: Schema(None),
    }
}
