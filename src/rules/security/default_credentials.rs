//! `security/default-credentials`

use super::default_account;
use crate::rules::{Context, Findings, declare_rule};
use crate::secrets::shapes::userinfos;
use crate::secrets::values;

declare_rule! {
    /// The default password of software must be changed.
    ///
    /// `neo4j`/`neo4j` and `minioadmin`/`minioadmin` are in the manual, and in the word list of every scanner that probes the network. A
    /// metadata or artifact store that still has them belongs to whoever finds it first: lineage can be rewritten and models replaced.
    ///
    /// The rule checks a user and a password in the same mapping, in a URL, and in a connection string.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lineage
    /// type: custom
    /// status: Active
    /// endpoint: bolt://neo4j:neo4j@graph.contoso.com:7687
    /// ```
    ///
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://minio.contoso.com
    ///       access_key_id: minioadmin
    ///       secret_access_key: minioadmin
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lineage
    /// type: custom
    /// status: Active
    /// endpoint: bolt://${GRAPH_USER}:${GRAPH_PASSWORD}@graph.contoso.com:7687
    /// ```
    pub DEFAULT_CREDENTIALS = {
        id: "security/default-credentials",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "the documentation of a metadata store for ML shows neo4j/neo4j as its settings",
        kinds: [],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    // Cheap checks come first: an account is in a URL, in a connection string, or in a mapping with a field that is named like a
    // credential.
    let text = cx.text();
    if !cx.may_name_secret() && memchr::memchr(b';', text.as_bytes()).is_none() && userinfos(text).next().is_none() {
        return;
    }
    for node in values(cx.tree, cx.document as usize) {
        if let Some(user) = default_account(cx, node) {
            let message = format!("the account '{user}' still has its default password");
            let help = "change the password, and refer to the new one, as in ${NAME}";
            out.push(cx.at_value(&DEFAULT_CREDENTIALS, node, message).help(help));
        }
    }
}
