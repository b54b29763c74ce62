//! `model/extension-vs-framework`

use crate::documents::Document;
use crate::documents::model::{Model, PartSource};
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::{Span, with_article};
use crate::yaml::NodeId;

declare_rule! {
    /// A stored model should have the file format of the framework that the package names.
    ///
    /// `framework.name` is the format in which the model is stored. A serving platform picks its runtime by it: that of TensorFlow cannot
    /// load `model.pt`, a PyTorch file. Either the framework is wrong or the path. The rule checks only extensions that belong to certain
    /// frameworks, never general ones such as `.bin`, `.json` or `.pkl`; the result of a conversion to ONNX (`onnx_model`) has to be an
    /// ONNX file.
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
    ///   name: tensorflow
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.pt}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
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
    ///   name: pytorch
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.pt}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    pub EXTENSION_VS_FRAMEWORK = {
        id: "model/extension-vs-framework",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, framework.name: the format that the model is stored as; model_onnx_conversion.yaml, “model.pt” of a tensorflow model",
        kinds: [Model],
        check: Typed(check),
    }
}

/// Extensions that identify the format of a model, and the families of frameworks that store or load it.
const FORMATS: &[(&str, &[Family])] = &[
    ("pt", &[Family::Torch]),
    ("pth", &[Family::Torch]),
    ("onnx", &[Family::Onnx]),
    ("pb", &[Family::TensorFlow, Family::Onnx, Family::Caffe]),
    ("pbtxt", &[Family::TensorFlow, Family::Onnx, Family::Caffe]),
    ("h5", &[Family::TensorFlow]),
    ("keras", &[Family::TensorFlow]),
    ("tflite", &[Family::TensorFlow]),
    ("caffemodel", &[Family::Caffe]),
    ("cbm", &[Family::CatBoost]),
    ("pdmodel", &[Family::Paddle]),
    ("pdparams", &[Family::Paddle]),
    ("mlmodel", &[Family::CoreMl]),
    ("gguf", &[Family::Ggml]),
];

/// Frameworks that share their formats.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Boosting,
    Caffe,
    CatBoost,
    CoreMl,
    Ggml,
    Onnx,
    Paddle,
    Scikit,
    Spark,
    TensorFlow,
    Torch,
}

/// Frameworks whose formats are known for certain. A framework that is not listed may store anything.
const FAMILIES: &[(&str, Family)] = &[
    ("caffe", Family::Caffe),
    ("caffe2", Family::Caffe),
    ("catboost", Family::CatBoost),
    ("coreml", Family::CoreMl),
    ("gguf", Family::Ggml),
    ("keras", Family::TensorFlow),
    ("lightgbm", Family::Boosting),
    ("onnx", Family::Onnx),
    ("onnxruntime", Family::Onnx),
    ("paddlepaddle", Family::Paddle),
    ("pytorch", Family::Torch),
    ("scikit", Family::Scikit),
    ("scikit-learn", Family::Scikit),
    ("sklearn", Family::Scikit),
    ("sparkml", Family::Spark),
    ("tensorflow", Family::TensorFlow),
    ("tflite", Family::TensorFlow),
    ("torch", Family::Torch),
    ("torchscript", Family::Torch),
    ("xgboost", Family::Boosting),
];

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Model(model) = document else { return };
    let convert = model.convert.get();
    let converted = convert.and_then(|convert| convert.onnx_converted_model.get());
    if let Some(source) = converted.and_then(|converted| converted.onnx_model.get()) {
        for (path, node) in places(source) {
            if !is_of(path, Family::Onnx) && !cx.is_faulty(node) {
                let message = format!("{} does not look like an ONNX model", cx.shown(node));
                out.push(cx.at_value(&EXTENSION_VS_FRAMEWORK, node, message));
            }
        }
    }
    let Some((name, framework)) = model.framework.get().and_then(|framework| framework.name.located()) else { return };
    let family = FAMILIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, family)| *family);
    let Some(family) = family else { return };
    let is_converted = convert.is_some_and(|convert| convert.onnx_convertable.get() == Some(&true));
    for (path, node) in stored(model).into_iter().flatten().flat_map(places) {
        let is_result = is_converted && extension(path).is_some_and(|extension| extension == "onnx");
        if is_of(path, family) || is_result || cx.is_faulty(node) {
            continue;
        }
        let message = format!("{} does not look like {} model", cx.shown(node), with_article(name));
        let finding = cx.at_value(&EXTENSION_VS_FRAMEWORK, node, message);
        let span: Span = cx.tree.span(cx.tree.resolve(framework));
        out.push(finding.related(span, "the framework").help("correct the path, or framework.name"));
    }
}

/// Returns the locations of models in the format of the package's framework.
fn stored(model: &Model) -> [Option<&PartSource>; 3] {
    let result = model.train.get().and_then(|train| train.model_training_results.get());
    let served = model.serve.get().and_then(|serve| serve.model_source.get());
    let converted = model.convert.get().and_then(|convert| convert.model_source.get());
    [
        result.and_then(|result| result.trained_model.get()),
        served.and_then(|source| source.servable_model.get()),
        converted.and_then(|source| source.initial_model.get()),
    ]
}

/// Returns the path and the URL of a model.
fn places(source: &PartSource) -> impl Iterator<Item = (&str, NodeId)> {
    let path = source.path.located().map(|(path, node)| (path.as_str(), node));
    let url = source.url.located().map(|(url, node)| (&**url, node));
    path.into_iter().chain(url).filter(|(path, _)| !is_given_later(path))
}

/// Whether frameworks of a family may store a model under this path, judging by its extension.
fn is_of(path: &str, family: Family) -> bool {
    let Some(extension) = extension(path) else { return true };
    FORMATS.iter().find(|(known, _)| *known == extension).is_none_or(|(_, families)| families.contains(&family))
}

/// Returns the extension of the file that a path or URL names, in lower case.
fn extension(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next()?;
    let file = path.rsplit(['/', '\\']).next()?;
    file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_telling_extensions_contradict_a_framework() {
        for path in ["model.pt", "a/b/MODEL.PTH", "https://example.com/model.pt?version=2"] {
            assert!(is_of(path, Family::Torch) && !is_of(path, Family::TensorFlow), "{path}");
        }
        for path in ["model", "models/1.2.0", "model.bin", "model.pkl", "model.tar.gz", "model.pt/", "a.pt/model"] {
            assert!(is_of(path, Family::TensorFlow), "{path}");
        }
    }
}
