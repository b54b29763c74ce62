//! `run/compression-unmeasured`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// What a compressed model lost should be measured.
    ///
    /// A model that was quantized or pruned answers otherwise than the one that was trained. By how much, only a measurement of the smaller
    /// model tells: list it as `metrics` of the compression.
    ///
    /// ## Fails
    /// ```yaml base:credit-fit
    /// compression:
    ///   - {technique: quantization, precision: int8, sizeBefore: 48 MB, sizeAfter: 13 MB}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-fit
    /// compression:
    ///   - {technique: quantization, precision: int8, sizeBefore: 48 MB, sizeAfter: 13 MB, metrics: [{key: auc, value: 0.789, dataset: credit-validation@1.2.0}]}
    /// ```
    pub COMPRESSION_UNMEASURED = {
        id: "run/compression-unmeasured",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 7, “techniques used to quantize/compress/prune”",
        kinds: [PipelineRun, Run],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let compression = match document {
        Document::Run(own) => own.compression.get(),
        Document::PipelineRun(own) => own.compression.get(),
        _ => None,
    };
    for (_, own) in compression.into_iter().flat_map(List::iter) {
        let is_measured = own.metrics.get().is_some_and(|metrics| metrics.iter().next().is_some());
        let Some(node) = own.technique.node().filter(|node| !is_measured && !cx.is_faulty(*node)) else { continue };
        let message = format!("nobody has measured what the model lost by {}", cx.tree.text(node).unwrap_or("it"));
        out.push(cx.at_value(&COMPRESSION_UNMEASURED, node, message).help("add 'metrics' of the smaller model"));
    }
}
