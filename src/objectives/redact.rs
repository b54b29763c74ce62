//! Keeps credentials out of verdicts, which quote documents, and are stored, published and signed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::verdict::{JudgedClaim, JudgedObjective, Verdict};
use crate::secrets::{MASK, is_secret_name, redact, redact_pointer};

/// Masks everything that looks like a credential in the quotations of a verdict. The paths of its inputs are not masked: verification needs
/// them.
pub(super) fn redact_verdict(verdict: &mut Verdict) {
    verdict.objectives.iter_mut().for_each(redact_objective);
    verdict.concerns.iter_mut().for_each(|concern| redact_text(&mut concern.message, []));
}

fn redact_objective(objective: &mut JudgedObjective) {
    let mut named = BTreeSet::new();
    objective.claims.iter_mut().for_each(|claim| named.extend(redact_claim(claim)));
    objective.left_out.iter_mut().for_each(|left_out| named.extend(redact_slice(&mut left_out.slice)));
    let waiver = objective.waiver.iter_mut().flat_map(|waiver| [&mut waiver.by, &mut waiver.reason]);
    let texts = [&mut objective.id, &mut objective.expression, &mut objective.message];
    texts.into_iter().chain(&mut objective.aim).chain(waiver).for_each(|text| redact_text(text, &named));
}

fn redact_claim(claim: &mut JudgedClaim) -> Vec<String> {
    let named = redact_slice(&mut claim.slice);
    if let Some(place) = &mut claim.place {
        place.pointer = redact_pointer(&place.pointer).into_owned();
    }
    let pointer = claim.place.iter_mut().map(|place| &mut place.pointer);
    let texts = [&mut claim.text, &mut claim.message];
    texts.into_iter().chain(&mut claim.dataset).chain(pointer).for_each(|text| redact_text(text, &named));
    named
}

/// Masks the values of a slice. Returns the values whose dimension is named like a credential: nothing else identifies them in other texts.
fn redact_slice(slice: &mut BTreeMap<String, String>) -> Vec<String> {
    let is_clean =
        |(name, value): (&String, &String)| !is_secret_name(name) && redact(name) == *name && redact(value) == *value;
    if slice.iter().all(is_clean) {
        return Vec::new();
    }
    let mut named = Vec::new();
    let masked = |(name, value): (String, String)| {
        if !is_secret_name(&name) {
            return (redact(&name).into_owned(), redact(&value).into_owned());
        }
        named.extend(Some(value).filter(|value| value.len() >= SHORT));
        (name, MASK.to_owned())
    };
    *slice = std::mem::take(slice).into_iter().map(masked).collect();
    named
}

/// Shorter values are not masked in texts: to mask every `1` would make a message unreadable.
const SHORT: usize = 4;

fn redact_text<'n>(text: &mut String, named: impl IntoIterator<Item = &'n String>) {
    if let Cow::Owned(redacted) = redact(text) {
        *text = redacted;
    }
    for value in named {
        if text.contains(value) {
            *text = text.replace(value, MASK);
        }
    }
}
