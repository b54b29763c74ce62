//! `log_format` of nginx (<https://nginx.org/en/docs/http/ngx_http_log_module.html>).

use super::conversion::{FieldForm, TimeForm};
use super::directive::{Directive, SECONDS, by_name};
use super::escapes::Escapes;
use super::line_field::LineField;
use super::split::PartsBuilder;
use super::{FormatError, LineFormat};

/// Whether a format has variables of nginx.
pub(super) fn has_variables(format: &str) -> bool {
    let begins = |c: char| c.is_ascii_lowercase() || matches!(c, '_' | '{');
    format.match_indices('$').any(|(at, _)| format.get(at + 1..).is_some_and(|rest| rest.starts_with(begins)))
}

/// Compiles a format, the strings of a directive put together.
pub(super) fn compile(format: &str) -> Result<LineFormat, FormatError> {
    let mut parts = PartsBuilder::default();
    let mut rest = format.trim_matches(['\r', '\n']);
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or("");
        if matches!(first, '\n' | '\r') {
            return Err(FormatError::LineBreak);
        }
        if first != '$' {
            parts.push(first);
            rest = after;
            continue;
        }
        let (name, behind) = match after.strip_prefix('{') {
            Some(inner) => inner.split_once('}').ok_or_else(|| FormatError::Unfinished(rest.to_owned()))?,
            None => {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                after.split_at_checked(end).unwrap_or((after, ""))
            }
        };
        let spelt = rest.get(..rest.len() - behind.len()).unwrap_or(rest);
        if name.is_empty() {
            return Err(FormatError::UnknownDirective(spelt.to_owned()));
        }
        parts.value(spelt, meaning(name))?;
        rest = behind;
    }
    parts.finish(Escapes::Backslash)
}

/// Returns what a variable holds. A server may have variables of any name, so that an unknown one is none of a record.
fn meaning(name: &str) -> Directive {
    let own = Directive::of;
    match name {
        "time_local" => own(LineField::RequestTimestamp, FieldForm::Time(TimeForm::Common)),
        "time_iso8601" => own(LineField::RequestTimestamp, FieldForm::Time(TimeForm::Iso)),
        "msec" => own(LineField::RequestTimestamp, FieldForm::Time(TimeForm::Unix { shift: 0 })),
        "request_time" => own(LineField::RequestLatencyMs, SECONDS),
        "upstream_response_time" => own(LineField::InferenceLatencyMs, FieldForm::SumOfSeconds),
        "status" => own(LineField::ResultCode, FieldForm::Code),
        "body_bytes_sent" => own(LineField::ResultSizeInBytes, FieldForm::Count),
        "remote_user" => own(LineField::UserId, FieldForm::Text),
        "request" => own(LineField::ApplicationEndpoint, FieldForm::RequestLine),
        "request_uri" | "uri" => own(LineField::ApplicationEndpoint, FieldForm::Text),
        "remote_addr" | "bytes_sent" | "request_length" | "connection" | "pid" | "host" | "server_name"
        | "server_port" | "remote_port" | "scheme" | "request_method" | "server_protocol" => Directive::other(true),
        _ => {
            let prefixes = ["upstream_http_", "sent_http_", "http_", "cookie_", "arg_"];
            by_name(prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name))
        }
    }
}
