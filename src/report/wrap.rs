//! Line wrapping to the width of the terminal.

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter};

/// The range of supported line widths.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=200;

/// Returns the line width for a number of columns.
pub(super) fn fitting(width: usize) -> usize {
    width.clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// Wraps the text into lines of at most `width` columns. The first one begins with `first`, the others with `rest`. A word wider than a
/// line is not broken, and neither are ids, options and paths, which are copied from reports.
#[must_use]
pub fn wrapped(first: &str, rest: &str, text: &str, width: usize) -> String {
    let width = fitting(width);
    let first_word = text.split([' ', '\n']).next().unwrap_or_default();
    let is_narrow = display_width(first) + display_width(first_word) > width;
    // If not even one word fits next to the prefix, the text starts on the next line.
    let (head, first) = match is_narrow && display_width(rest) < display_width(first) {
        true => (format!("{}\n", first.trim_end()), rest),
        false => (String::new(), first),
    };
    head + &textwrap::fill(text, options(width).initial_indent(first).subsequent_indent(rest))
}

/// Puts a text to the right of `left`, in lines of at most `width` columns; below it if there is little room.
#[must_use]
pub fn beside(left: &str, text: &str, width: usize) -> String {
    /// Narrower columns than this are hard to read.
    const LEAST_ROOM: usize = 36;
    let hang = display_width(left) + 2;
    if hang + LEAST_ROOM <= fitting(width) {
        return wrapped(&format!("{left}  "), &" ".repeat(hang), text, width);
    }
    format!("{}\n{}", left.trim_end(), wrapped("    ", "    ", text, width))
}

/// Wraps the text into lines of at most `room` columns; `None` if they are more than `most`, or a word is wider.
pub(super) fn fitted(text: &str, room: usize, most: usize) -> Option<String> {
    let lines = textwrap::wrap(text, options(room.max(1)));
    let fit = lines.len() <= most && lines.iter().all(|line| display_width(line) <= room);
    fit.then(|| lines.join("\n"))
}

fn options<'a>(width: usize) -> Options<'a> {
    let options = Options::new(width).break_words(false);
    options.word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_never_parted() {
        let text = "use --unsafe-fixes for https://example.com/a-page/that-is-longer-than-a-line now";
        let lines =
            "  fix: use --unsafe-fixes for\n       https://example.com/a-page/that-is-longer-than-a-line\n       now";
        assert_eq!(wrapped("  fix: ", "       ", text, 10), lines);
        let below = "  error[family/a-rule-with-a-long-name]:\n  | message that fits";
        assert_eq!(wrapped("  error[family/a-rule-with-a-long-name]: ", "  | ", "message that fits", 10), below);
        assert_eq!(fitted("one two three", 7, 2), Some("one two\nthree".to_owned()));
        assert_eq!(fitted("one two three", 7, 1), None);
        assert_eq!(fitted("one two three", 4, 9), None);
    }
}
