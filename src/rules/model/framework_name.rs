//! `model/framework-name`

use crate::diagnostics::{Fix, Severity};
use crate::documents::Document;
use crate::documents::field::OneOrMany;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::{NodeId, edit};

declare_rule! {
    /// A framework should have the name by which tools know it.
    ///
    /// Serving and conversion pick their runtime by this name, and compare it letter by letter: for many of them `TensorFlow` or
    /// `tensor-flow` is not `tensorflow`, and the model is refused at deployment. A name that resembles none of the known frameworks may
    /// well be right, so it is only an info finding.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// framework:
    ///   name: Scikit Learn
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// framework:
    ///   name: scikit-learn
    /// ```
    ///
    /// ## Fix
    /// `--fix` corrects upper and lower case, spaces and hyphens; `--unsafe-fixes` also a misspelling.
    pub FRAMEWORK_NAME = {
        id: "model/framework-name",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "model_packaging/model_example.yml, “(scikit / pytorch / sparkml / onnx / MLnet / etc.)”",
        kinds: [Model, ModelCard, Metadata],
        check: Typed(check),
    }
}

/// Frameworks and formats of models, as spelled by their packages and the specification.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "MLnet", "allennlp", "autogluon", "caffe", "caffe2", "catboost", "chainer", "cntk", "coreml", "custom", "darknet", "deepspeed",
    "detectron2", "fairseq", "fastai", "flair", "flax", "gensim", "ggml", "gguf", "gluon", "h2o", "haiku", "huggingface", "jax",
    "keras", "libsvm", "lightgbm", "lightning", "llama.cpp", "mindspore", "mleap", "mlflow", "mxnet", "nltk", "onnx", "onnxruntime",
    "opencv", "openvino", "paddlepaddle", "pmml", "prophet", "pycaret", "pyfunc", "pyspark", "python", "pytorch", "pytorch-lightning",
    "r", "ray", "safetensors", "scikit", "scikit-learn", "sentence-transformers", "sklearn", "spacy", "spark", "sparkml", "spss",
    "statsmodels", "surprise", "tensorflow", "tensorflow-lite", "tensorflow.js", "tensorrt", "tfjs", "tflite", "theano", "tinygrad",
    "torch", "torchscript", "transformers", "triton", "ultralytics", "vllm", "weka", "xgboost",
];

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    match document {
        Document::Model(model) => {
            let name = model.framework.get().and_then(|framework| framework.name.located());
            check_name(name.map(|(name, node)| (name.as_str(), node)), cx, out);
        }
        Document::ModelCard(card) => {
            let name = card.framework.get().and_then(|framework| framework.name.located());
            check_name(name.map(|(name, node)| (&**name, node)), cx, out);
        }
        Document::Metadata(metadata) => {
            for (_, framework) in metadata.framework.get().into_iter().flat_map(OneOrMany::iter) {
                check_name(framework.name.located().map(|(name, node)| (&**name, node)), cx, out);
            }
        }
        _ => {}
    }
}

fn check_name(name: Option<(&str, NodeId)>, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some((name, node)) = name.filter(|(name, node)| !is_given_later(name) && !cx.is_faulty(*node)) else { return };
    if KNOWN.contains(&name) {
        return;
    }
    let fix = |known: &str| {
        let edits = edit::replace_scalar(cx.tree, cx.tree.resolve(node), known)?;
        Some(Fix::safe(format!("use '{known}'"), edits))
    };
    if let Some(known) = KNOWN.iter().find(|known| letters(known).eq(letters(name))) {
        let message = format!("the framework {} is known as '{known}'", cx.shown(node));
        out.push(cx.at_value(&FRAMEWORK_NAME, node, message).fix(fix(known)));
        return;
    }
    let message = format!("the framework {} is not known", cx.shown(node));
    let finding = cx.at_value(&FRAMEWORK_NAME, node, message);
    out.push(match crate::text::nearest(name, KNOWN.iter().copied()) {
        Some(known) => finding
            .help(format!("did you mean '{known}'?"))
            .fix(fix(known).map(|fix| Fix::needs_review(fix.title, fix.edits))),
        None => finding.severity(Severity::Info).help("check the spelling; a framework of your own may stay as it is"),
    });
}

/// Returns the letters of a name without case and separators.
fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '.')).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_known_names_are_told_apart_by_case_and_separators_alone() {
        for (index, name) in KNOWN.iter().enumerate() {
            assert!(!KNOWN[index + 1..].iter().any(|other| letters(other).eq(letters(name))), "{name}");
        }
    }
}
