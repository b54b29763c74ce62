//! Destinations and formats of reports.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, ValueEnum};

use super::Error;
use super::args::{CheckArgs, Color};
use crate::analysis::Report;
use crate::files;
use crate::report::{self, Format, Style};
use crate::secrets::redact;
use crate::text::{Markup, WithoutCommands, visible};

/// A report, and how much of it is shown.
#[derive(Clone, Copy)]
pub(super) struct ShownReport<'a> {
    pub report: &'a Report,
    pub color: Color,
    /// Whether only findings are shown.
    pub quiet: bool,
    /// Whether findings are counted instead of listed.
    pub statistics: bool,
}

/// One report: its format, and its file unless it goes to standard output.
pub(super) struct Target<F = Format> {
    pub format: F,
    pub file: Option<PathBuf>,
}

/// Returns the requested reports.
pub(super) fn targets(args: &CheckArgs, matches: &ArgMatches) -> Result<Vec<Target>, Error> {
    let default = match default_format(!args.output.is_empty()) {
        format if args.statistics && !report::has_statistics(format) => Format::Concise,
        format => format,
    };
    let targets = paired(&args.format, &args.output, default, matches)?;
    match args.format.iter().find(|format| args.statistics && !report::has_statistics(**format)) {
        Some(format) => Err(Error::Usage(format!(
            "--statistics cannot be written as {}; use human, concise or json",
            format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
        ))),
        None => Ok(targets),
    }
}

/// Pairs formats with files: each `--output` belongs to the preceding `--format`.
pub(super) fn paired<F: Copy>(
    formats: &[F],
    outputs: &[PathBuf],
    default: F,
    matches: &ArgMatches,
) -> Result<Vec<Target<F>>, Error> {
    let positions = |name: &str| -> Vec<usize> { matches.indices_of(name).map(Iterator::collect).unwrap_or_default() };
    let (before, after) = (positions("format"), positions("output"));
    let mut targets: Vec<Target<F>> = formats.iter().map(|format| Target { format: *format, file: None }).collect();
    if targets.is_empty() {
        targets.push(Target { format: default, file: None });
    }
    for (path, position) in outputs.iter().zip(after) {
        let index = before.iter().rposition(|format| *format < position).unwrap_or(0);
        let target = targets.get_mut(index).filter(|target| target.file.is_none());
        let Some(target) = target else {
            return Err(Error::Usage(format!("--output {} has no preceding --format", path.display())));
        };
        target.file = Some(path.clone());
    }
    if targets.iter().filter(|target| target.file.is_none()).count() > 1 {
        return Err(Error::Usage(
            "only one --format can go to standard output; add an --output to the others".to_owned(),
        ));
    }
    Ok(targets)
}

/// Refuses to overwrite an input, or to write a file twice: a report must not replace a file that it is about, nor a key.
pub(super) fn refuse_overwriting<'p>(outputs: &[&Path], read: impl IntoIterator<Item = &'p Path>) -> Result<(), Error> {
    for (index, output) in outputs.iter().enumerate() {
        if outputs.iter().take(index).any(|other| files::are_same(other, output)) {
            return Err(Error::Usage(format!("{} cannot be written twice", output.display())));
        }
    }
    let there: Vec<&&Path> = outputs.iter().filter(|output| output.is_file()).collect();
    if there.is_empty() {
        return Ok(());
    }
    for path in read {
        if let Some(output) = there.iter().find(|output| files::are_same(output, path)) {
            return Err(Error::Usage(format!("{} is an input and cannot be written to", output.display())));
        }
    }
    Ok(())
}

fn default_format(to_file: bool) -> Format {
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") && !to_file {
        Format::Github
    } else if std::io::stdout().is_terminal() && !to_file {
        Format::Human
    } else {
        Format::Concise
    }
}

/// Returns the style of a stream, from the terminal's width and color support, `NO_COLOR` and the like.
fn style(color: Color, stream: &impl IsTerminal, choice: anstream::ColorChoice) -> Style {
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => choice != anstream::ColorChoice::Never,
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    let unicode = locale.is_none_or(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
    let links = color && stream.is_terminal();
    fitted(Style { color, unicode, links, ..Style::default() }, stream.is_terminal())
}

/// Sets the number of columns: that of the terminal, else the value of `COLUMNS`.
fn fitted(style: Style, is_terminal: bool) -> Style {
    let width = width(is_terminal);
    Style { width: width.unwrap_or(style.width), is_width_known: width.is_some(), ..style }
}

fn width(is_terminal: bool) -> Option<usize> {
    // A terminal without a size, as in CI systems, reports zero columns.
    let terminal = terminal_size::terminal_size().filter(|_| is_terminal).map(|(width, _)| usize::from(width.0));
    let wanted = || std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    terminal.filter(|width| *width > 0).or_else(|| wanted().filter(|width| *width > 0))
}

/// Prints a report in a format.
fn print(view: ShownReport<'_>, format: Format, style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let style = Style { quiet: view.quiet, ..style };
    if view.statistics {
        report::write_statistics(format, view.report, style, out)
    } else {
        report::write(format, view.report, style, out)
    }
}

/// Writes a report to its target.
fn write(view: ShownReport<'_>, target: &Target) -> Result<(), Error> {
    let show = |style, out: &mut dyn Write| print(view, target.format, style, out);
    deliver(target.file.as_deref(), target.format.markup(), view.color, show)
}

/// Writes the report that goes to standard output, if there is one.
pub(super) fn to_terminal(view: ShownReport<'_>, targets: &[Target]) -> Result<(), Error> {
    targets.iter().filter(|target| target.file.is_none()).try_for_each(|target| write(view, target))
}

/// Writes something to a file, or to standard output, in a suitable style.
pub(super) fn deliver(
    file: Option<&Path>,
    markup: Markup,
    color: Color,
    print: impl FnOnce(Style, &mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Error> {
    match file {
        Some(path) => {
            let mut bytes = Vec::new();
            let plain = fitted(Style { color: color == Color::Always, ..Style::default() }, false);
            inert(&mut bytes, markup, |out| print(plain, out))?;
            write_atomically(path, &bytes)
        }
        None => {
            let stdout = std::io::stdout();
            let style = style(color, &stdout, anstream::AutoStream::choice(&stdout));
            to_stdout(markup, |out| print(style, out))
        }
    }
}

/// Writes trusted text to standard output in a suitable style.
pub(super) fn to_stdout_styled(
    color: Color,
    print: impl FnOnce(Style, &mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Error> {
    let stdout = std::io::stdout();
    let style = style(color, &stdout, anstream::AutoStream::choice(&stdout));
    to_stdout_raw(|out| print(style, out))
}

/// Writes text that may quote documents and file names, so that nothing in it is a command to a CI runner.
fn inert(
    out: &mut dyn Write,
    markup: Markup,
    print: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut out = WithoutCommands::new(out, markup);
    print(&mut out)?;
    out.flush()
}

/// Writes text that may quote documents and file names to standard output.
///
/// # Errors
/// If standard output fails, except by being closed.
pub(super) fn to_stdout(
    markup: Markup,
    print: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Error> {
    to_stdout_raw(|out| inert(out, markup, print))
}

/// Writes trusted text, or a document itself, to standard output. It is not an error if the reader closes the pipe early, as `head` and
/// `grep -q` do.
///
/// # Errors
/// If standard output fails in any other way, such as a full disk.
pub(super) fn to_stdout_raw(print: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Error> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    match print(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Prints a one-line message to standard error. It may quote documents and file names. Errors are ignored: standard
/// error may be closed or full.
pub(super) fn notice(text: impl std::fmt::Display) {
    notices([visible(&text.to_string())]);
}

/// Like [`notice`], for several lines.
pub(super) fn notices(lines: impl IntoIterator<Item = impl AsRef<str>>) {
    let mut stderr = std::io::stderr().lock();
    let _ = inert(&mut stderr, Markup::Plain, |out| {
        lines.into_iter().try_for_each(|line| writeln!(out, "{}", visible(&redact(line.as_ref()))))
    });
}

/// Writes the reports that go to files, and no others.
pub(super) fn to_files(view: ShownReport<'_>, targets: &[Target]) -> Result<(), Error> {
    targets.iter().filter(|target| target.file.is_some()).try_for_each(|target| write(view, target))
}

/// Writes the report that would go to standard output to standard error, ignoring errors.
pub(super) fn to_stderr(view: ShownReport<'_>, targets: &[Target]) {
    for target in targets.iter().filter(|target| target.file.is_none()) {
        let stderr = std::io::stderr();
        let style = style(view.color, &stderr, anstream::AutoStream::choice(&stderr));
        let mut out = BufWriter::new(stderr.lock());
        let show = |out: &mut dyn Write| print(view, target.format, style, out);
        let _ = inert(&mut out, target.format.markup(), show).and_then(|()| out.flush());
    }
}

/// Writes a file atomically; see [`files::write`].
pub(super) fn write_atomically(path: &Path, content: &[u8]) -> Result<(), Error> {
    files::write(path, content).map_err(|source| Error::File { path: path.display().to_string(), source })
}
