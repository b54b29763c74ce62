//! How a deployed model is asked how it is: probes for Kubernetes and a scrape configuration for Prometheus, from what is to be watched.
//!
//! What no document says is left out, and named.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::documents::common::Status;
use crate::documents::field::List;
use crate::documents::monitoring::{EndpointName, Monitoring, SignalKind};
use crate::documents::{Document, Kind};
use crate::secrets::redact;
use crate::text::visible;
use crate::workspace::{DocId, Member, Resolution, Workspace};

/// A deployed model, and how it can be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchedModel {
    /// The file of the document.
    pub file: String,
    /// The name of the document.
    pub name: String,
    /// The model, as the document names it.
    pub model: String,
    base: Option<String>,
    ok: Option<String>,
    metrics: Option<String>,
    /// The path that says whether it lives, and how often it is asked, in seconds.
    liveness: Option<(String, Option<f64>)>,
    /// The port of its container.
    port: Option<u16>,
}

/// The form of what is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeFormat {
    /// A strategic merge patch of a deployment.
    Kubernetes,
    /// Scrape configurations.
    Prometheus,
}

/// The port on which a container with a serving image listens unless it says another one.
const DEFAULT_PORT: u16 = 5000;

/// The greatest number of seconds between two probes: Kubernetes counts them in 32 bits.
const LONGEST_PERIOD: f64 = 2_147_483_647.0;

/// Returns the models that are to be watched, in the order of their documents.
#[must_use]
pub fn watched_models(workspace: Workspace<'_>) -> Vec<WatchedModel> {
    let of = |id| {
        let member = workspace.member(id)?;
        match member.typed()? {
            Document::Monitoring(monitoring) => watched(workspace, id, member, monitoring),
            _ => None,
        }
    };
    workspace.of_kind(Kind::Monitoring).filter_map(of).collect()
}

fn watched(workspace: Workspace<'_>, id: DocId, member: &Member, monitoring: &Monitoring) -> Option<WatchedModel> {
    if member.object.status == Some(Status::Archived) {
        return None;
    }
    let model = monitoring.model.get().map(|model| model.trim().to_owned())?;
    let endpoints = monitoring.endpoints.get();
    let path = |name: EndpointName| {
        let endpoints = endpoints?;
        let path = match name {
            EndpointName::Ok => &endpoints.ok,
            EndpointName::Varz => &endpoints.varz,
            EndpointName::Metrics => &endpoints.metrics,
        };
        path.get().map(|path| path.0.clone())
    };
    let signals = monitoring.signals.get().into_iter().flat_map(List::iter).map(|(_, signal)| signal);
    let signals = signals.filter(|signal| signal.kind.get() == Some(&SignalKind::Liveness));
    let asked = signals.filter_map(|signal| {
        let seconds = signal.every.get().and_then(|every| every.seconds());
        Some((path(*signal.endpoint.get()?)?, seconds.map(|seconds| seconds.ceil().clamp(1.0, LONGEST_PERIOD))))
    });
    // Of several, the one that is asked most often.
    let liveness = asked.min_by(|a, b| a.1.unwrap_or(f64::INFINITY).total_cmp(&b.1.unwrap_or(f64::INFINITY)));
    Some(WatchedModel {
        file: member.file().to_owned(),
        name: member.label().to_owned(),
        model,
        base: endpoints.and_then(|own| own.base.get()).map(|base| base.trim().to_owned()),
        ok: path(EndpointName::Ok),
        metrics: path(EndpointName::Metrics),
        liveness,
        port: port(workspace, id),
    })
}

/// Returns the port of the container that serves the model.
fn port(workspace: Workspace<'_>, monitoring: DocId) -> Option<u16> {
    let mut references = workspace.references_of(monitoring).filter(|(reference, _)| reference.path == ["model"]);
    let (_, Resolution::Found(model)) = references.next()? else { return None };
    let model = workspace.member(*model)?;
    let image = model.tree.find(model.root, &["serve", "serving_container_image"])?;
    match [image, model.root].into_iter().find_map(|node| model.tree.find(node, &["container_port"])) {
        Some(port) => model.tree.text(port)?.trim().parse().ok(),
        None => Some(DEFAULT_PORT),
    }
}

/// Writes the configuration of models. Returns what is left out since no document says it.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write_probes(models: &[WatchedModel], format: ProbeFormat, out: &mut dyn Write) -> io::Result<Vec<String>> {
    let mut left_out = Vec::new();
    match format {
        ProbeFormat::Kubernetes => kubernetes(models, &mut left_out, out)?,
        ProbeFormat::Prometheus => prometheus(models, &mut left_out, out)?,
    }
    Ok(left_out)
}

fn kubernetes(models: &[WatchedModel], left_out: &mut Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    let mut is_first = true;
    for model in models {
        let said = |what: &str| format!("{}: {what}", model.name);
        let Some(name) = label(&model.model) else {
            left_out.push(said("the name of the model has no letter that a name in Kubernetes may have"));
            continue;
        };
        let Some(port) = model.port else {
            left_out.push(said("the port of the container; give `container_port` in the serving image of the model"));
            continue;
        };
        let liveness = model.liveness.clone().or_else(|| Some((model.ok.clone()?, None)));
        let readiness = model.ok.clone().map(|path| (path, None));
        if liveness.is_none() {
            left_out.push(said("the endpoint that says whether the service is well"));
            continue;
        }
        if !is_first {
            writeln!(out, "---")?;
        }
        is_first = false;
        writeln!(out, "# From {}: what Kubernetes asks the container that serves the model", visible(&model.file))?;
        writeln!(out, "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}")?;
        writeln!(out, "spec:\n  template:\n    spec:\n      containers:\n        - name: {name}")?;
        for (probe, asked) in [("livenessProbe", liveness), ("readinessProbe", readiness)] {
            let Some((path, period)) = asked else { continue };
            writeln!(out, "          {probe}:\n            httpGet:")?;
            writeln!(out, "              path: {}\n              port: {port}", quoted(&path))?;
            if let Some(period) = period {
                writeln!(out, "            periodSeconds: {period:.0}")?;
            }
        }
    }
    Ok(())
}

fn prometheus(models: &[WatchedModel], left_out: &mut Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    let mut names = BTreeSet::new();
    let mut is_first = true;
    for model in models {
        let said = |what: &str| format!("{}: {what}", model.name);
        let Some(metrics) = &model.metrics else {
            left_out.push(said("the endpoint that tells its metrics"));
            continue;
        };
        let Some(address) = model.base.as_deref().and_then(Address::read) else {
            left_out.push(said("where it is; `base` is no address of http or https, or names a user"));
            continue;
        };
        if !names.insert(&model.name) {
            left_out.push(said("another one has that name"));
            continue;
        }
        if is_first {
            writeln!(out, "scrape_configs:")?;
        }
        is_first = false;
        writeln!(out, "  # From {}", visible(&model.file))?;
        writeln!(out, "  - job_name: {}\n    scheme: {}", quoted(&model.name), address.scheme)?;
        writeln!(out, "    metrics_path: {}", quoted(&format!("{}{metrics}", address.prefix)))?;
        writeln!(out, "    static_configs:\n      - targets: [{}]", quoted(address.host))?;
        writeln!(out, "        labels:\n          model: {}", quoted(&model.model))?;
    }
    Ok(())
}

/// The parts of an address.
struct Address<'a> {
    scheme: &'static str,
    /// Host and port.
    host: &'a str,
    /// The path below which the endpoints are, without a `/` at its end.
    prefix: &'a str,
}

impl<'a> Address<'a> {
    /// Reads an address. One with a user may hold a credential.
    fn read(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = ["http", "https"].into_iter().find(|own| scheme.eq_ignore_ascii_case(own))?;
        let (host, prefix) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let is_plain = |text: &str| !text.contains(['@', '?', '#']) && !text.contains(char::is_whitespace);
        let prefix = prefix.trim_end_matches('/');
        (!host.is_empty() && is_plain(host) && is_plain(prefix)).then_some(Self { scheme, host, prefix })
    }
}

/// Returns the name of a model as a label of RFC 1123: lower case letters, digits and `-`, at most 63 of them. The version is no part of it.
fn label(model: &str) -> Option<String> {
    const LONGEST: usize = 63;
    let name = model.split('@').next().unwrap_or(model).to_lowercase();
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let label: String = letters.take(LONGEST).collect();
    let label = label.trim_matches('-');
    (!label.is_empty()).then(|| label.to_owned())
}

/// Returns a text in the quotes of JSON, which YAML reads alike. Credentials are masked.
fn quoted(text: &str) -> String {
    serde_json::Value::from(redact(text).into_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_models_become_labels() {
        assert_eq!(label("credit-default@2.1.0").as_deref(), Some("credit-default"));
        assert_eq!(label("Credit Default_v2").as_deref(), Some("credit-default-v2"));
        assert_eq!(label(&"a".repeat(80)).map(|label| label.len()), Some(63));
        assert_eq!(label("äöü"), None);
    }

    #[test]
    fn addresses_are_taken_apart() {
        let parts = |url| Address::read(url).map(|own| (own.scheme, own.host, own.prefix));
        assert_eq!(parts("https://a.example:8443/x/y/"), Some(("https", "a.example:8443", "/x/y")));
        assert_eq!(parts("HTTP://a.example"), Some(("http", "a.example", "")));
        for url in ["ftp://a.example", "a.example", "https://", "https://me:word@a.example", "https://a.example/x?y=1"]
        {
            assert_eq!(parts(url), None, "{url}");
        }
    }
}
