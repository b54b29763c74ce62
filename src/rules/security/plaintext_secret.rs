//! `security/plaintext-secret`

use super::{REFER, default_account};
use crate::diagnostics::{Finding, Part, Place};
use crate::rules::{Context, Findings, declare_rule};
use crate::secrets::names::{self, Held, field_name};
use crate::secrets::{find, shapes, values};
use crate::text::Span;
use crate::yaml::{EntryKind, NodeId, ScalarType};

declare_rule! {
    /// A document must not contain a credential; refer to where it is kept.
    ///
    /// A document goes to a repository, and from there to every clone, fork, cache and backup. Whoever can read one of them can read the
    /// data and overwrite the models that the credential gives access to. Deleting it later does not help: it stays in the history, and has
    /// to be rotated.
    ///
    /// A credential is recognized by the name of its field (`password`, `secret_access_key`, `container_registry_token`; also in pairs such
    /// as `{key: DB_PASSWORD, value: …}`), or by its own shape in any field, key or comment: keys and tokens of cloud providers, code hosts, package
    /// registries and model hubs, JSON web tokens, private keys, `Password=` and `AccountKey=` in connection strings, `--password` and
    /// `TOKEN=` in commands. Placeholders (`xxxxxxxxxx`, `<your token>`, `changeme`) and references (`${NAME}`, `$NAME`, `{{ name }}`,
    /// `%(name)s`, `env:…`, `vault:…`, `secret:…`, `REGISTRY_SECRET`, a path below `/run/secrets`) are not reported.
    ///
    /// No report shows the value, in any format, nor what is next to it in a diff.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection: {endpoint: "https://s3.eu-central-1.amazonaws.com", secret_access_key: q9-Tulip-4471-basalt-Rose}
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   export:
    ///     cmd: python export.py --table loans --password tulip-7-basalt
    /// ```
    ///
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-warehouse
    /// type: sql
    /// status: Active
    /// connectionString: Server=db.contoso.com;Database=loans;User Id=reader;Password=tulip-7-basalt
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    ///       access_key_id: ${CREDIT_ACCESS_KEY_ID}
    ///       secret_access_key: vault:secret/data/credit#key
    /// container_stores:
    ///   - name: contoso
    ///     connection:
    ///       container_registry: registry.contoso.com
    ///       container_registry_token: CONTOSO_REGISTRY_SECRET
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   export:
    ///     cmd: python export.py --table loans --password "$DB_PASSWORD" --max-tokens 512
    /// ```
    pub PLAINTEXT_SECRET = {
        id: "security/plaintext-secret",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "the library's datastore schema: plain connection data is not recommended, secret storage is",
        kinds: [],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let by_shape = cx.may_hold_secret();
    check_comments(cx, out);
    if by_shape {
        check_keys(cx, out);
    }
    if !by_shape && !cx.may_name_secret() {
        return;
    }
    for node in values(cx.tree, cx.document as usize) {
        let held = names::held(cx.tree, node);
        if held.is_none() && !by_shape {
            continue;
        }
        let found = cx.tree.text(node).filter(|_| by_shape).map(find).unwrap_or_default();
        // A credential that is recognized where it is defined is reported there.
        let target = cx.tree.resolve(node);
        if target != node && (!found.is_empty() || names::held(cx.tree, target).is_some()) {
            continue;
        }
        let has_own_rule = found.iter().any(|found| found.in_url) || default_account(cx, node).is_some();
        let what = match held {
            Some(held) if !has_own_rule && is_credential(cx, node, held) => "a credential",
            _ => match found.iter().find(|found| !found.in_url) {
                Some(found) if !has_own_rule => found.what,
                _ => continue,
            },
        };
        let message = format!("{what} stands in plain text under '{}'", field_name(cx.tree, node));
        out.push(cx.at_value(&PLAINTEXT_SECRET, node, message).help(REFER));
    }
}

/// Reports the credentials that are the key of an entry.
fn check_keys(cx: &Context<'_>, out: &mut Findings<'_>) {
    let nodes = std::iter::once(cx.root).chain(cx.tree.nodes(cx.document as usize));
    for mapping in nodes.filter(|node| cx.tree.resolve(*node) == *node) {
        for entry in cx.tree.all_entries(mapping).iter().filter(|entry| entry.kind != EntryKind::Merged) {
            let found = cx.tree.text(entry.key).map(find).unwrap_or_default();
            if let Some(found) = found.first() {
                let message = format!("{} stands in plain text as a key", found.what);
                out.push(cx.at_key(&PLAINTEXT_SECRET, entry.value, message).help(REFER));
            }
        }
    }
}

/// Reports the credentials in the comments of the document: those behind the document before it, and up to its own end.
fn check_comments(cx: &Context<'_>, out: &mut Findings<'_>) {
    let index = cx.document as usize;
    let documents = cx.tree.documents();
    let end_of = |index: usize| documents.get(index).map_or(0, |document| document.span.end);
    let start = index.checked_sub(1).map_or(0, end_of);
    let end = if index + 1 == documents.len() { u32::MAX } else { end_of(index) };
    let comments = cx.tree.comments();
    let first = comments.partition_point(|comment| comment.span.start < start);
    for comment in comments[first..].iter().take_while(|comment| comment.span.start < end) {
        if let Some(found) = find(cx.tree.source().slice(comment.span)).first() {
            let at = |offset: usize| comment.span.start + crate::text::offset(offset);
            let span = Span::new(at(found.range.start), at(found.range.end));
            let place = Place { span, ..cx.place(cx.root, Part::Value) };
            let message = format!("{} stands in plain text in a comment", found.what);
            out.push(Finding::new(&PLAINTEXT_SECRET, place, message).help(REFER));
        }
    }
}

fn is_credential(cx: &Context<'_>, node: NodeId, held: Held) -> bool {
    let may_be = match cx.tree.scalar_type(node) {
        Some(ScalarType::String) => true,
        Some(ScalarType::Integer | ScalarType::Float) => held == Held::Password,
        _ => false,
    };
    may_be && cx.tree.text(node).is_some_and(|text| shapes::is_credential(text, held))
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, lint_text, masked};
    use crate::rules::testing::found;

    #[test]
    fn keys_and_comments_hide_no_credential() {
        let token = |last: char| format!("ghp_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF2gH{last}");
        let text = format!(
            "# {}\nmlSpecVersion: 0.1.0\nkind: datapath\nDataStore: lake\nRelativePath: a/b # see {}\nx-a: {{{}: 1}}\n# {}\n---\n\
             mlSpecVersion: 0.1.0\nkind: datapath\nDataStore: lake\nRelativePath: a/c\n# a comment\n",
            token('1'),
            token('2'),
            token('3'),
            token('4'),
        );
        let own: Vec<_> = found(&text).into_iter().filter(|(rule, ..)| *rule == super::PLAINTEXT_SECRET.id).collect();
        let in_comments = own.iter().filter(|(.., message)| message.ends_with("in a comment")).count();
        let as_keys = own.iter().filter(|(.., message)| message.ends_with("as a key")).count();
        assert_eq!((in_comments, as_keys, own.len()), (3, 1, 4), "{own:?}");
    }
    #[test]
    fn comments_in_json_hide_no_credential() {
        let token = |last: char| format!("ghp_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF2gH{last}");
        let text = format!(
            "// {}\n{{/* a\n {} and\r\n {} */ \"mlSpecVersion\": \"0.1.0\", \"kind\": \"datapath\", // https://a.example/b\n\
             \"DataStore\": \"lake\", \"RelativePath\": \"a//b\"}} // {}",
            token('1'),
            token('2'),
            token('3'),
            token('4'),
        );
        let report = lint_text("a.json", &text, &Options::default());
        let places: Vec<_> =
            report.findings.iter().filter(|finding| *finding.rule == *super::PLAINTEXT_SECRET).collect();
        let read: Vec<_> = places.iter().map(|finding| report.source.slice(finding.place.span)).collect();
        assert_eq!(read, ['1', '2', '3', '4'].map(token), "{:?}", report.findings);
        let shown = masked("a.json", "{ // password: tulip\n  \"kind\": \"datapath\" }", &Options::default());
        assert!(!shown.contains("tulip"), "{shown}");
    }
}
