//! `security/failed-scan`

use crate::documents::Document;
use crate::documents::common::Status;
use crate::documents::model::{Scan, ScanResult};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A model whose package was scanned and failed must not be used before it passes.
    ///
    /// A scan looks for code in a stored model, and for known vulnerabilities in what is packaged with it. What it found is there until a
    /// later scan by the same tool passes, or the version is archived.
    ///
    /// ## Fails
    /// ```yaml base:credit-model
    /// security: {scans: [{tool: modelscan, performedOn: 2026-08-21, result: failed}]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-model
    /// security:
    ///   scans:
    ///     - {tool: modelscan, performedOn: 2026-08-21, result: failed}
    ///     - {tool: modelscan, performedOn: 2026-08-22, result: passed}
    /// ```
    pub FAILED_SCAN = {
        id: "security/failed-scan",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 10, “additional security constraints”",
        kinds: [Model],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Model(own) = document else { return };
    if own.status.get() == Some(&Status::Archived) {
        return;
    }
    let Some(scans) = own.security.get().and_then(|security| security.scans.get()) else { return };
    for (_, scan) in scans.iter() {
        let (Some(tool), Some((ScanResult::Failed, node))) = (scan.tool.get(), scan.result.located()) else { continue };
        let day = scan.performed_on.get().map(|day| &**day);
        // Dates of one form are ordered as texts are.
        let is_later = |(_, other): (_, &Scan)| {
            other.tool.get() == Some(tool)
                && other.result.get() == Some(&ScanResult::Passed)
                && other.performed_on.get().map(|day| &**day) >= day
        };
        if !scans.iter().any(is_later) {
            let message = format!("the scan by '{}' failed, and none has passed since", &**tool);
            out.push(cx.at_value(&FAILED_SCAN, node, message).help("remove what it found, and scan again"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_later_scan_by_the_same_tool_counts() {
        let is_found = |scans: &str, more: &str| {
            let base = include_str!("../bases/credit-model.yml");
            let text = format!("{base}security: {{scans: [{scans}]}}\n{more}");
            found(&text).iter().any(|(rule, ..)| *rule == "security/failed-scan")
        };
        let failed = "{tool: a, performedOn: 2026-08-21, result: failed}";
        assert!(is_found(failed, ""));
        assert!(!is_found(failed, "status: Archived\n"));
        assert!(is_found(&format!("{failed}, {{tool: a, performedOn: 2026-08-20, result: passed}}"), ""));
        assert!(is_found(&format!("{failed}, {{tool: b, performedOn: 2026-08-22, result: passed}}"), ""));
        assert!(!is_found(&format!("{failed}, {{tool: a, performedOn: 2026-08-22, result: passed}}"), ""));
    }
}
