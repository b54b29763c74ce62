//! Messages of `check` on standard error, in addition to its report.

use std::collections::BTreeSet;
use std::path::Path;

use super::baseline::Recorded;
use super::output::notice;
use crate::analysis::{FileReport, Fixed, UnreadReason, WithheldReason};
use crate::files::PassedOver;
use crate::text::{visible, with_article};

/// Prints the files and folders about which nothing is reported, and why.
pub(super) fn passed_over(reports: &[FileReport], passed_over: &[(String, PassedOver)]) {
    for (name, why) in passed_over {
        notice(format_args!("passed over {}: {}", visible(name), why.why()));
    }
    for file in reports.iter().filter(|file| file.is_skipped()) {
        let why = match (file.unread, file.format) {
            (None, Some(format)) => with_article(format.noun()),
            (None, None) => "no MLSpec document".to_owned(),
            (Some(UnreadReason::NotYaml), _) => "not YAML, and apparently not an MLSpec document".to_owned(),
            (Some(UnreadReason::Untold), _) => {
                "an MLSpec document that cannot be read, and the rule that would say why is off".to_owned()
            }
            (Some(UnreadReason::NotUtf8), _) => "not UTF-8, and apparently not an MLSpec document".to_owned(),
        };
        notice(format_args!("skipped {}: {why}", visible(file.source.name())));
    }
    for file in reports {
        let left_alone = file.stream.as_ref().map_or(0, |stream| stream.left_alone);
        if left_alone > 0 {
            let (name, lines) = (visible(file.source.name()), if left_alone == 1 { "line" } else { "lines" });
            notice(format_args!("skipped {left_alone} {lines} of {name}: no MLSpec document"));
            continue;
        }
        for position in &file.left_alone {
            let name = visible(file.source.name());
            notice(format_args!("skipped document {} of {name}: no MLSpec document", position + 1));
        }
    }
}

/// Prints how many findings a baseline now records, and how many it never does.
pub(super) fn recorded(recorded: &Recorded, path: &Path) {
    notice(format_args!("Recorded {} in {}.", things(recorded.findings), path.display()));
    if recorded.unread > 0 {
        let what = things(recorded.unread);
        notice(format_args!(
            "note: {what} about logs, tables and what cannot be read cannot be recorded: such a file may hold anything"
        ));
    }
}

/// Prints which files hold MLSpec documents that cannot be read, if the rule that would say so is off.
pub(super) fn untold(reports: &[FileReport]) {
    let untold = reports.iter().filter(|file| file.unread == Some(UnreadReason::Untold));
    let names: Vec<String> = untold.map(|file| visible(file.source.name()).into_owned()).collect();
    if names.is_empty() {
        return;
    }
    let shown = names.iter().take(PLACES).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(PLACES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    notice(format_args!(
        "warning: not checked, since an MLSpec document in it cannot be read, and the rule that would say why is off: {shown}{more}"
    ));
}

/// Returns the places of the findings of a file whose fix was not applied.
pub(super) fn places(fixed: &Fixed) -> impl Iterator<Item = (WithheldReason, String)> + '_ {
    let source = &fixed.report.source;
    fixed.withheld.iter().map(|(finding, why)| {
        let at = source.line_col(finding.place.span.start);
        (*why, format!("{}:{}:{} ({})", visible(source.name()), at.line, at.column, finding.rule.id))
    })
}

/// Prints how many findings were fixed.
pub(super) fn fixed(findings: usize) {
    if findings > 0 {
        notice(format_args!("Fixed {}.", things(findings)));
    }
}

/// Prints which fixes were not applied and why, one line for each reason.
pub(super) fn withheld(places: &[(WithheldReason, String)]) {
    let by_reason = places.iter().map(|(why, _)| *why).collect::<BTreeSet<_>>();
    for why in by_reason {
        let own: Vec<&str> = places.iter().filter(|(own, _)| *own == why).map(|(_, place)| place.as_str()).collect();
        let what =
            if own.len() == 1 { "1 fix, which".to_owned() } else { format!("{} fixes, each of which", own.len()) };
        let shown = own.iter().take(PLACES).copied().collect::<Vec<_>>().join(", ");
        let more = own.len().saturating_sub(PLACES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        notice(format_args!("Withheld {what} would {}: {shown}{more}.", why.would()));
    }
}

/// The maximum number of places that a message lists.
const PLACES: usize = 5;

/// Prints what a diff would fix. The report is not shown, and the remaining findings decide the exit code.
pub(super) fn would_fix(findings: usize, left: usize) {
    let left = if left == 0 { String::new() } else { format!(", and leave {}", things(left)) };
    match findings {
        0 => notice(format_args!("Would fix nothing{left}.")),
        _ => notice(format_args!("Would fix {}{left}.", things(findings))),
    }
}

fn things(findings: usize) -> String {
    if findings == 1 { "1 finding".to_owned() } else { format!("{findings} findings") }
}
