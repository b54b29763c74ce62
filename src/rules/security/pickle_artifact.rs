//! `security/pickle-artifact`

use rustc_hash::FxHashSet;

use crate::rules::document::is_free;
use crate::rules::{Bytes, Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A model or data should not be kept as a pickle: to load one is to run what is in it.
    ///
    /// A pickle is a program that rebuilds objects, and it can do whatever Python can. Whoever can write to the bucket can run code in
    /// every training job and every server that loads the file. Formats that hold only data do not have that power: ONNX, safetensors, the
    /// native formats of XGBoost and LightGBM for models; Parquet, Arrow, CSV for data.
    ///
    /// The rule reports paths and URLs that end in `.pkl`, `.pickle`, `.joblib`, `.dill` or `.cloudpickle`, also compressed. It does not
    /// report files of PyTorch (`.pt`, `.pth`, `.ckpt`): PyTorch loads only tensors from them since version 2.6, and the name does not say
    /// what is inside.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: artifact
    /// mlSpecVersion: 0.1.0
    /// id: b1d8c50c-5748-49d7-bbbf-858eff5fe5bf
    /// name: credit-model-2-1-0
    /// created_by_run_id: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e
    /// artifact_type: MODEL
    /// data_path: {DataStore: credit-lake, RelativePath: models/credit-default/2.1.0/model.pkl}
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: artifact
    /// mlSpecVersion: 0.1.0
    /// id: b1d8c50c-5748-49d7-bbbf-858eff5fe5bf
    /// name: credit-model-2-1-0
    /// created_by_run_id: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e
    /// artifact_type: MODEL
    /// data_path: {DataStore: credit-lake, RelativePath: models/credit-default/2.1.0/model.onnx}
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    pub PICKLE_ARTIFACT = {
        id: "security/pickle-artifact",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “model last-year.last-month.pkl”; the manual of Python's pickle: unpickle only what you trust",
        kinds: [Artifact, Dataset, Datapath, Metadata, Model, ModelCard, ModuleVersion, Pipeline, PipelineRun, Run],
        check: Any(check),
    }
}

const PICKLES: &[&str] = &["pkl", "pickle", "joblib", "dill", "cloudpickle"];

/// Compressions that the loaders of pickles handle themselves.
const COMPRESSED: &[&str] = &["gz", "bz2", "xz", "zst", "lzma", "z"];

/// Fields that mention a file without being one.
const WORDS: &[&str] = &["cmd", "command", "description", "id", "key", "name", "versionNotes"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    // A pipeline names the same file once where a step writes it and again where another reads it.
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for (node, path) in cx.strings_with(Bytes::DOT).filter(|(_, path)| is_pickle(path)) {
        if cx.is_faulty(node) || is_free(cx, node) || !is_file(cx, node) || !seen.insert(path) {
            continue;
        }
        let message = format!("{} is a pickle: whoever loads it runs the code in it", cx.shown(node));
        let help = "use a format that holds data only, such as ONNX or safetensors for a model, Parquet for data";
        out.push(cx.at_value(&PICKLE_ARTIFACT, node, format!("the file {message}")).help(help));
    }
}

fn is_file(cx: &Context<'_>, node: NodeId) -> bool {
    !WORDS.contains(&cx.key_name(node))
}

fn is_pickle(path: &str) -> bool {
    // A cheap check first: is there an extension that begins like one of these?
    let begins_one = |pair: &[u8]| matches!(pair, [b'.', b'p' | b'P' | b'j' | b'J' | b'd' | b'D' | b'c' | b'C']);
    if !path.as_bytes().windows(2).any(begins_one) {
        return false;
    }
    let is_of = |extension: &str, list: &[&str]| list.iter().any(|own| extension.eq_ignore_ascii_case(own));
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let Some((stem, extension)) = path.rsplit_once('.') else { return false };
    let extension = match stem.rsplit_once('.') {
        Some((_, inner)) if is_of(extension, COMPRESSED) => inner,
        _ => extension,
    };
    !stem.is_empty() && is_of(extension, PICKLES) && !path.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pickles_are_known_by_their_ends() {
        for path in ["model.pkl", "a/b/Model.PICKLE", "s3://b/m.joblib", "https://a/m.pkl?v=1", "m.pkl.gz", "m.dill.xz"]
        {
            assert!(is_pickle(path), "{path}");
        }
        for path in
            ["model.onnx", "pkl", ".pk", "model.pkl/part", "the model.pkl of June", "m.pt", "x.gz", "é.pk", "a.pklé"]
        {
            assert!(!is_pickle(path), "{path}");
        }
    }
}
