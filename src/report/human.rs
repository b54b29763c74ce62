//! For people: each finding with its lines and its help, and finally the next steps.

use std::cmp::Reverse;
use std::fmt;
use std::io::{self, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::snippet::{CONTEXT, Mark, Snippet};
use super::summary::{CYAN, color_of, count, paint, sentence};
use super::window::{Look, Secrets};
use super::wrap::{fitting, wrapped};
use super::{Region, Sources, Style};
use crate::analysis::{FileReport, Report, StreamContent, StreamCounts};
use crate::diagnostics::{Applicability, Finding, Severity};
use crate::text::{end_of, start_of, visible, visible_lines};

/// The maximum number of findings that are shown: terminals keep no more lines. Other formats list all.
const SHOWN: usize = 1000;
/// The maximum number of characters of a message.
const MESSAGE: usize = 1000;
/// The maximum number of characters of a YAML path: its end, where the node is.
const POINTER: usize = 60;
/// The maximum number of characters of a related message as a label.
const LABEL: usize = 200;
/// As wide as the prefix of a note: "  note: ".
const HANG: &str = "        ";
/// The maximum number of related places with a label in a snippet; the others become notes.
const LABELS: usize = 3;
/// The maximum number of related places that become notes; the rest are counted.
const NOTES: usize = 10;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let sources = Sources::of(report);
    let mut first: Option<&Finding> = None;
    let mut shown = Room::of(report);
    let printer = Printer { style, theme: theme(style), sources };
    for file in &report.files {
        let secrets = Secrets::new(&file.source, &file.secrets);
        // The most severe findings first; otherwise in the order of the text.
        let mut folded = Folded::of(file);
        let unfolded = file.findings.iter().filter(|finding| folded.takes(finding));
        let mut findings: Vec<&Finding> = unfolded.filter(|finding| shown.takes(finding)).collect();
        findings.sort_by_key(|finding| Reverse(finding.severity));
        for finding in findings {
            first.get_or_insert(finding);
            out.write_all(printer.finding(file, &secrets, finding).as_bytes())?;
            writeln!(out)?;
        }
        folded.write(style, out)?;
    }
    if shown.left_out > 0 {
        let more = count(shown.left_out, "more finding");
        let more = format!("{more} not shown; `--format concise` lists them all");
        writeln!(out, "{}", wrapped("", "", &more, style.width))?;
    }
    if style.quiet {
        return Ok(());
    }
    writeln!(out, "{}", wrapped("", "", &sentence(&report.summary, style.color), style.width))?;
    match first {
        Some(finding) => {
            let hint = format!("To read about a rule: mlspec-lint explain {}", finding.rule.id);
            writeln!(out, "{}", wrapped("", "", &hint, style.width))
        }
        None => Ok(()),
    }
}

/// The number of findings of each severity still to be shown: if there are too many, the most severe of all files.
struct Room {
    errors: usize,
    warnings: usize,
    infos: usize,
    left_out: usize,
}

impl Room {
    fn of(report: &Report) -> Self {
        let unfolded = report.files.iter().flat_map(|file| {
            let mut folded = Folded::of(file);
            file.findings.iter().filter(move |finding| folded.takes(finding))
        });
        let all: Vec<Severity> = unfolded.map(|finding| finding.severity).collect();
        let of = |severity| all.iter().filter(|own| **own == severity).count();
        let errors = of(Severity::Error).min(SHOWN);
        let warnings = of(Severity::Warning).min(SHOWN - errors);
        Self { errors, warnings, infos: SHOWN - errors - warnings, left_out: 0 }
    }

    fn takes(&mut self, finding: &Finding) -> bool {
        let room = match finding.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Info => &mut self.infos,
        };
        let takes = *room > 0;
        *room = room.saturating_sub(1);
        self.left_out += usize::from(!takes);
        takes
    }
}

/// Of a log or a table, the first findings of each group are shown, and the others counted.
struct Folded<'a> {
    stream: Option<&'a StreamCounts>,
    name: &'a str,
    shown: Vec<u64>,
}

/// The findings of a group that are shown.
const SHOWN_OF_GROUP: u64 = 20;

impl<'a> Folded<'a> {
    fn of(file: &'a FileReport) -> Self {
        let stream = file.stream.as_deref();
        let groups = stream.map_or(0, |stream| stream.groups.in_order().len());
        Self { stream, name: file.source.name(), shown: vec![0; groups] }
    }

    fn takes(&mut self, finding: &Finding) -> bool {
        let number = self.stream.and_then(|stream| stream.groups.number_of(finding));
        let Some(shown) = number.and_then(|number| self.shown.get_mut(number)) else { return true };
        let takes = *shown < SHOWN_OF_GROUP;
        *shown += u64::from(takes);
        takes
    }

    /// Writes how many findings of each group there are, if not all of them are shown.
    fn write(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let Some(stream) = self.stream else { return Ok(()) };
        let groups = stream.groups.in_order().iter().zip(&self.shown).filter(|(group, shown)| group.count > **shown);
        let mut groups: Vec<_> = groups.collect();
        groups.sort_by_key(|(group, _)| (Reverse(group.severity), Reverse(group.count), group.rule.id));
        if groups.is_empty() {
            return Ok(());
        }
        let records = if stream.content == StreamContent::Log { "lines" } else { "rows" };
        let head = format!("{}, {} {records}:", visible(self.name), stream.records);
        writeln!(out, "{}", wrapped("  ", "  ", &head, style.width))?;
        for (group, shown) in groups {
            let severity =
                paint(style.color, color_of(group.severity), &format!("{}[{}]", group.severity.name(), group.rule.id));
            let pointer = end_of(&group.pointer, POINTER);
            let at = if pointer.is_empty() { String::new() } else { format!(" at {pointer}") };
            let share = 100.0 * stream.share(group.count);
            let share = if share < 0.01 { "less than 0.01".to_owned() } else { format!("{share:.2}") };
            let text = format!("{}{at}, {share} % of the {records}; the first {shown} are shown", group.count);
            writeln!(out, "{}", wrapped(&format!("    {severity} "), HANG, &visible(&text), style.width))?;
        }
        writeln!(out)
    }
}

fn theme(style: Style) -> GraphicalTheme {
    match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    }
}

struct Printer<'a> {
    style: Style,
    theme: GraphicalTheme,
    sources: Sources<'a>,
}

impl Printer<'_> {
    fn finding(&self, file: &FileReport, secrets: &Secrets, finding: &Finding) -> String {
        let source = &file.source;
        let mut marks = vec![Mark { span: finding.place.span, label: label(file, finding, POINTER) }];
        let own = finding.related.iter().filter(|related| related.path.is_none());
        let marked = own
            .take(LABELS)
            .map(|related| Mark { span: related.span, label: start_of(&related.message, LABEL).into() });
        marks.extend(marked);
        let look = Look { width: self.style.width, unicode: self.style.unicode };
        let (snippet, shown) = Snippet::new(source, visible(source.name()).into_owned(), secrets, &marks, look);
        let mut out = String::new();
        let shown_finding = Shown { severity: finding.severity, snippet };
        // miette wraps messages in its own way, so its message line is replaced by ours.
        let drawn = match self.handler(finding, &shown_finding.snippet).render_report(&mut out, &shown_finding) {
            Ok(()) => out.split_once('\n').map_or("", |(_, drawn)| drawn),
            // The snippet handles every query about its own labels; this is for a future miette that makes others.
            Err(_) => "",
        };
        let mut out = format!("{}\n{drawn}", self.message(finding));
        // If there is no room for the label of the finding's own place, it gets its own line.
        if shown.first() == Some(&false) {
            let room = fitting(self.style.width).saturating_sub(HANG.len());
            self.push_line("at", &label(file, finding, POINTER.min(room)), &mut out);
        }
        if let Some(help) = &finding.help {
            self.push_line("help", &visible_lines(help).collect::<Vec<_>>().join("\n"), &mut out);
        }
        self.push_notes(file, finding, shown.get(1..).unwrap_or_default(), &mut out);
        self.push_fix(finding, &mut out);
        out
    }

    /// Returns the line with severity, rule and message, and its continuation lines.
    fn message(&self, finding: &Finding) -> String {
        let rule = finding.rule.id;
        let rule = match self.style.links {
            true => format!("\x1b]8;;{}\x1b\\{rule}\x1b]8;;\x1b\\", finding.rule.url()),
            false => rule.into(),
        };
        let paint = |text: &str| paint(self.style.color, color_of(finding.severity), text);
        let head = format!("  {} ", paint(&format!("{}[{rule}]:", finding.severity.name())));
        let bar = format!("  {} ", paint(&self.theme.characters.vbar.to_string()));
        wrapped(&head, &bar, &start_of(&finding.message, MESSAGE), self.style.width)
    }

    fn handler(&self, finding: &Finding, snippet: &Snippet) -> GraphicalReportHandler {
        let mut theme = self.theme.clone();
        let styles = &mut theme.styles;
        let color = match finding.severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Info => styles.advice,
        };
        // One style per label, in order: the finding's own has the color of its severity.
        let labels = snippet.labels();
        styles.highlights = labels.iter().map(|label| if label.primary() { color } else { styles.help }).collect();
        GraphicalReportHandler::new_themed(theme)
            .with_width(fitting(self.style.width))
            .with_context_lines(CONTEXT as usize)
            .with_urls(false)
            .without_syntax_highlighting()
    }

    /// Adds notes for the related places without a label: `labelled` covers the first ones in this file.
    fn push_notes(&self, file: &FileReport, finding: &Finding, labelled: &[bool], out: &mut String) {
        let mut labelled = labelled.iter();
        let mut notes =
            finding.related.iter().filter(|related| related.path.is_some() || labelled.next() != Some(&true));
        for related in notes.by_ref().take(NOTES) {
            let (path, region) = self.sources.locate(&file.source, related);
            let place = region.map(|region: Region| format!(":{}", region.start)).unwrap_or_default();
            self.push_line("note", &format!("{}{place}: {}", visible(path), start_of(&related.message, MESSAGE)), out);
        }
        let rest = notes.count();
        if rest > 0 {
            self.push_line(
                "note",
                &format!("and {rest} more such {}", if rest == 1 { "place" } else { "places" }),
                out,
            );
        }
    }

    fn push_fix(&self, finding: &Finding, out: &mut String) {
        if let Some(fix) = finding.fixes.first() {
            let how = match fix.applicability {
                Applicability::Safe => "safe, --fix",
                Applicability::Unsafe => "to be reviewed, --fix --unsafe-fixes",
                Applicability::Display => "by hand: files without mlSpecVersion are never changed",
            };
            self.push_line("fix", &format!("{} ({how})", start_of(&fix.title, MESSAGE)), out);
        }
    }

    fn push_line(&self, word: &str, text: &str, out: &mut String) {
        let head = format!("  {}", paint(self.style.color, CYAN, &format!("{word:>4}: ")));
        out.push_str(&wrapped(&head, HANG, text, self.style.width));
        out.push('\n');
    }
}

/// Returns the label under the marked text: the YAML path, which identifies the node even if the snippet does not show all its parents,
/// limited to `room` characters.
fn label(file: &FileReport, finding: &Finding, room: usize) -> String {
    let pointer = &finding.place.pointer;
    let node = if pointer.is_empty() { "here".into() } else { end_of(pointer, room) };
    let region = Region::new(&file.source, finding.place.span);
    // A span that ends with a line break ends on that line for a reader, not on the next.
    let last = if region.end.column == 1 { region.end.line.saturating_sub(1) } else { region.end.line };
    if last > region.start.line { format!("{node} (to line {last})") } else { node.into_owned() }
}

/// A finding in the form that miette expects.
#[derive(Debug)]
struct Shown {
    severity: Severity,
    snippet: Snippet,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("")
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.snippet)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.snippet.labels().into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Format;
    use super::super::tests::{RULE, finding, fix, output, report};
    use super::*;
    use crate::diagnostics::{Fix, Related};
    use crate::text::Span;

    fn human(report: &Report, style: Style) -> String {
        let mut out = Vec::new();
        super::super::write(Format::Human, report, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const PIPELINE: &str = "name: Train It\nsteps:\n  a:\n    deps: [b]\n  b:\n    deps: [a]\ntoken: s3cr3t-value\n";

    fn sample() -> Report {
        let named = finding("/name", 6, 14, "the name 'Train It' has a space").fix(fix(6, 14, "train-it"));
        let mut cycle =
            finding("/steps/a/deps/0", 38, 39, "step 'a' depends on itself").related(Span::new(57, 58), "through this");
        cycle = cycle
            .help("remove one of the two")
            .related(Span::new(0, 4), "in this pipeline")
            .severity(Severity::Warning);
        cycle.related.push(Related { path: Some("z.yml".into()), span: Span::new(3, 4), message: "see also".into() });
        cycle.related.push(Related {
            path: Some("gone.yml".into()),
            span: Span::new(3, 4),
            message: "and this".into(),
        });
        let secret = finding("/token", 67, 79, "a secret in the document").severity(Severity::Info);
        let secret = secret.fix(Fix::needs_review("remove it", vec![]));
        let files = vec![
            ("pipelines/a.yml", PIPELINE, vec![named, cycle, secret], vec![Span::new(67, 79)]),
            ("z.yml", "a: b\n", vec![], vec![]),
        ];
        report(files)
    }

    const LOOK: &str = r"  error[family/some-rule]: the name 'Train It' has a space
   ╭─[pipelines/a.yml:1:7]
 1 │ name: Train It
   ·       ────┬───
   ·           ╰── /name
 2 │ steps:
   ╰────
   fix: replace by 'train-it' (safe, --fix)

  warning[family/some-rule]: step 'a' depends on itself
   ╭─[pipelines/a.yml:4:12]
 1 │ name: Train It
   · ──┬─
   ·   ╰── in this pipeline
 2 │ steps:
 3 │   a:
 4 │     deps: [b]
   ·            ┬
   ·            ╰── /steps/a/deps/0
 5 │   b:
 6 │     deps: [a]
   ·            ┬
   ·            ╰── through this
 7 │ token: ********
   ╰────
  help: remove one of the two
  note: z.yml:1:4: see also
  note: gone.yml: and this

  info[family/some-rule]: a secret in the document
   ╭─[pipelines/a.yml:7:8]
 6 │     deps: [a]
 7 │ token: ********
   ·        ────┬───
   ·            ╰── /token
   ╰────
   fix: remove it (to be reviewed, --fix --unsafe-fixes)

Checked 2 documents in 2 files: 1 error, 1 warning, 1 info; 1
fixable with --fix
To read about a rule: mlspec-lint explain family/some-rule
";

    #[test]
    fn looks_like_this() {
        let text = human(&sample(), Style { width: 64, ..Style::default() });
        assert!(text == LOOK, "{text}");
        let plain = human(&sample(), Style { unicode: false, ..Style::default() });
        assert!(plain.is_ascii());
        assert!(!plain.contains('\u{1b}'));
    }

    #[test]
    fn rule_ids_are_links_where_terminals_have_them() {
        let text = human(&sample(), Style { links: true, ..Style::default() });
        let rule = &RULE;
        assert!(text.contains(&format!("[\u{1b}]8;;{}\u{1b}\\{}\u{1b}]8;;\u{1b}\\]: ", rule.url(), rule.id)), "{text}");
    }

    #[test]
    fn many_related_places_are_counted() {
        let mut wrong = finding("", 0, 1, "m");
        for at in 0..20 {
            wrong.related.push(Related { path: Some("z.yml".into()), span: Span::empty(at), message: "r".into() });
        }
        let text = output(Format::Human, &report(vec![("a.yml", "a", vec![wrong], vec![])]));
        assert!(text.contains("  note: z.yml: r\n  note: and 10 more such places\n"), "{text}");
    }

    #[test]
    fn a_finding_on_a_long_line_or_a_long_mapping_stays_short() {
        let line = format!("{{{}}}", "é: [1, 2], ".repeat(400_000));
        let text = output(
            Format::Human,
            &report(vec![("a.yml", &line, vec![finding("/é", 3_000_000, 4_000_000, "m")], vec![])]),
        );
        assert!(text.len() < 1000, "{text}");
        let mapping = "  key: value\n".repeat(200);
        let text = output(Format::Human, &report(vec![("a.yml", &mapping, vec![finding("/a", 2, 2600, "m")], vec![])]));
        assert!(text.contains("/a (to line 200)"), "{text}");
        assert!(text.lines().count() < 12);
        let text = output(Format::Human, &report(vec![("a.yml", "a", vec![finding(&line, 0, 1, &line)], vec![])]));
        assert!(text.len() < 4000);
    }

    #[test]
    fn of_too_many_findings_the_most_severe_are_shown() {
        let many = |count: usize, severity| (0..count).map(move |_| finding("", 0, 1, "m").severity(severity));
        let first = many(SHOWN - 1, Severity::Info).chain(many(3, Severity::Warning)).collect();
        let second = many(SHOWN - 2, Severity::Error).collect();
        let text = output(Format::Human, &report(vec![("a.yml", "a", first, vec![]), ("b.yml", "b", second, vec![])]));
        let shown = |severity: &str| text.matches(&format!("  {severity}[")).count();
        assert_eq!((shown("error"), shown("warning"), shown("info")), (SHOWN - 2, 2, 0));
        assert!(text.contains("\n1000 more findings not shown; `--format concise` lists them all\nChecked"));
        assert!(text.contains("998 errors, 3 warnings, 999 infos"), "the summary counts all");
        let few = report(vec![("a.yml", "a", many(SHOWN, Severity::Info).collect(), vec![])]);
        assert!(!output(Format::Human, &few).contains("not shown"));
    }

    proptest! {
        #[test]
        fn nothing_a_document_holds_breaks_the_report(
            text in "[a-c:\\-\\[\\]{} \t\r\n\u{1b}\u{0}\u{7f}\u{9b}\u{202e}\u{feff}\u{301}é日🚀]{0,120}",
            spans in proptest::collection::vec((0u32..400, 0u32..400), 1..6),
            secrets in proptest::collection::vec((0u32..400, 0u32..400), 0..4),
            width in 0usize..120,
            unicode: bool,
        ) {
            let mut wrong = finding("/a", spans[0].0, spans[0].1, &text).help(text.clone());
            for (start, end) in &spans[1..] {
                wrong = wrong.related(Span { start: *start, end: *end }, text.clone());
            }
            let secrets = secrets.into_iter().map(|(start, end)| Span { start, end }).collect();
            let report = report(vec![("a\u{1b}.yml", &text, vec![wrong], secrets)]);
            let out = human(&report, Style { width, unicode, ..Style::default() });
            prop_assert!(!out.chars().any(|c| c != '\n' && crate::text::is_invisible(c)), "{out:?}");
        }

        #[test]
        fn secrets_are_never_shown(at in 0usize..60, span in 0usize..60, length in 0usize..60, width in 40usize..80) {
            let text = format!("{}hunter2{}", "ab: \n".repeat(at), ", x".repeat(length));
            let start = u32::try_from(5 * at).unwrap();
            let place = u32::try_from(span * text.len() / 60).unwrap();
            let report = report(vec![("a.yml", &text, vec![finding("", place, place + 9, "m")], vec![Span::new(start, start + 7)])]);
            let out = human(&report, Style { width, ..Style::default() });
            prop_assert!(!["hun", "unt", "nte", "ter", "er2"].iter().any(|part| out.contains(part)), "{out}");
        }
    }
}
