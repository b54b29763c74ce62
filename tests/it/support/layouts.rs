//! YAML in every layout that people write, and some that nobody does: generated from a list of numbers, so that a test shrinks by
//! shortening the list.

/// Texts with a meaning in YAML, to be inserted where they do not belong.
pub const FRAGMENTS: &[&str] = &[
    ":",
    ": ",
    " :",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "-",
    "- ",
    "- - ",
    "\n- ",
    "\n  - ",
    "#",
    " #",
    " # c\n",
    "\n# c\n",
    "'",
    "''",
    "\"",
    "\\",
    "\\n",
    "\\u00e9",
    "\\x41",
    "\\U0001F600",
    "\\ud83d\\ude00",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "{a: b}",
    "[a, b]",
    "{\"a\":1}",
    "|",
    ">",
    "|\n",
    ">-\n",
    "|+\n",
    "|2\n",
    "&a ",
    "*a",
    "!!str ",
    "!",
    "?",
    "? ",
    "%",
    "@",
    "`",
    "~",
    "<<: ",
    "a: ",
    "k: v\n",
    "\"k\": ",
    "'k': ",
    "null",
    "é",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{9f}",
    "\u{7f}",
    "\u{0}",
    "\u{feff}",
    "\u{ffff}",
    "---\n",
    "--- ",
    "---",
    "...\n",
    "%YAML 1.2\n",
];

const PLAIN: &[&str] = &[
    "a",
    "key",
    "two words",
    "0.5",
    "-1",
    "0x1F",
    "true",
    "null",
    "~",
    "-x",
    "a:b",
    "a::b",
    "a#b",
    "http://a.b/c?d=e",
    "é ü",
    "x-y_z",
    "1e3",
    "<<",
    "a'b",
    "a\"b",
    "a\\b",
    "v1.0.0",
    "2026-08-22T09:30:00Z",
    ".",
    "=",
    "a - b",
    "a ? b",
    "a -",
    "日本語",
    "\u{a0}",
    "a & b",
];
const BLOCK_PLAIN: &[&str] = &["a, b", "x [y]", "{{ no", "a]", "-,", "p{q}r", "-[a"];
const QUOTED: &[&str] = &[
    "''",
    "\"\"",
    "'it''s'",
    "'a: b'",
    "\"a # b\"",
    "\"\\n\\t\\\"\\\\\\/\"",
    "\"\\x41\\u00e9\\U0001F600\"",
    "\"\\ud83d\\ude00\"",
    "'\\n'",
    "\"'\"",
    "'\"'",
    "\"é\tü\"",
    "' a '",
    "\"\\ud83d\"",
    "\"\\q\"",
    "\" \\\\ \"",
    "''''",
    "\"\\0\\e\\_\\N\\L\\P\\a\\b\\v\\f\\r\\ \"",
];

/// Returns a stream of documents.
pub fn stream(choices: &[u8]) -> String {
    let mut layout = Layout { choices: choices.iter(), text: String::new(), is_dos: false };
    layout.stream();
    if layout.is_dos { layout.text.replace('\n', "\r\n") } else { layout.text }
}

struct Layout<'c> {
    choices: std::slice::Iter<'c, u8>,
    text: String,
    is_dos: bool,
}

impl Layout<'_> {
    /// Returns a number below `bound`; 0 if there are no choices left.
    fn choose(&mut self, bound: usize) -> usize {
        self.choices.next().map_or(0, |choice| usize::from(*choice) % bound)
    }

    fn rarely(&mut self) -> bool {
        self.choose(16) == 15
    }

    fn pick(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.choose(texts.len())]
    }

    fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn indent(&mut self, columns: usize) {
        self.text.extend(std::iter::repeat_n(' ', columns));
    }

    fn stream(&mut self) {
        self.is_dos = self.rarely();
        if self.rarely() {
            self.add("\u{feff}");
        }
        for document in 0..=self.choose(3).saturating_sub(1) {
            if document > 0 || self.choose(4) == 3 {
                let markers = ["---", "--- # c", "---\n# c", "...\n---", "..."];
                let marker = self.pick(if document > 0 { &markers } else { &markers[..3] });
                self.add(marker);
                self.end_line();
            }
            let column = if self.rarely() { self.choose(4) } else { 0 };
            match self.choose(8) {
                0..=4 => self.mapping(column, 0),
                5 => self.sequence(column, 0),
                6 => {
                    self.indent(column);
                    self.flow(0);
                    self.end_line();
                }
                _ => {
                    self.indent(column);
                    let scalar = self.scalar();
                    self.add(scalar);
                    self.end_line();
                }
            }
        }
        if self.rarely() {
            let length = self.text.trim_end().len();
            self.text.truncate(length);
        }
    }

    /// Writes what can be between the last byte of a node and the next line with content.
    fn end_line(&mut self) {
        let end = self.pick(&[
            "\n",
            "\n",
            "\n",
            "\n",
            " # comment\n",
            "  \n",
            "\n\n",
            "\n# c\n",
            "\n   # c\n\n",
            " #\n",
            "\n \n",
        ]);
        self.add(end);
    }

    fn scalar(&mut self) -> &'static str {
        match self.choose(8) {
            0..=4 => self.pick(PLAIN),
            5 => self.pick(BLOCK_PLAIN),
            _ => self.pick(QUOTED),
        }
    }

    fn key(&mut self) {
        let key = match self.choose(8) {
            0..=3 => self.pick(&["a", "b", "c", "d", "e", "f"]),
            4 => self.pick(QUOTED),
            _ => self.pick(PLAIN),
        };
        self.add(key);
        if self.rarely() {
            self.add(" ");
        }
        self.add(":");
    }

    /// Writes a mapping whose first key begins a line at this column.
    fn mapping(&mut self, column: usize, depth: usize) {
        self.indent(column);
        self.entries(column, depth);
    }

    fn entries(&mut self, column: usize, depth: usize) {
        self.key();
        self.value(column, depth, true);
        for _ in 0..self.choose(4) {
            self.indent(column);
            self.key();
            self.value(column, depth, true);
        }
    }

    fn sequence(&mut self, column: usize, depth: usize) {
        self.indent(column);
        self.items(column, depth);
    }

    fn items(&mut self, column: usize, depth: usize) {
        self.item(column, depth);
        for _ in 0..self.choose(4) {
            self.indent(column);
            self.item(column, depth);
        }
    }

    fn item(&mut self, column: usize, depth: usize) {
        self.add("-");
        let spaces = 1 + self.choose(6) / 4;
        match self.choose(6) {
            0 if depth < 5 => {
                self.indent(spaces);
                self.entries(column + 1 + spaces, depth + 1);
            }
            1 if depth < 5 => {
                self.indent(spaces);
                self.items(column + 1 + spaces, depth + 1);
            }
            _ => self.value(column, depth, false),
        }
    }

    /// Writes what follows the `:` of a key, or the `-` of an item, in a collection at this column.
    fn value(&mut self, column: usize, depth: usize, is_entry: bool) {
        let step = 1 + self.choose(4);
        match self.choose(if depth < 5 { 12 } else { 7 }) {
            0..=3 => {
                self.indent(if step == 4 { 2 } else { 1 });
                let scalar = self.scalar();
                self.add(scalar);
                self.end_line();
            }
            4 => {
                self.add(" ");
                self.flow(depth);
                self.end_line();
            }
            5 => {
                self.add(" ");
                self.block_scalar(column, step);
            }
            6 => self.end_line(),
            7..=8 => {
                self.end_line();
                self.mapping(column + step, depth + 1);
            }
            9 if is_entry => {
                self.end_line();
                self.sequence(column, depth + 1);
            }
            10 => {
                self.end_line();
                self.indent(column + step);
                let scalar = self.scalar();
                self.add(scalar);
                self.end_line();
            }
            _ => {
                self.end_line();
                self.sequence(column + step, depth + 1);
            }
        }
    }

    fn block_scalar(&mut self, column: usize, step: usize) {
        let header = self.pick(&["|", ">", "|-", ">-", "|+", ">+", "| # c", ">- ", "|2", "|-1"]);
        self.add(header);
        self.add("\n");
        for _ in 0..=self.choose(5) {
            let line = self.pick(&[
                "text",
                "two words",
                "",
                "",
                "  deeper",
                "# no comment",
                "- item",
                "a: b",
                "\ttab",
                "trailing  ",
                "é",
            ]);
            let more = if self.rarely() { self.choose(3) } else { 0 };
            if !line.is_empty() || self.rarely() {
                self.indent(column + step + more);
            }
            self.add(line);
            self.add("\n");
        }
    }

    /// Writes a node in brackets or braces.
    fn flow(&mut self, depth: usize) {
        let is_mapping = self.choose(2) == 1;
        self.add(if is_mapping { "{" } else { "[" });
        let count = self.choose(4);
        for entry in 0..count {
            self.gap();
            if is_mapping {
                let key = if self.choose(2) == 0 { self.pick(QUOTED) } else { self.pick(PLAIN) };
                self.add(key);
                let colon = self.pick(&[": ", ": ", ": ", ":", " : ", "", ":\n  "]);
                self.add(colon);
            }
            match self.choose(6) {
                0 if depth < 5 => self.flow(depth + 1),
                1 => {
                    let quoted = self.pick(QUOTED);
                    self.add(quoted);
                }
                2 if is_mapping => {}
                _ => {
                    let plain = self.pick(PLAIN);
                    self.add(plain);
                }
            }
            self.gap();
            if entry + 1 < count || self.rarely() {
                self.add(",");
            }
        }
        self.gap();
        self.add(if is_mapping { "}" } else { "]" });
    }

    fn gap(&mut self) {
        let gap = self.pick(&["", "", " ", " ", "\n  ", "\n\t", "\n", " # c\n  ", "\t", "  "]);
        self.add(gap);
    }
}
