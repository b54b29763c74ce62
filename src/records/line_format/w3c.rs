//! The W3C Extended Log File Format (<https://www.w3.org/TR/WD-logfile.html>): `#Fields:` names the values of the lines behind it.

use super::conversion::{FieldForm, TimeForm};
use super::directive::{Directive, MILLISECONDS, SECONDS, by_name};
use super::escapes::Escapes;
use super::line_field::LineField;
use super::{Candidate, Layout, LineFormat};

/// Compiles the fields that `#Fields:` lists.
pub(super) fn compile(fields: &str, is_iis: bool) -> LineFormat {
    let names: Vec<&str> = fields.split_ascii_whitespace().collect();
    let position = |name: &str| names.iter().position(|own| own.eq_ignore_ascii_case(name));
    let mut candidates: Vec<Candidate> = Vec::new();
    // A time is one of a day.
    if let (Some(date), Some(time)) = (position("date"), position("time")) {
        candidates.push((LineField::RequestTimestamp, date, FieldForm::Time(TimeForm::DateAndTime { time })));
    }
    let held = names.iter().enumerate().filter_map(|(at, name)| {
        let (field, form) = meaning(name, is_iis).holds?;
        Some((field, at, form))
    });
    candidates.extend(held);
    LineFormat::new(Layout::Columns(names.len()), Escapes::DoubledQuotes, candidates)
}

fn meaning(name: &str, is_iis: bool) -> Directive {
    let own = Directive::of;
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        // In the specification, these are seconds; IIS means milliseconds.
        "time-taken" => own(LineField::RequestLatencyMs, if is_iis { MILLISECONDS } else { SECONDS }),
        "sc-status" => own(LineField::ResultCode, FieldForm::Code),
        "sc-bytes" | "bytes" => own(LineField::ResultSizeInBytes, FieldForm::Count),
        "cs-username" => own(LineField::UserId, FieldForm::Text),
        "cs-uri" | "cs-uri-stem" => own(LineField::ApplicationEndpoint, FieldForm::Text),
        _ => {
            let header = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
            by_name(header.unwrap_or(&name))
        }
    }
}
