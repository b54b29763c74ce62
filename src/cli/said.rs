//! What `check` tells beside its report, on standard error.

use std::path::Path;

use super::args::FileArgs;
use super::output::notice;
use crate::analysis::{FileReport, UnreadReason};
use crate::files::{self, DiscoverOptions, FileToCheck};
use crate::text::{visible, with_article};

/// The files and folders that nothing is reported about, and why.
pub(super) fn passed_over(
    reports: &[FileReport],
    found: &[FileToCheck],
    args: &FileArgs,
    options: &DiscoverOptions<'_>,
) {
    for (name, why) in files::passed_over(&args.paths, found, options) {
        notice(format_args!("passed over {}: {}", visible(&name), why.why()));
    }
    for file in reports.iter().filter(|file| file.is_skipped()) {
        let why = match (file.unread, file.format) {
            (None, Some(format)) => with_article(format.noun()),
            (None, None) => "no MLSpec document".to_owned(),
            (Some(UnreadReason::NotYaml), _) => "not YAML, and no MLSpec document as far as one can tell".to_owned(),
            (Some(UnreadReason::NotUtf8), _) => "not UTF-8, and no MLSpec document as far as one can tell".to_owned(),
        };
        notice(format_args!("skipped {}: {why}", visible(file.source.name())));
    }
}

/// How many findings a baseline now records.
pub(super) fn recorded(findings: usize, path: &Path) {
    notice(format_args!("Recorded {} in {}.", things(findings), path.display()));
}

/// What was fixed.
pub(super) fn fixed(findings: usize) {
    if findings > 0 {
        notice(format_args!("Fixed {}.", things(findings)));
    }
}

/// What a difference is about. The report is not shown, and what is left decides the exit code.
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
