//! The recogniser: it is sure of a line, or it is not. What it is sure of has no finding, and is not read again; the rest is left to the tree
//! and the rules, which alone explain.
//!
//! The invariant: if the recogniser accepts a line, then checking it as a document finds nothing. `tests/it/records.rs` tries it on lines that
//! were changed in all ways, and so does a fuzz target.

use super::fields::{FieldDemand, RecordSection, fields_of};
use super::moment::moment;
use super::scan::{DEEPEST, Quoted, Scanner};
use super::strings::{StringClass, StringMemo};
use crate::documents::Kind;

/// What is known of a record that has no finding by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SureRecord<'l> {
    /// Its kind.
    pub kind: Kind,
    /// The id of its request.
    pub request: &'l str,
    /// The time of its request, in nanoseconds since the beginning of 1970 in UTC.
    pub time: i64,
    /// The id of the application that made the request.
    pub application: Option<&'l str>,
    /// Whether it is marked as the prediction that was returned.
    pub is_final: bool,
    /// What the rules of the workspace look at, as written: the versions, the provenance, and the model. `None` if they have nothing to look at.
    pub linked: Option<[&'l str; 4]>,
}

/// Recognises lines that certainly have no finding. It remembers strings and keys of lines that it was sure of, so that the next ones cost
/// less; what it answers does not depend on them.
pub struct Recogniser {
    memo: StringMemo,
    /// The keys of the last map of each field, as written, for maps whose keys are alike in all records.
    features: KeyMemo,
    explanation: KeyMemo,
    /// The keys of the maps that are being read.
    keys: Vec<(usize, usize)>,
    unescaped: String,
}

impl Default for Recogniser {
    fn default() -> Self {
        Self {
            memo: StringMemo::new(),
            features: KeyMemo::default(),
            explanation: KeyMemo::default(),
            keys: Vec::new(),
            unescaped: String::new(),
        }
    }
}

impl Recogniser {
    /// Returns what is known of a record, if it certainly has no finding by itself. `line` is without its break.
    pub fn recognise<'l>(&mut self, line: &'l str) -> Option<SureRecord<'l>> {
        let scanner = Scanner::new(line, std::mem::take(&mut self.unescaped));
        self.keys.clear();
        let mut reading = Reading { own: self, scanner, line, seen: Seen::default() };
        let record = reading.record();
        self.unescaped = std::mem::take(&mut reading.scanner.unescaped);
        record
    }
}

/// The keys of a map, and where each ends.
#[derive(Default)]
struct KeyMemo {
    text: String,
    ends: Vec<usize>,
}

impl KeyMemo {
    fn is_of(&self, line: &str, keys: &[(usize, usize)]) -> bool {
        let mut start = 0;
        self.ends.len() == keys.len()
            && self.ends.iter().zip(keys).all(|(end, (from, to))| {
                let own = self.text.get(start..*end);
                start = *end;
                own.is_some() && own == line.get(*from..*to)
            })
    }

    fn remember(&mut self, line: &str, keys: &[(usize, usize)]) {
        self.text.clear();
        self.ends.clear();
        for (from, to) in keys {
            self.text.push_str(line.get(*from..*to).unwrap_or(""));
            self.ends.push(self.text.len());
        }
    }
}

/// What a line has said so far.
#[derive(Default)]
struct Seen<'l> {
    version: Option<&'l str>,
    kind: Option<Kind>,
    request: Option<&'l str>,
    time: Option<i64>,
    application: Option<&'l str>,
    request_latency: Option<f64>,
    inference_latency: Option<f64>,
    has_model: bool,
    model: &'l str,
    is_final: bool,
    names: Option<usize>,
    values: Option<usize>,
    provenance: &'l str,
    has_digest: bool,
    has_newer: bool,
}

/// The versions of the specification that the recogniser knows.
const VERSIONS: [&str; 3] = ["0.0.1", "0.1.0", "0.2.0"];

/// The kinds of records.
const KINDS: [Kind; 3] = [Kind::InferenceLog, Kind::InferencePrediction, Kind::InferenceRequest];

/// The fields that are maps with the same keys in most records.
#[derive(Clone, Copy)]
enum MapField {
    Features,
    Explanation,
}

struct Reading<'r, 'l> {
    own: &'r mut Recogniser,
    scanner: Scanner<'l>,
    line: &'l str,
    seen: Seen<'l>,
}

impl<'l> Reading<'_, 'l> {
    fn record(&mut self) -> Option<SureRecord<'l>> {
        self.section(RecordSection::Top)?;
        if !self.scanner.is_at_end() {
            return None;
        }
        let Seen { kind, version, request, time, application, is_final, model, provenance, .. } = self.seen;
        let (kind, version, request, time) = (kind?, version?, request?, time?);
        let is_newest = version == "0.2.0";
        // `inference/missing-attribute`, `inference/no-provenance`, and fields that the version does not have.
        let says_who = self.seen.has_model && application.is_some();
        let is_complete = match kind {
            Kind::InferenceRequest => true,
            Kind::InferencePrediction => says_who,
            _ => says_who && (!is_newest || self.seen.has_digest),
        };
        let are_latencies_possible =
            self.seen.inference_latency <= self.seen.request_latency || self.seen.request_latency.is_none();
        let is_sure = is_complete
            && are_latencies_possible
            && (is_newest || !self.seen.has_newer)
            && self.seen.names == self.seen.values;
        let linked = (!provenance.is_empty()).then_some([version, kind.name(), provenance, model]);
        is_sure.then_some(SureRecord { kind, request, time, application, is_final, linked })
    }

    /// Reads a mapping whose keys are the fields of a section.
    fn section(&mut self, section: RecordSection) -> Option<()> {
        let fields = fields_of(section);
        self.scanner.eat(b'{')?;
        let (mut given, mut next) = (0_u64, 0);
        if self.scanner.eat_if(b'}') {
            return Some(());
        }
        loop {
            let key = self.scanner.plain_string()?;
            // Most records have their fields in the usual order.
            let rest = fields.get(next..)?.iter().position(|(name, _)| *name == key);
            let at = match rest {
                Some(at) => next + at,
                None => fields.iter().position(|(name, _)| *name == key)?,
            };
            next = at + 1;
            // A key that is given twice.
            if given & (1 << at) != 0 {
                return None;
            }
            given |= 1 << at;
            self.scanner.eat(b':')?;
            self.value(fields.get(at)?.1)?;
            if !self.scanner.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    fn value(&mut self, demand: FieldDemand) -> Option<()> {
        match demand {
            FieldDemand::Version => {
                let version = self.scanner.plain_string()?;
                VERSIONS.contains(&version).then(|| self.seen.version = Some(version))
            }
            FieldDemand::Kind => {
                let name = self.scanner.plain_string()?;
                self.seen.kind = KINDS.into_iter().find(|kind| kind.name() == name);
                self.seen.kind.map(drop)
            }
            FieldDemand::RecordSection(section) => self.optional_section(section),
            FieldDemand::RequestId => {
                let id = self.statement()?;
                self.seen.request.replace(id).is_none().then_some(())
            }
            FieldDemand::Time => {
                let time = moment(self.scanner.plain_string()?)?;
                self.seen.time.replace(time).is_none().then_some(())
            }
            FieldDemand::RequestLatency => {
                let Some(latency) = self.latency()? else { return Some(()) };
                self.seen.request_latency.replace(latency).is_none().then_some(())
            }
            FieldDemand::InferenceLatency => {
                let Some(latency) = self.latency()? else { return Some(()) };
                self.seen.inference_latency.replace(latency).is_none().then_some(())
            }
            FieldDemand::Application => {
                let id = self.statement()?;
                self.seen.application.replace(id).is_none().then_some(())
            }
            FieldDemand::Model => self.models(false),
            FieldDemand::Models => self.models(true),
            FieldDemand::Text => self.text(StringClass::Text),
            FieldDemand::Texts => self.list(|own, _| own.text(StringClass::Text)).map(drop),
            FieldDemand::User => {
                let quoted = self.harmless(StringClass::Text)?;
                (!self.scanner.text(quoted).contains('@')).then_some(())
            }
            FieldDemand::Reference => self.reference().map(drop),
            FieldDemand::Digest => self.digest(),
            FieldDemand::Newer => {
                self.seen.has_newer = true;
                self.digest()
            }
            FieldDemand::Features => self.map(MapField::Features, |own| own.text(StringClass::Free)),
            FieldDemand::Explanation => self.map(MapField::Explanation, |own| own.scanner.number().map(drop)),
            FieldDemand::Names => {
                self.seen.names = Some(self.list(|own, _| own.text(StringClass::Text))?);
                Some(())
            }
            FieldDemand::Values => {
                // Rows of a batch are compared with the names one by one.
                let value = |own: &mut Self, _| (own.scanner.peek()? != b'[').then(|| own.data(1)).flatten();
                self.seen.values = Some(self.list(value)?);
                Some(())
            }
            FieldDemand::Free => self.data(1),
            FieldDemand::Metadata => {
                self.seen.has_newer = true;
                let first = self.own.keys.len();
                self.members(Self::statement_or_scalar)?;
                let Recogniser { memo, keys, .. } = &mut *self.own;
                are_harmless(memo, self.line, keys.get(first..)?).then(|| keys.truncate(first))
            }
            FieldDemand::Outcome => match self.scanner.peek()? {
                b'{' => self.section(RecordSection::Prediction),
                b'[' | b'n' => None,
                _ => self.data(1),
            },
            FieldDemand::Boolean => match self.scanner.peek()? {
                b't' => {
                    self.seen.is_final = true;
                    self.scanner.word("true")
                }
                _ => self.scanner.word("false"),
            },
            FieldDemand::Feedback => match self.scanner.peek()? {
                b'n' => self.scanner.word("null"),
                _ => (0.0..=1.0).contains(&self.number()?).then_some(()),
            },
            FieldDemand::StatusCode => match self.scanner.peek()? {
                b'"' => self.text(StringClass::Text),
                _ => self.scanner.number()?.is_whole.then_some(()),
            },
            FieldDemand::Size => self.scanner.number()?.is_whole.then_some(()),
            FieldDemand::Tree => None,
        }
    }

    fn optional_section(&mut self, section: RecordSection) -> Option<()> {
        if self.scanner.peek()? == b'n' {
            return self.scanner.word("null");
        }
        let start = self.scanner.position();
        self.section(section)?;
        if section == RecordSection::Provenance {
            self.seen.provenance = self.scanner.since(start);
        }
        Some(())
    }

    /// Reads a string without escapes that is a statement, without blanks around it.
    fn statement(&mut self) -> Option<&'l str> {
        let text = self.scanner.plain_string()?;
        let is_sure = text.trim() == text && self.own.memo.is_harmless(StringClass::Text, text);
        is_sure.then_some(text)
    }

    fn reference(&mut self) -> Option<&'l str> {
        self.statement().filter(|text| !text.contains(['@', '$', '<', '{']))
    }

    /// Reads a string that no rule reports.
    fn harmless(&mut self, class: StringClass) -> Option<Quoted> {
        let quoted = self.scanner.string()?;
        self.own.memo.is_harmless(class, self.scanner.text(quoted)).then_some(quoted)
    }

    fn text(&mut self, class: StringClass) -> Option<()> {
        self.harmless(class).map(drop)
    }

    fn number(&mut self) -> Option<f64> {
        let number = self.scanner.number()?;
        self.scanner.value_of(number)
    }

    /// Reads a number that is not negative; the inner `None` is null.
    fn latency(&mut self) -> Option<Option<f64>> {
        if self.scanner.peek()? == b'n' {
            return self.scanner.word("null").map(|()| None);
        }
        self.number().filter(|latency| *latency >= 0.0).map(Some)
    }

    /// Reads the model that answered, or a list of them.
    fn models(&mut self, is_list: bool) -> Option<()> {
        if std::mem::replace(&mut self.seen.has_model, true) {
            return None;
        }
        self.scanner.peek()?;
        let start = self.scanner.position();
        let count = match is_list {
            true => self.list(|own, _| own.reference().map(drop))?,
            false => self.reference().map(|_| 1)?,
        };
        self.seen.model = self.scanner.since(start);
        (count > 0).then_some(())
    }

    fn digest(&mut self) -> Option<()> {
        let digits = self.scanner.plain_string()?.strip_prefix("sha256:")?;
        let is_hex = |digit: &u8| digit.is_ascii_digit() || matches!(digit, b'a'..=b'f');
        let is_of_data = digits.bytes().any(|digit| digit != b'0')
            && digits != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        self.seen.has_digest = true;
        (digits.len() == 64 && digits.as_bytes().iter().all(is_hex) && is_of_data).then_some(())
    }

    /// Reads a list, and returns the number of its items.
    fn list(&mut self, mut item: impl FnMut(&mut Self, usize) -> Option<()>) -> Option<usize> {
        self.scanner.eat(b'[')?;
        if self.scanner.eat_if(b']') {
            return Some(0);
        }
        let mut count = 0;
        loop {
            item(self, count)?;
            count += 1;
            if !self.scanner.goes_on(b']')? {
                return Some(count);
            }
        }
    }

    /// Reads a map with free keys, which are usually those of the record before.
    fn map(&mut self, field: MapField, value: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let first = self.own.keys.len();
        self.members(value)?;
        let Recogniser { memo, features, explanation, keys, .. } = &mut *self.own;
        let own = keys.get(first..)?;
        let known = match field {
            MapField::Features => features,
            MapField::Explanation => explanation,
        };
        if !known.is_of(self.line, own) {
            are_harmless(memo, self.line, own).then_some(())?;
            known.remember(self.line, own);
        }
        keys.truncate(first);
        Some(())
    }

    /// Reads the members of a mapping, and keeps the places of its keys.
    fn members(&mut self, mut value: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.scanner.eat(b'{')?;
        if self.scanner.eat_if(b'}') {
            return Some(());
        }
        loop {
            let key = self.scanner.string().filter(|key| !key.has_escapes)?;
            self.own.keys.push((key.start, key.end));
            self.scanner.eat(b':')?;
            value(self)?;
            if !self.scanner.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    /// Reads a scalar, which is a statement if it is a text.
    fn statement_or_scalar(&mut self) -> Option<()> {
        match self.scanner.peek()? {
            b'"' => self.text(StringClass::Text),
            b'{' | b'[' => None,
            _ => self.data(1),
        }
    }

    /// Reads any value, at this depth.
    fn data(&mut self, depth: u32) -> Option<()> {
        if depth >= DEEPEST {
            return None;
        }
        match self.scanner.peek()? {
            b'"' => self.text(StringClass::Free),
            b'{' => {
                let first = self.own.keys.len();
                self.members(|own| own.data(depth + 1))?;
                let Recogniser { memo, keys, .. } = &mut *self.own;
                are_harmless(memo, self.line, keys.get(first..)?).then(|| keys.truncate(first))
            }
            b'[' => self.list(|own, _| own.data(depth + 1)).map(drop),
            b't' => self.scanner.word("true"),
            b'f' => self.scanner.word("false"),
            b'n' => self.scanner.word("null"),
            _ => self.scanner.number().map(drop),
        }
    }
}

/// Returns whether keys, as written in a line, are different from each other, and no rule reports any of them.
fn are_harmless(memo: &mut StringMemo, line: &str, keys: &[(usize, usize)]) -> bool {
    let text = |(start, end): &(usize, usize)| line.get(*start..*end).unwrap_or("");
    keys.iter().all(|key| memo.is_harmless(StringClass::Key, text(key))) && are_different(keys.iter().map(text))
}

/// Maps with more keys are sorted to find equal ones.
const FEW_KEYS: usize = 16;

fn are_different<'k>(keys: impl ExactSizeIterator<Item = &'k str> + Clone) -> bool {
    if keys.len() > FEW_KEYS {
        let mut sorted: Vec<&str> = keys.collect();
        sorted.sort_unstable();
        return sorted.windows(2).all(|pair| pair.first() != pair.last());
    }
    keys.clone().enumerate().all(|(at, key)| !keys.clone().skip(at + 1).any(|other| other == key))
}
