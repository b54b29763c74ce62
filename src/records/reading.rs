//! Reading one line: what each field demands, and what the line as a whole does.

use super::fields::{FieldDemand, RecordSection, fields_of};
use super::key_memo::are_harmless;
use super::moment::moment;
use super::recognise::{Recogniser, SureRecord};
use super::scan::Scanner;
use super::strings::StringClass;
use crate::documents::Kind;

/// What a line has said so far.
#[derive(Default)]
pub(super) struct SeenFields<'l> {
    pub version: Option<&'l str>,
    pub kind: Option<Kind>,
    pub request: Option<&'l str>,
    pub time: Option<i64>,
    pub application: Option<&'l str>,
    pub request_latency: Option<f64>,
    pub inference_latency: Option<f64>,
    pub has_model: bool,
    pub model: &'l str,
    pub is_final: bool,
    pub names: Option<usize>,
    pub values: Option<usize>,
    pub provenance: &'l str,
    pub has_digest: bool,
    pub has_newer: bool,
}

/// The versions of the specification that the recogniser knows.
const VERSIONS: [&str; 3] = ["0.0.1", "0.1.0", "0.2.0"];

/// The kinds of records.
const KINDS: [Kind; 3] = [Kind::InferenceLog, Kind::InferencePrediction, Kind::InferenceRequest];

/// The fields that are maps with the same keys in most records.
#[derive(Clone, Copy)]
pub(super) enum MapField {
    Features,
    Explanation,
}

pub(super) struct Reading<'r, 'l> {
    pub own: &'r mut Recogniser,
    pub scanner: Scanner<'l>,
    pub line: &'l str,
    pub seen: SeenFields<'l>,
}

impl<'l> Reading<'_, 'l> {
    /// Returns what is known of the record, if it certainly has no finding.
    pub fn record(&mut self) -> Option<SureRecord<'l>> {
        self.section(RecordSection::Top)?;
        if !self.scanner.is_at_end() {
            return None;
        }
        let SeenFields { kind, version, request, time, application, is_final, model, provenance, .. } = self.seen;
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
    pub fn section(&mut self, section: RecordSection) -> Option<()> {
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
}
