//! Records that are lines of an access log or rows of a table, written as JSON for the rules, with the place of every value in its line.

use crate::text::{Span, offset};

/// Lines written as JSON, one line of JSON for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenAsJson {
    text: String,
    /// For each line, where it stands in the JSON, and where in the text that people see.
    lines: Vec<(Span, Span)>,
    /// For each field, in the order of the JSON: where its key and value stand there, and where its value in the text that people see.
    fields: Vec<(Span, Span)>,
}

impl WrittenAsJson {
    /// Adds a line that stands at `own` in the text that people see. `fields` say for each field where it stands in `json`, and where its value
    /// in the line. `json` is empty if the line is no record.
    pub fn push(&mut self, json: &str, own: Span, fields: &[(Span, Span)]) {
        let start = offset(self.text.len());
        let moved = |span: Span, by: u32| Span::new(span.start.saturating_add(by), span.end.saturating_add(by));
        self.text.push_str(json);
        self.lines.push((Span::new(start, offset(self.text.len())), own));
        self.text.push('\n');
        self.fields.extend(fields.iter().map(|(json, line)| (moved(*json, start), moved(*line, own.start))));
    }

    /// The JSON, line by line.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where people see what stands at a place of the JSON: a value where it is written, a section from its first value to its last, a
    /// record, and what its line does not say, as the line.
    #[must_use]
    pub fn place(&self, span: Span) -> Span {
        let line = self.lines.partition_point(|(json, _)| json.start <= span.start).saturating_sub(1);
        let Some((json, own)) = self.lines.get(line).copied() else { return Span::default() };
        if span.contains(json) {
            return own;
        }
        let first = self.fields.partition_point(|(field, _)| field.end <= span.start);
        let within = self.fields.iter().skip(first).take_while(|(field, _)| field.start < span.end);
        within.map(|(_, place)| *place).reduce(Span::to).unwrap_or(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_their_lines() {
        let mut own = WrittenAsJson::default();
        let span = Span::new;
        own.push("", span(0, 3), &[]);
        own.push("{\"a\":{\"b\":1,\"c\":2}}", span(4, 9), &[(span(6, 11), span(3, 4)), (span(12, 17), span(0, 1))]);
        own.push("{}", span(10, 12), &[]);
        assert_eq!(own.text(), "\n{\"a\":{\"b\":1,\"c\":2}}\n{}\n");
        assert_eq!(own.place(span(11, 12)), span(7, 8));
        assert_eq!(own.place(span(6, 19)), span(4, 8));
        assert_eq!(own.place(span(1, 20)), span(4, 9));
        assert_eq!(own.place(span(2, 5)), span(4, 9));
        assert_eq!(own.place(span(21, 23)), span(10, 12));
    }
}
