//! `overlap`: rows, or values of some fields, that are in two files of data.

use serde_json::json;

use super::args::TextFormat;
use super::check_data::new_spill;
use super::data_args::OverlapArgs;
use super::data_files::{format_of, open};
use super::{Error, Exit, output};
use crate::data::overlap::{OverlapError, OverlapKey, OverlapSearch, Overlaps};
use crate::text::{Markup, nearest, visible};

pub(super) fn run(args: &OverlapArgs) -> Result<Exit, Error> {
    let key = if args.by.is_empty() {
        OverlapKey::RowsWithout(args.without.clone())
    } else {
        OverlapKey::Fields(args.by.clone())
    };
    let mut search = OverlapSearch::new(vec![key], None, &new_spill);
    let names: Vec<String> = args.files.iter().map(|file| file.to_string_lossy().replace('\\', "/")).collect();
    for (name, file) in names.iter().zip(&args.files) {
        let format = format_of(name)?;
        search.read(name, format, open(file, format)?).map_err(|error| refused(name, error))?;
    }
    // A name that nothing has leaves nothing out, and rows that differ by the field that was meant are not alike.
    if let Some(unknown) = args.without.iter().find(|name| !search.fields().contains(*name)) {
        let near = nearest(unknown, search.fields().iter().map(String::as_str));
        let near = near.map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
        return Err(Error::Usage(format!("--without {unknown}: no file has a field of that name{near}")));
    }
    let failed = |source| Error::File { path: "a temporary file".to_owned(), source };
    let found = search.finish().map_err(failed)?;
    if let Some((name, _)) = names.iter().zip(&found.rows).find(|(_, rows)| **rows == 0) {
        return Err(Error::Usage(format!("{} has no rows, so that nothing can be compared", visible(name))));
    }
    let exit = if found.found.is_empty() { Exit::Clean } else { Exit::Findings };
    let written = match args.format {
        TextFormat::Human => output::to_stdout(Markup::Plain, |out| {
            lines(args, &names, &found).iter().try_for_each(|line| writeln!(out, "{line}"))
        }),
        TextFormat::Json => output::to_stdout(Markup::Json, |out| {
            serde_json::to_writer_pretty(&mut *out, &as_json(args, &names, &found))?;
            writeln!(out)
        }),
    };
    exit.after(written)
}

/// Returns the error of the command for one of the search.
pub(super) fn refused(name: &str, error: OverlapError) -> Error {
    match error {
        OverlapError::Io(source) => Error::File { path: name.to_owned(), source },
        other => Error::Usage(other.to_string()),
    }
}

fn lines(args: &OverlapArgs, names: &[String], found: &Overlaps) -> Vec<String> {
    let name = |table: usize| names.get(table).map_or_else(String::new, |name| visible(name).into_owned());
    let rows = |table: usize| found.rows.get(table).copied().unwrap_or(0);
    let count = |number: u64, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let noun = if args.by.is_empty() { "row" } else { "value" };
    let of = match args.by.as_slice() {
        [] => String::new(),
        by => format!(" of {}", by.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(" and ")),
    };
    let mut lines: Vec<String> =
        names.iter().enumerate().map(|(table, _)| format!("{}: {}", name(table), count(rows(table), "row"))).collect();
    for own in &found.found {
        let (earlier, later) = own.between;
        let share = 100.0 * own.rows as f64 / rows(later).max(1) as f64;
        lines.push(format!(
            "{}{of} {} in both {} and {}: {} of {} ({share:.2} %)",
            count(own.values, &format!("different {noun}")),
            if own.values == 1 { "is" } else { "are" },
            name(earlier),
            name(later),
            count(own.rows, "row"),
            name(later)
        ));
        for (one, other) in own.first.iter().take(SHOWN) {
            lines.push(format!("  {}:{} and {}:{}", name(earlier), one.line, name(later), other.line));
        }
        let more = own.values.saturating_sub(SHOWN as u64);
        if more > 0 {
            lines.push(format!("  and {more} more"));
        }
    }
    if found.found.is_empty() {
        lines.push(format!("no {noun}{of} is in two of them"));
    }
    lines
}

/// The greatest number of places that are printed of two files.
const SHOWN: usize = 5;

fn as_json(args: &OverlapArgs, names: &[String], found: &Overlaps) -> serde_json::Value {
    let name = |table: usize| names.get(table).cloned().unwrap_or_default();
    let overlaps: Vec<_> = found
        .found
        .iter()
        .map(|own| {
            let places = own.first.iter().map(
                |(one, other)| json!([{"row": one.row, "line": one.line}, {"row": other.row, "line": other.line}]),
            );
            json!({
                "between": [name(own.between.0), name(own.between.1)],
                "count": own.values,
                "rows": own.rows,
                "first": places.collect::<Vec<_>>(),
            })
        })
        .collect();
    let tables: Vec<_> =
        names.iter().zip(&found.rows).map(|(name, rows)| json!({"path": name, "rows": rows})).collect();
    json!({"version": 1, "by": args.by, "tables": tables, "overlaps": overlaps})
}
