//! `model/infrastructure-unit`

use crate::documents::Document;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The memory that a model needs must be a number and a unit, such as `16 GB`.
    ///
    /// `16` may be bytes, as Kubernetes reads it, or gigabytes, as its author meant; in the first case the model does not start. Units are
    /// those of SI (`kB`, `MB`, `GB`, `TB`, or `k`, `M`, `G`, `T`) and the powers of 1024 (`KiB`, `MiB`, `GiB`, `TiB`, or `Ki`, `Mi`, `Gi`, `Ti`). The
    /// rule applies to documents of version 0.2.0.
    ///
    /// ## Fails
    /// ```yaml base:credit-model
    /// infrastructure: {accelerator: P100, memory: 16, cpu: 4}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-model
    /// infrastructure: {accelerator: P100, memory: 16 GB, cpu: 4}
    /// ```
    pub INFRASTRUCTURE_UNIT = {
        id: "model/infrastructure-unit",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 10: “required infrastructure”, such as “P100s, 16 GB of RAM”",
        kinds: [Model],
        check: Typed(check),
    }
}

/// The prefixes of units of memory.
const PREFIXES: &[&str] = &["k", "K", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi"];

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Model(own) = document else { return };
    let Some(node) = own.infrastructure.get().and_then(|own| own.memory.node()).filter(|_| cx.is_newest()) else {
        return;
    };
    let Some(text) = cx.tree.text(node).filter(|_| !cx.tree.is_null(node) && !cx.is_faulty(node)) else { return };
    if !is_amount(text) && !is_given_later(text) {
        let message = format!("the memory {} is not a number and a unit", cx.shown(node));
        out.push(cx.at_value(&INFRASTRUCTURE_UNIT, node, message).help("write it as in 16 GB, or 16Gi"));
    }
}

/// Whether a text is an amount of memory with its unit.
fn is_amount(text: &str) -> bool {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim_start();
    let is_unit = unit == "B" || PREFIXES.contains(&unit.strip_suffix('B').unwrap_or(unit));
    number.parse::<f64>().is_ok_and(|number| number > 0.0) && is_unit
}

#[cfg(test)]
mod tests {
    use super::is_amount;

    #[test]
    fn an_amount_has_a_number_and_a_unit() {
        for text in ["16 GB", "16Gi", "512 MiB", "1.5 TB", "64000000 B", "4G"] {
            assert!(is_amount(text), "{text}");
        }
        for text in ["16", "GB", "16 gigabytes", "0 GB", "-1 GB", "16 GBit", "much"] {
            assert!(!is_amount(text), "{text}");
        }
    }
}
