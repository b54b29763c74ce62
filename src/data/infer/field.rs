//! One field of an inferred schema, each line with what the sample supports.

use super::support::{ENOUGH_TO_FORBID, greatest_share, least_distinct, least_left, outside_next};
use crate::data::personal::is_personal_name;
use crate::data::profile::quoted;
use crate::data::statistics::FieldStatistics;
use crate::data::value::type_name;
use crate::documents::data_schema::ValueType;

/// A field with more values has no categories.
const MOST_CATEGORIES: usize = 20;
/// Fewer rows show no categories.
const FEWEST_ROWS: u64 = 10;
/// From as many whole numbers, that a fraction is among the next ones is taken to be impossible.
const ENOUGH_WHOLE: u64 = 1000;
/// Words of the names of fields that count something, which is whole.
const COUNTING: &[&str] = &[
    "age", "count", "counts", "day", "days", "hour", "id", "month", "months", "n", "num", "number", "qty", "quantity",
    "year", "years",
];

/// Writes a field.
pub(super) fn write(name: &str, own: &FieldStatistics, rows: u64, line: &mut impl FnMut(String)) {
    let present = own.forms.total();
    line(format!("  - name: {}", quoted(name)));
    let (value_type, why) = value_type(name, own);
    line(format!("    type: {}{}", type_name(value_type), comment(why.as_deref())));
    let is_uuid = is_uuid(own);
    if is_uuid {
        line("    format: uuid".to_owned());
    }
    if is_id(name) || is_uuid {
        line("    role: id".to_owned());
    }
    let is_personal = own.is_personal || own.addresses > 0;
    if is_personal {
        let why = if is_personal_name(name) { "its name says so" } else { "it holds addresses of e-mail" };
        line(format!("    classification: personal # {why}; its values are never shown"));
    }
    if own.forms.infinite + own.forms.nan > 0 {
        line("    constraints: {finite: false} # some are infinite, or not a number".to_owned());
    }
    presence(own, rows, line);
    if own.values.distinct() == (present, 0.0) && present > 1 {
        let least = least_distinct(present);
        let of = if least > present { format!(", as of {least} or more different ones") } else { String::new() };
        line(format!("    # constraints: {{unique: true}} # all {present} differ{of}"));
    } else {
        categories(own, value_type, is_personal, line);
    }
    let is_flag = own.is_whole() && own.range.is_some_and(|(low, high)| low >= 0.0 && high <= 1.0);
    let is_number = matches!(value_type, ValueType::Integer | ValueType::Number);
    if let Some((low, high)) = own.range.filter(|_| is_number && !is_personal && !is_flag) {
        let outside = outside_next(own.numbers()) * 100.0;
        line(format!(
            "    # constraints: {{minimum: {low}, maximum: {high}}} # seen; the next one is outside with {outside:.1} %"
        ));
    }
}

fn comment(why: Option<&str>) -> String {
    why.map_or_else(String::new, |why| format!(" # {why}"))
}

/// Returns the type, and what there is to say about it.
fn value_type(name: &str, own: &FieldStatistics) -> (ValueType, Option<String>) {
    let Some(found) = own.value_type() else {
        return (ValueType::Any, Some("no row has a value".to_owned()));
    };
    if own.padded > 0 && found == ValueType::String {
        return (found, Some("numbers with zeros in front are names".to_owned()));
    }
    if found != ValueType::Integer {
        return (found, None);
    }
    let is_flag = own.range.is_some_and(|(low, high)| low >= 0.0 && high <= 1.0);
    let counts = words(name).iter().any(|word| COUNTING.contains(&word.as_str()));
    if is_flag || counts || own.forms.integer >= ENOUGH_WHOLE {
        return (found, None);
    }
    (ValueType::Number, Some(format!("all {} are whole; 'integer' if they must be", own.forms.integer)))
}

fn presence(own: &FieldStatistics, rows: u64, line: &mut impl FnMut(String)) {
    let present = own.forms.total();
    if present == 0 || rows == 0 {
        return;
    }
    if own.missing == 0 && rows >= ENOUGH_TO_FORBID && own.forms.infinite + own.forms.nan == 0 {
        line(format!("    constraints: {{required: true}} # never missing in {rows} rows"));
        return;
    }
    let greatest = greatest_share(own.missing, rows);
    let least = least_left(greatest, rows);
    let seen = if own.missing == 0 {
        "never missing".to_owned()
    } else {
        format!("missing in {} of {rows} rows", own.missing)
    };
    if least > 0.0 {
        let most = greatest * 100.0;
        let confidence = if own.missing == 0 { "99" } else { "99.9" };
        line(format!(
            "    presence: {{minimum: {least}}} # {seen}; at most {most:.1} % are, with {confidence} % confidence"
        ));
    } else {
        line(format!("    # {seen}"));
    }
}

fn categories(own: &FieldStatistics, value_type: ValueType, is_personal: bool, line: &mut impl FnMut(String)) {
    let present = own.forms.total();
    let is_flag = value_type == ValueType::Integer && own.range.is_some_and(|(low, high)| low >= 0.0 && high <= 1.0);
    let Some(values) = own.values.by_count().filter(|_| !is_personal && (value_type == ValueType::String || is_flag))
    else {
        return;
    };
    let once = values.iter().filter(|(_, count)| *count == 1).count();
    if values.is_empty() || values.len() > MOST_CATEGORIES {
        return;
    }
    let mut listed: Vec<&str> = values.iter().map(|(value, _)| *value).collect();
    listed.sort_unstable();
    let listed: Vec<String> =
        listed.into_iter().map(|value| if is_flag { value.to_owned() } else { quoted(value) }).collect();
    let list = listed.join(", ");
    if present < FEWEST_ROWS || once > 0 {
        let of = if once == 1 { "1 of them once".to_owned() } else { format!("{once} of them once") };
        line(format!("    # categories: [{list}] # seen, {of}: more are to come"));
        return;
    }
    line(format!("    categories: [{list}]"));
    if present >= ENOUGH_TO_FORBID {
        return;
    }
    let greatest = greatest_share(0, present);
    let least = least_left(greatest, present);
    line(format!(
        "    domain: {{minimum: {least}}} # others were not seen; at most {:.1} % are, with 99 % confidence",
        greatest * 100.0
    ));
}

fn is_uuid(own: &FieldStatistics) -> bool {
    let present = own.forms.total();
    let values = own.values.by_count().unwrap_or_default();
    let is_uuid = |text: &str| {
        text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    present > 1 && !values.is_empty() && values.iter().all(|(value, _)| is_uuid(value))
}

fn is_id(name: &str) -> bool {
    words(name).last().is_some_and(|word| matches!(word.as_str(), "id" | "uuid" | "guid" | "key"))
}

/// Returns the words of a name in lower case.
fn words(name: &str) -> Vec<String> {
    crate::data::personal::words(name)
}
