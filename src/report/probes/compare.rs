//! Manifests that exist already, compared with what is to be watched.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use super::{ContainerProbes, ProbeFormat, ScrapeTarget, WatchedModel, container_probes, scrape_target};
use crate::report::summary::count;
use crate::secrets::redact;
use crate::text::{Source, Span, visible};
use crate::yaml::{self, Framing, Limits, NodeId, Problem, Tree};

/// A file that tells a platform what to run or to read: one or more YAML documents.
#[derive(Debug)]
pub struct Manifest(Tree);

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// What is wrong with it as YAML, and where.
    pub fn read(source: Source) -> Result<Self, String> {
        let tree = yaml::parse(Arc::new(source), Limits::default(), Framing::Stream);
        let Some(problem) = tree.documents().iter().flat_map(|document| &document.problems).next() else {
            return Ok(Self(tree));
        };
        let (span, why) = match problem {
            Problem::Syntax(error) => (error.span, error.reason.clone()),
            Problem::DuplicateKey { again, .. } | Problem::RepeatedMerge { again, .. } => {
                (tree.span(*again), "a key is given twice".to_owned())
            }
            Problem::UndefinedAlias { span, name, .. } => (*span, format!("there is no anchor '{name}'")),
            _ => (Span::new(0, 0), "its anchors and aliases cannot be followed".to_owned()),
        };
        let at = tree.source().line_col(span.start);
        let name = visible(tree.source().name());
        Err(format!("{name}:{}:{}: this is not valid YAML: {}", at.line, at.column, visible(&redact(&why))))
    }
}

/// How a manifest differs from what is to be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeDifference {
    /// Where: file, line and column; `None` if no manifest is about the model.
    pub place: Option<(String, u32, u32)>,
    /// What differs.
    pub message: String,
}

/// The difference on one line. Credentials are masked.
impl fmt::Display for ProbeDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((file, line, column)) = &self.place {
            write!(f, "{}:{line}:{column}: ", visible(file))?;
        }
        f.write_str(&visible(&redact(&self.message)))
    }
}

/// Writes differences, one per line, and how many there are.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write_differences(
    differences: &[ProbeDifference],
    models: usize,
    manifests: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    differences.iter().try_for_each(|difference| writeln!(out, "{difference}"))?;
    let found = match differences.len() {
        0 => "no differences".to_owned(),
        number => count(number, "difference"),
    };
    let (models, manifests) = (count(models, "watched model"), count(manifests, "manifest"));
    writeln!(out, "Compared {models} with {manifests}: {found}")
}

/// What Kubernetes does where a probe does not say how often, in seconds.
const DEFAULT_PERIOD: f64 = 10.0;

/// Compares manifests with what is to be watched, model by model. A model about which no document says enough differs, too.
#[must_use]
pub fn compare_probes(models: &[WatchedModel], format: ProbeFormat, manifests: &[Manifest]) -> Vec<ProbeDifference> {
    let mut differences = Vec::new();
    let key = match format {
        ProbeFormat::Kubernetes => "containers",
        ProbeFormat::Prometheus => "scrape_configs",
    };
    let mut found: Vec<Place<'_>> = Vec::new();
    for Manifest(tree) in manifests {
        let own: Vec<Place<'_>> = match format {
            ProbeFormat::Kubernetes => items_of(tree, key).collect(),
            ProbeFormat::Prometheus => roots(tree).flat_map(|root| Place { tree, node: root }.items(&[key])).collect(),
        };
        if own.is_empty() {
            let message = format!("{} has no '{key}', and nothing in it was compared", tree.source().name());
            differences.push(ProbeDifference { place: None, message });
        }
        found.extend(own);
    }
    for model in models {
        let unknown =
            |what| vec![ProbeDifference { place: None, message: format!("{}: no document says {what}", model.name) }];
        differences.extend(match format {
            ProbeFormat::Kubernetes => {
                container_probes(model).map_or_else(unknown, |probes| in_containers(model, &probes, &found))
            }
            ProbeFormat::Prometheus => {
                scrape_target(model).map_or_else(unknown, |target| in_jobs(model, &target, &found))
            }
        });
    }
    differences
}

/// A mapping in a manifest.
#[derive(Clone, Copy)]
struct Place<'t> {
    tree: &'t Tree,
    node: NodeId,
}

impl<'t> Place<'t> {
    fn find(self, keys: &[&str]) -> Option<Self> {
        Some(Self { node: self.tree.find(self.node, keys)?, ..self })
    }

    /// Returns the text that the keys lead to; without keys, its own.
    fn text(self, keys: &[&str]) -> Option<&'t str> {
        self.tree.text(self.find(keys)?.node).map(str::trim)
    }

    /// Returns the directive of a strategic merge patch in it, which may delete or replace what is compared.
    fn directive(self) -> Option<Self> {
        self.find(&["$patch"])
    }

    fn items(self, keys: &[&str]) -> impl Iterator<Item = Self> + use<'t> {
        let list = self.find(keys).map(|list| self.tree.resolve(list.node));
        let items = list.map_or(&[][..], |list| self.tree.items(list));
        items.iter().map(move |item| Self { node: *item, ..self })
    }

    fn differs(self, message: String) -> ProbeDifference {
        let source = self.tree.source();
        let at = source.line_col(self.tree.span(self.node).start);
        ProbeDifference { place: Some((source.name().to_owned(), at.line, at.column)), message }
    }
}

fn roots(tree: &Tree) -> impl Iterator<Item = NodeId> {
    tree.documents().iter().filter_map(|document| document.root)
}

/// Returns the items of each list under a key, at any depth: what runs containers has many kinds.
fn items_of<'t>(tree: &'t Tree, key: &'static str) -> impl Iterator<Item = Place<'t>> {
    let nodes = roots(tree).chain((0..tree.documents().len()).flat_map(|at| tree.nodes(at)));
    nodes.filter(|node| tree.is_mapping(*node)).flat_map(move |node| Place { tree, node }.items(&[key]))
}

fn in_containers(model: &WatchedModel, probes: &ContainerProbes, containers: &[Place<'_>]) -> Vec<ProbeDifference> {
    let ContainerProbes { container: name, port, probes } = probes;
    let is_own = |container: &&Place<'_>| {
        let image = container.text(&["image"]);
        container.text(&["name"]) == Some(name) || image.is_some_and(|image| model.image.as_deref() == Some(image))
    };
    let mut own = containers.iter().filter(is_own).peekable();
    if own.peek().is_none() {
        let message =
            format!("{}: no container of the manifests is called '{name}' or has the image of the model", model.name);
        return vec![ProbeDifference { place: None, message }];
    }
    let differences = own.flat_map(|container| {
        probes.iter().flat_map(|(probe, path, period)| in_probe(model, *container, probe, (path, *port, *period)))
    });
    differences.collect()
}

/// Compares one probe of a container with its path, its port, and how often it is asked.
fn in_probe(
    model: &WatchedModel,
    container: Place<'_>,
    name: &str,
    (path, port, period): (&str, u16, Option<f64>),
) -> Vec<ProbeDifference> {
    let said = &model.name;
    if let Some(patch) =
        [container.directive(), container.find(&[name]).and_then(Place::directive)].into_iter().flatten().next()
    {
        return vec![patch.differs(format!("what this does to {name} cannot be told; '{said}' asks {path}"))];
    }
    let Some(probe) = container.find(&[name]) else {
        return vec![container.differs(format!("the container has no {name}; '{said}' asks {path}"))];
    };
    let Some(asked) = probe.find(&["httpGet"]) else {
        return vec![probe.differs(format!("{name} does not ask by httpGet; '{said}' asks {path}"))];
    };
    let mut differences = Vec::new();
    let own_path = asked.text(&["path"]).unwrap_or("/");
    if own_path != path {
        let place = asked.find(&["path"]).unwrap_or(asked);
        differences.push(place.differs(format!("{name} asks {own_path}; '{said}' asks {path}")));
    }
    let own_port = asked.text(&["port"]).unwrap_or("none");
    // A port may be called by its name.
    let mut ports = container.items(&["ports"]).filter(|port| port.text(&["name"]) == Some(own_port));
    let number = ports.next().and_then(|port| port.text(&["containerPort"])).unwrap_or(own_port);
    if number.parse() != Ok(port) {
        let place = asked.find(&["port"]).unwrap_or(asked);
        differences.push(place.differs(format!("{name} asks port {own_port}; the model listens on {port}")));
    }
    if let Some(host) = asked.find(&["host"]) {
        let own = host.text(&[]).unwrap_or_default();
        differences.push(host.differs(format!("{name} asks the host '{own}', and not the container")));
    }
    let speaks_https = model.base.as_deref().is_some_and(|base| base.to_ascii_lowercase().starts_with("https:"));
    let asks_https = asked.text(&["scheme"]).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
    if asks_https && !speaks_https {
        let place = asked.find(&["scheme"]).unwrap_or(asked);
        differences.push(place.differs(format!("{name} asks over https; '{said}' says http")));
    }
    let own_period = match probe.find(&["periodSeconds"]) {
        None => Some(DEFAULT_PERIOD),
        Some(own) => own.text(&[]).and_then(|text| text.parse().ok()),
    };
    if let Some(period) = period
        && own_period.is_none_or(|own| own > period)
    {
        let place = probe.find(&["periodSeconds"]).unwrap_or(probe);
        let own = match probe.find(&["periodSeconds"]) {
            None => DEFAULT_PERIOD.to_string(),
            Some(own) => own.text(&[]).unwrap_or("?").to_owned(),
        };
        differences.push(place.differs(format!("{name} asks every {own} s; '{said}' asks every {period:.0} s")));
    }
    differences
}

fn in_jobs(model: &WatchedModel, target: &ScrapeTarget<'_>, jobs: &[Place<'_>]) -> Vec<ProbeDifference> {
    let (said, host, scheme) = (&model.name, target.address.host, target.address.scheme);
    let is_own = |job: &&Place<'_>| {
        let own_scheme = job.text(&["scheme"]).unwrap_or("http");
        targets(**job)
            .any(|own| with_port(own, own_scheme) == with_port(host, scheme) || own.eq_ignore_ascii_case(host))
    };
    let mut own = jobs.iter().filter(is_own).peekable();
    if own.peek().is_none() {
        let message = format!("{said}: no scrape configuration has the target {host} in 'static_configs'");
        return vec![ProbeDifference { place: None, message }];
    }
    let differences = own.flat_map(|job| {
        let of = |key: &'static str, default: &'static str, expected: &str, is_same: fn(&str, &str) -> bool| {
            let own = job.text(&[key]).unwrap_or(default);
            let place = job.find(&[key]).unwrap_or(*job);
            (!is_same(own, expected)).then(|| place.differs(format!("{key} is {own}; '{said}' says {expected}")))
        };
        let path = of("metrics_path", "/metrics", &target.metrics_path, |own, expected| own == expected);
        let scheme = of("scheme", "http", scheme, |own, expected| own.eq_ignore_ascii_case(expected));
        let changed = job.find(&["relabel_configs"]).into_iter().chain(
            job.items(&["static_configs"]).filter_map(|group| group.find(&["labels"])).filter(|labels| {
                labels.tree.entries(labels.node).any(|entry| labels.tree.key_name(entry.key).starts_with("__"))
            }),
        );
        let changed = changed
            .map(|place| place.differs(format!("what is read of '{said}' may be changed here, and was not compared")));
        [path, scheme].into_iter().flatten().chain(changed).collect::<Vec<_>>()
    });
    differences.collect()
}

fn targets(job: Place<'_>) -> impl Iterator<Item = &str> {
    let groups = job.items(&["static_configs"]);
    groups.flat_map(|group| group.items(&["targets"])).filter_map(|own| own.text(&[]))
}

/// Returns an address with its port in lower case, as it is reached by a scheme.
fn with_port(address: &str, scheme: &str) -> String {
    let address = address.to_ascii_lowercase();
    let port = if scheme.eq_ignore_ascii_case("https") { "443" } else { "80" };
    let has_port = address.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    if has_port { address } else { format!("{address}:{port}") }
}
