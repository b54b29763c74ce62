//! Verdicts, numbers and places as words and marks.

use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::diagnostics::Severity;
use crate::governance::ModelVerdict;
use crate::objectives::verdict::{JudgedClaim, ObjectiveVerdict};
pub(super) use crate::report::gate::short;

/// How something is marked: with an icon, a word and a color, so that none of the three is needed alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Fair,
    Bad,
    Open,
    Calm,
    Note,
}

impl Tone {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Fair => "fair",
            Self::Bad => "bad",
            Self::Open => "open",
            Self::Calm => "calm",
            Self::Note => "note",
        }
    }

    /// The icon, in a box of 16 pixels.
    fn icon(self) -> &'static str {
        match self {
            Self::Good => "M3.5 8.5l3 3 6-7",
            Self::Fair => "M8 3v6M8 12v.8",
            Self::Bad => "M4 4l8 8M12 4l-8 8",
            Self::Open => "M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.7 8 9.2 8 10M8 12.4v.8",
            Self::Calm => "M6 4v8M10 4v8",
            Self::Note => "M8 7.5v5M8 3.5v.8",
        }
    }
}

/// Returns a badge: an icon and a word.
pub(super) fn badge(tone: Tone, word: &str) -> Markup {
    html! { span class={ "badge is-" (tone.name()) } { (icon(tone)) span { (word) } } }
}

/// Returns an icon without a name of its own: a word stands beside it.
pub(super) fn icon(tone: Tone) -> Markup {
    html! {
        svg.icon viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false" { path d=(tone.icon()) {} }
    }
}

pub(super) fn model_badge(verdict: ModelVerdict) -> Markup {
    badge(tone_of_model(verdict), word_of_model(verdict))
}

pub(super) fn tone_of_model(verdict: ModelVerdict) -> Tone {
    match verdict {
        ModelVerdict::Pass => Tone::Good,
        ModelVerdict::Warn => Tone::Fair,
        ModelVerdict::Unknown | ModelVerdict::NotJudged => Tone::Open,
        ModelVerdict::Fail => Tone::Bad,
    }
}

pub(super) fn word_of_model(verdict: ModelVerdict) -> &'static str {
    match verdict {
        ModelVerdict::NotJudged => "not judged",
        verdict => verdict.name(),
    }
}

pub(super) fn objective_badge(verdict: ObjectiveVerdict) -> Markup {
    let tone = match verdict {
        ObjectiveVerdict::Pass => Tone::Good,
        ObjectiveVerdict::Warn => Tone::Fair,
        ObjectiveVerdict::Unknown => Tone::Open,
        ObjectiveVerdict::Fail => Tone::Bad,
        ObjectiveVerdict::Waived => Tone::Calm,
    };
    badge(tone, verdict.name())
}

pub(super) fn severity_badge(severity: Severity) -> Markup {
    let tone = match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Fair,
        Severity::Info => Tone::Note,
    };
    badge(tone, severity.name())
}

/// Returns a number of the report. The whole number is in the element, so that a program can compare it with the JSON.
pub(super) fn figure(number: &str, unit: &str) -> Markup {
    html! {
        data value=(number) { (short(number)) }
        @if !unit.is_empty() { " " (unit) }
    }
}

/// Returns a count of the report.
pub(super) fn count(number: usize) -> Markup {
    html! { data value=(number) { (grouped(number)) } }
}

/// Returns a count with its noun.
pub(super) fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Separates the thousands of a number.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns the row of the headings of a table.
pub(super) fn headings(names: &[&str]) -> Markup {
    html! { tr { @for name in names { th scope="col" { (name) } } } }
}

/// Returns a path or a command, which may be broken anywhere.
pub(super) fn path(path: &str) -> Markup {
    html! { code { (path) } }
}

/// Returns the path of a file, which links to it if it is known where the files are.
pub(super) fn file(path: &str, link_base: Option<&str>) -> Markup {
    /// What a path of a URL may hold as it is.
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    let address = link_base.map(|base| format!("{}/{}", base.trim_end_matches('/'), utf8_percent_encode(path, KEPT)));
    html! {
        @match address {
            Some(address) => a href=(address) { code { (path) } },
            None => code { (path) },
        }
    }
}

/// Returns the slice of a claim: `gender A`.
pub(super) fn slice<'s>(parts: impl IntoIterator<Item = (&'s String, &'s String)>) -> String {
    let parts: Vec<_> = parts.into_iter().map(|(dimension, value)| format!("{dimension} {value}")).collect();
    parts.join(", ")
}

/// Returns what a claim demands, with its bounds: "≥ 0.65".
pub(super) fn bound(claim: &JudgedClaim) -> Option<Markup> {
    let (comparison, low) = (claim.comparison?, claim.threshold.as_deref()?);
    Some(html! {
        (comparison.symbol()) " " (figure(low, if claim.upper_threshold.is_some() { "" } else { &claim.unit }))
        @if let Some(high) = &claim.upper_threshold { " and " (figure(high, &claim.unit)) }
    })
}

/// Returns how old something is.
pub(super) fn age(days: Option<i32>) -> Option<String> {
    Some(match days? {
        0 => "the same day".to_owned(),
        1 => "1 day earlier".to_owned(),
        -1 => "1 day later".to_owned(),
        days if days < 0 => format!("{} days later", days.unsigned_abs()),
        days => format!("{days} days earlier"),
    })
}
