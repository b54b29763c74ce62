//! What would be found if some texts were others.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::workspace_pass::{Analysis, File, facts};
use super::{Examined, examine};
use crate::diagnostics::Finding;

/// A finding that a change would bring.
#[derive(Clone, Debug)]
pub struct NewFinding {
    /// The name of its file.
    pub file: String,
    /// The finding, in the text as it would be.
    pub finding: Finding,
}

/// How many findings of each rule a file has.
type Counts = BTreeMap<(Arc<str>, &'static str), usize>;

impl Analysis<'_> {
    /// Returns the first finding that changes of some texts, each by the name of its file, would bring anywhere: one of a rule that finds more
    /// in a file then than now. Afterwards everything is as before. It costs as much as making the changes and taking them back.
    ///
    /// # Errors
    /// The name of a file that is not among the texts that are checked.
    pub fn first_new_finding(&mut self, texts: &[(String, String)]) -> Result<Option<NewFinding>, String> {
        if let Some((unknown, _)) = texts.iter().find(|(name, _)| self.examined(name).is_none()) {
            return Err(unknown.clone());
        }
        let before = self.counts();
        let mut former: Vec<Examined> = Vec::new();
        for (name, text) in texts {
            let mut examined = examine(name, text.as_str(), &self.options);
            if let Some(own) = self.files.get_mut(name.as_str()) {
                examined.set_named_files(own.examined.named_files.clone());
            }
            former.extend(self.exchange(examined));
        }
        let after = self.counts();
        let worse = after.iter().find(|(key, count)| before.get(*key).is_none_or(|former| former < *count));
        let found = worse.and_then(|((file, rule), _)| {
            let report = self.files.get(file)?.report.as_ref()?;
            let finding = report.findings.iter().find(|finding| finding.rule.id == *rule)?;
            Some(NewFinding { file: file.to_string(), finding: finding.clone() })
        });
        for examined in former {
            self.exchange(examined);
        }
        self.settle();
        Ok(found)
    }

    /// Replaces a text. Returns the one that it was.
    fn exchange(&mut self, examined: Examined) -> Option<Examined> {
        self.index.set(facts(&examined));
        let file = File { report: None, examined };
        self.files.insert(file.examined.source().name().into(), file).map(|former| former.examined)
    }

    fn counts(&mut self) -> Counts {
        self.settle();
        let mut counts = Counts::new();
        for (name, file) in &self.files {
            for finding in file.report.iter().flat_map(|report| &report.findings) {
                *counts.entry((Arc::clone(name), finding.rule.id)).or_default() += 1;
            }
        }
        counts
    }
}
