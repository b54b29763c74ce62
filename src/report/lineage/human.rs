//! The output of `lineage` for people: a tree, or the answers to a question.

use std::io::{self, Write};

use indexmap::IndexMap;

use crate::lineage::{Answer, Answers, Direction, Lineage, LineageEdge, LineageVisit, Question, Thing, ThingId};
use crate::report::Style;
use crate::secrets::redact;
use crate::text::visible;

/// Deeper levels are counted and not shown.
const MOST_DEEP: usize = 12;
/// The most things below one that are shown.
const MOST_BELOW: usize = 20;

/// Writes the answers to a question.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write_answers(
    lineage: &Lineage<'_>,
    subject: ThingId,
    question: Question,
    answers: &Answers,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{} of {}", question.name().replace('-', " "), visible(&lineage.title(subject)))?;
    // What several documents say is one answer, for several reasons.
    let mut grouped: IndexMap<(&str, Option<&str>), Vec<&Answer>> = IndexMap::new();
    for answer in &answers.answers {
        grouped.entry((&answer.name, answer.value.as_deref())).or_default().push(answer);
    }
    for ((name, value), reasons) in grouped {
        let value = value.map(|value| format!(": {}", visible(value))).unwrap_or_default();
        writeln!(out, "  {}{value}", visible(name))?;
        for reason in reasons {
            writeln!(out, "      {} ({})", visible(&reason.because), visible(&redact(&reason.path)))?;
        }
    }
    write_unknown(&answers.unknown, out)
}

fn write_unknown(unknown: &[String], out: &mut dyn Write) -> io::Result<()> {
    if unknown.is_empty() {
        return Ok(());
    }
    writeln!(out, "not known")?;
    unknown.iter().take(MOST_BELOW).try_for_each(|said| writeln!(out, "  {}", visible(said)))?;
    match unknown.len().saturating_sub(MOST_BELOW) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

/// Writes all that a thing came from, and all that came of it, as trees.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write_tree(lineage: &Lineage<'_>, subject: ThingId, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", line(lineage, subject))?;
    for (direction, title) in [(Direction::Earlier, "came from"), (Direction::Later, "what came of it")] {
        let walk = lineage.walk(subject, direction);
        writeln!(out, "\n{title}")?;
        if walk.len() == 1 {
            writeln!(out, "  nothing that is documented")?;
            continue;
        }
        Tree { lineage, direction, below: below(&walk), walk: &walk, style }.write(out)?;
    }
    let unknown = lineage.unknown(subject);
    if !unknown.is_empty() {
        writeln!(out)?;
    }
    write_unknown(&unknown, out)
}

/// Returns the visits that were made from each visit, in the order of their relation and name.
fn below(walk: &[LineageVisit<'_, '_>]) -> Vec<Vec<usize>> {
    let mut below = vec![Vec::new(); walk.len()];
    for (at, visit) in walk.iter().enumerate() {
        if let Some(list) = visit.from.and_then(|from| below.get_mut(from)) {
            list.push(at);
        }
    }
    below
}

struct Tree<'l, 'a> {
    lineage: &'l Lineage<'a>,
    direction: Direction,
    walk: &'l [LineageVisit<'l, 'a>],
    below: Vec<Vec<usize>>,
    style: Style,
}

/// What is still to be written: a visit, or the number of those that are left out.
enum Open {
    Visit(usize),
    More(usize),
}

impl Tree<'_, '_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let (branch, last, bar) =
            if self.style.unicode { ("├─ ", "└─ ", "│  ") } else { ("|- ", "`- ", "|  ") };
        // The indentation below each open thing; the depth is bounded.
        let mut open: Vec<(Open, String, bool)> = Vec::new();
        self.open(0, "", &mut open);
        while let Some((what, indent, is_last)) = open.pop() {
            let stem = if is_last { last } else { branch };
            let at = match what {
                Open::Visit(at) => at,
                Open::More(count) => {
                    writeln!(out, "{indent}{stem}and {count} more")?;
                    continue;
                }
            };
            let Some((visit, edge)) = self.walk.get(at).and_then(|visit| Some((visit, visit.edge?))) else { continue };
            let seen = if visit.is_repeated { "  (shown elsewhere)" } else { "" };
            let inner = if is_last { format!("{indent}   ") } else { format!("{indent}{bar}") };
            let text = line(self.lineage, visit.thing);
            writeln!(out, "{indent}{stem}{}  {text}{seen}", self.relation(edge))?;
            let count = self.below.get(at).map_or(0, Vec::len);
            match self.depth(at) >= MOST_DEEP && count > 0 {
                true => open.push((Open::More(count), inner, true)),
                false => self.open(at, &inner, &mut open),
            }
        }
        Ok(())
    }

    /// Opens what is below a visit, in the order of relations and names.
    fn open(&self, at: usize, indent: &str, open: &mut Vec<(Open, String, bool)>) {
        let mut below = self.below.get(at).cloned().unwrap_or_default();
        below.sort_by_cached_key(|at| {
            let visit = self.walk.get(*at);
            visit.map(|visit| (visit.edge.map(|edge| edge.relation), self.lineage.label(visit.thing)))
        });
        let more = below.len().saturating_sub(MOST_BELOW);
        let shown = below.len() - more;
        if more > 0 {
            open.push((Open::More(more), indent.to_owned(), true));
        }
        for (place, at) in below.into_iter().take(shown).enumerate().rev() {
            let is_last = more == 0 && place + 1 == shown;
            open.push((Open::Visit(at), indent.to_owned(), is_last));
        }
    }

    fn depth(&self, at: usize) -> usize {
        let up = std::iter::successors(Some(at), |at| self.walk.get(*at)?.from);
        up.take(MOST_DEEP + 1).count()
    }

    fn relation(&self, edge: &LineageEdge<'_>) -> String {
        let said = match self.direction {
            Direction::Earlier => edge.to_earlier(),
            Direction::Later => edge.to_later(),
        };
        visible(&said).into_owned()
    }
}

/// Returns a thing on one line, with its file.
fn line(lineage: &Lineage<'_>, id: ThingId) -> String {
    let title = lineage.title(id);
    let path = match lineage.thing(id) {
        // It is the file of the run that names it.
        Some(Thing::Output { .. }) => None,
        _ => lineage.path(id),
    };
    match path {
        Some(path) => format!("{}  {}", visible(&title), visible(&redact(path))),
        None if lineage.is_missing(id) => format!("{}  (no document)", visible(&title)),
        None => visible(&title).into_owned(),
    }
}
