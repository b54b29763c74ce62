//! The lines of a chunk of an access log: each is written as JSON, and looked at as any other record.

use super::batch::{Batch, CheckedLines};
use super::chunk_check::{ChunkChecker, RecordLine, not_utf8};
use super::format_in_force::{DirectiveEffect, FormatInForce};
use super::kept::{KeptLine, UnreadLine};
use super::line_format::{LineField, LineFormat, LineMismatch};
use super::lines::{ChunkLine, is_blank, lines};
use crate::diagnostics::Severity;
use crate::rules::inference::format_lacks::FORMAT_LACKS;
use crate::rules::inference::malformed_line::MALFORMED_LINE;
use crate::text::{LineOrigin, offset};

impl<'a, 'l> ChunkChecker<'a, 'l> {
    /// Checks the lines of a chunk, of which the first follows a format. `is_first` says that it is the first chunk that is read. Returns how
    /// long the chunk is.
    pub(super) fn formatted_lines(
        &mut self,
        bytes: &[u8],
        (mut format, is_first): (FormatInForce, bool),
        mut batch: Batch<'a, 'l>,
        checked: &mut CheckedLines,
    ) -> LineOrigin {
        let mut writer = std::mem::take(&mut self.writer);
        let mut end = LineOrigin { offset: bytes.len() as u64, ..LineOrigin::default() };
        for ChunkLine { bytes, start, number } in lines(bytes) {
            end.line = number + 1;
            if is_blank(bytes) {
                continue;
            }
            let origin = LineOrigin { line: number, record: end.record, offset: start as u64, column: None };
            let text = std::str::from_utf8(bytes);
            if let Some(changed) = format.take(bytes) {
                let lacks = format.format().filter(|_| changed == DirectiveEffect::Fields).and_then(lacks);
                if let (Some(fault), Ok(text)) = (lacks, text) {
                    batch.push(KeptLine { fault: Some(fault), ..KeptLine::new(text, origin) }, None, checked);
                }
                continue;
            }
            end.record += 1;
            let Ok(text) = text else {
                batch.push_unread(not_utf8(bytes), origin, checked);
                continue;
            };
            let written = match format.format() {
                Some(format) => writer.write(format, text),
                None => Err(LineMismatch { at: 0, reason: "no directive '#Fields:' stands before it".to_owned() }),
            };
            // What the log itself does not tell is told where the log begins.
            let is_head = is_first && origin.record == 0 && !format.is_told();
            let lacks = format.format().filter(|_| is_head).and_then(lacks);
            let (written, fault) = match written {
                Ok(written) => (Some(written), lacks),
                Err(mismatch) => (None, Some(malformed(mismatch))),
            };
            let line = RecordLine { text, written, origin };
            if fault.is_some() || !self.is_sure(line, checked) {
                batch.push(KeptLine { fault, ..line.kept() }, None, checked);
            }
        }
        batch.flush(checked);
        self.writer = writer;
        end
    }
}

fn malformed(mismatch: LineMismatch) -> UnreadLine {
    let message = format!("the line does not follow the format of the log: {}", mismatch.reason);
    let (at, severity) = (offset(mismatch.at), MALFORMED_LINE.severity);
    UnreadLine { at, rule: &MALFORMED_LINE, severity, message, help: None }
}

/// Returns what is wrong with a format that cannot carry what a record must say.
fn lacks(format: &LineFormat) -> Option<UnreadLine> {
    let lacks = format.lacks();
    let severity = match lacks.iter().any(|field| field.identifies()) {
        true => Severity::Error,
        false => Severity::Warning,
    };
    let names: Vec<&str> = lacks.iter().map(|field| field.path().1).collect();
    let (last, others) = names.split_last()?;
    let names = match others {
        [] => (*last).to_owned(),
        _ => format!("{} and {last}", others.join(", ")),
    };
    let message = format!("the format of this log carries no {names}, so that no record says that");
    let help = match lacks.contains(&LineField::RequestId) {
        true => "log `%{X-Request-Id}o` and others, and set `format` under [records] in the configuration",
        false => "log the headers that hold them, and set `format` under [records] in the configuration",
    };
    Some(UnreadLine { at: 0, rule: &FORMAT_LACKS, severity, message, help: Some(help) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::{Beside, Options};
    use crate::records::line_format::LineKind;
    use crate::records::{Log, Recogniser, TextHasher};

    proptest! {
        /// What the recogniser accepts of a line has no finding where the line is looked at as a document, at its places in the line.
        #[test]
        fn what_is_certain_has_no_finding(
            format in prop::sample::select(vec!["common", "combined", "mlspec"]),
            user in "-|[!-~]{1,12}",
            address in "/[!-~]{0,24}",
            status in "[0-9]{1,3}|-",
            size in "[0-9]{1,7}|-",
            id in "-|[ -~é]{0,12}|r-[0-9]{3}",
            latency in "-?[0-9]{1,7}|-",
            digest in "-|sha256:[0-9a-f]{64}|[a-z]{5}",
        ) {
            let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
            let address = escaped(&address);
            let mut line = format!("::1 - {user} [01/Sep/2026:08:00:00 +0000] \"GET {address} HTTP/1.1\" {status} {size}");
            if format != "common" {
                line.push_str(" \"-\" \"curl/8\"");
            }
            if format == "mlspec" {
                let id = escaped(&id);
                line.push_str(&format!(" \"{id}\" \"portal\" \"m/1\" {latency} \"{digest}\" \"-\" \"{digest}\""));
            }
            let kind = LineKind::Format(LineFormat::compile(format).unwrap());
            let LineKind::Format(compiled) = &kind else { return Ok(()) };
            let mut writer = crate::records::line_format::JsonWriter::default();
            let Ok(written) = writer.write(compiled, &line) else { return Ok(()) };
            if Recogniser::default().recognise(&written.json).is_some() {
                let (beside, hasher) = (Beside::new([], &[], Options::default()), TextHasher::default());
                let log = Log {
                    name: "access.log",
                    kind: &kind,
                    options: Options::default(),
                    beside: &beside,
                    hasher: &hasher,
                    is_compared: false,
                    has_mlspec: true,
                    refuses_others: true,
                    is_from_start: true,
                    is_fixable: false,
                };
                let kept = KeptLine::new(line.clone(), LineOrigin::default()).with_written(Some(written));
                let (_, report) = log.examine(&[kept]);
                prop_assert!(report.findings.is_empty(), "{line}\n{}\n{:?}", written.json, report.findings);
            }
        }
    }
}
