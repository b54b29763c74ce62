//! How a deployed model is asked how it is: probes for Kubernetes and a scrape configuration for Prometheus, from what is to be watched.
//!
//! What no document says is left out, and named.

mod compare;
mod write;

pub use compare::{Manifest, ProbeDifference, compare_probes, write_differences};
pub use write::write_probes;

use crate::documents::common::Status;
use crate::documents::field::List;
use crate::documents::monitoring::{EndpointName, Monitoring, SignalKind};
use crate::documents::{Document, Kind};
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
    /// Whether a signal about its life asks an endpoint that has no path.
    lives_nowhere: bool,
    /// The port of its container.
    port: Option<u16>,
    /// The image of its container.
    image: Option<String>,
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
    let asked: Vec<(Option<String>, Option<f64>)> = signals
        .filter_map(|signal| {
            let seconds = signal.every.get().and_then(|every| every.seconds());
            Some((path(*signal.endpoint.get()?), seconds.map(|seconds| seconds.ceil().clamp(1.0, LONGEST_PERIOD))))
        })
        .collect();
    let lives_nowhere = asked.iter().any(|(path, _)| path.is_none());
    let asked = asked.into_iter().filter_map(|(path, seconds)| Some((path?, seconds)));
    // Of several, the one that is asked most often.
    let liveness = asked.min_by(|a, b| a.1.unwrap_or(f64::INFINITY).total_cmp(&b.1.unwrap_or(f64::INFINITY)));
    let served = serving_image(workspace, id);
    Some(WatchedModel {
        file: member.file().to_owned(),
        name: member.label().to_owned(),
        model,
        base: endpoints.and_then(|own| own.base.get()).map(|base| base.trim().to_owned()),
        ok: path(EndpointName::Ok),
        metrics: path(EndpointName::Metrics),
        liveness,
        lives_nowhere,
        port: served.as_ref().and_then(|served| served.port),
        image: served.and_then(|served| served.image),
    })
}

/// The container that serves a model.
struct ServingContainer {
    port: Option<u16>,
    image: Option<String>,
}

/// Returns what the document of the model says of the container that serves it.
fn serving_image(workspace: Workspace<'_>, monitoring: DocId) -> Option<ServingContainer> {
    let mut references = workspace.references_of(monitoring).filter(|(reference, _)| reference.path == ["model"]);
    let (_, Resolution::Found(model)) = references.next()? else { return None };
    let model = workspace.member(*model)?;
    let own = model.tree.find(model.root, &["serve", "serving_container_image"])?;
    let text = |node| Some(model.tree.text(node)?.trim().to_owned());
    let port = match [own, model.root].into_iter().find_map(|node| model.tree.find(node, &["container_port"])) {
        Some(port) => text(port).and_then(|port| port.parse().ok()),
        None => Some(DEFAULT_PORT),
    };
    Some(ServingContainer { port, image: model.tree.find(own, &["container_image_url"]).and_then(text) })
}

/// What Kubernetes is to ask the container that serves a model.
struct ContainerProbes {
    /// The name of the deployment and the container.
    container: String,
    port: u16,
    /// The probes by their fields: the path, and how often it is asked, in seconds.
    probes: Vec<(&'static str, String, Option<f64>)>,
}

/// Returns what Kubernetes is to ask, or which part of it no document says.
fn container_probes(model: &WatchedModel) -> Result<ContainerProbes, &'static str> {
    let container =
        label(&model.model).ok_or("the name of the model has no letter that a name in Kubernetes may have")?;
    let port =
        model.port.ok_or("the port of the container; give `container_port` in the serving image of the model")?;
    if model.lives_nowhere {
        return Err("the path of the endpoint by which it is watched whether it lives");
    }
    let readiness = model.ok.clone().map(|path| (path, None));
    let liveness = model.liveness.clone().or_else(|| readiness.clone());
    let liveness = liveness.ok_or("the endpoint that says whether the service is well")?;
    let probes = [("livenessProbe", Some(liveness)), ("readinessProbe", readiness)];
    let probes = probes.into_iter().filter_map(|(probe, asked)| asked.map(|(path, period)| (probe, path, period)));
    Ok(ContainerProbes { container, port, probes: probes.collect() })
}

/// What Prometheus is to read of a model.
struct ScrapeTarget<'a> {
    address: Address<'a>,
    metrics_path: String,
}

/// Returns what Prometheus is to read, or which part of it no document says.
fn scrape_target(model: &WatchedModel) -> Result<ScrapeTarget<'_>, &'static str> {
    let metrics = model.metrics.as_ref().ok_or("the endpoint that tells its metrics")?;
    let address = model.base.as_deref().and_then(Address::read);
    let address = address.ok_or("where it is; `base` is no address of http or https, or names a user")?;
    let metrics_path = format!("{}{metrics}", address.prefix);
    Ok(ScrapeTarget { address, metrics_path })
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
