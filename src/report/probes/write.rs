//! Probes and scrape configurations, written.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{ContainerProbes, ProbeFormat, ScrapeTarget, WatchedModel, container_probes, scrape_target};
use crate::secrets::redact;
use crate::text::visible;

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
    let (mut is_first, mut containers) = (true, BTreeSet::new());
    for model in models {
        let own = container_probes(model).and_then(|own| match containers.insert(own.container.clone()) {
            true => Ok(own),
            // Two patches of one container would contradict each other.
            false => Err("another document says how this model is watched"),
        });
        let ContainerProbes { container, port, probes } = match own {
            Ok(probes) => probes,
            Err(what) => {
                left_out.push(format!("{}: {what}", model.name));
                continue;
            }
        };
        if !is_first {
            writeln!(out, "---")?;
        }
        is_first = false;
        writeln!(out, "# From {}: what Kubernetes asks the container that serves the model", visible(&model.file))?;
        writeln!(out, "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {container}")?;
        writeln!(out, "spec:\n  template:\n    spec:\n      containers:\n        - name: {container}")?;
        for (probe, path, period) in probes {
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
        let target = match scrape_target(model) {
            Ok(_) if !names.insert(&model.name) => Err("another one has that name"),
            target => target,
        };
        let ScrapeTarget { address, metrics_path } = match target {
            Ok(target) => target,
            Err(what) => {
                left_out.push(format!("{}: {what}", model.name));
                continue;
            }
        };
        if is_first {
            writeln!(out, "scrape_configs:")?;
        }
        is_first = false;
        writeln!(out, "  # From {}", visible(&model.file))?;
        writeln!(out, "  - job_name: {}\n    scheme: {}", quoted(&model.name), address.scheme)?;
        writeln!(out, "    metrics_path: {}", quoted(&metrics_path))?;
        writeln!(out, "    static_configs:\n      - targets: [{}]", quoted(address.host))?;
        writeln!(out, "        labels:\n          model: {}", quoted(&model.model))?;
    }
    Ok(())
}

/// Returns a text in the quotes of JSON, which YAML reads alike. Credentials are masked.
fn quoted(text: &str) -> String {
    serde_json::Value::from(redact(text).into_owned()).to_string()
}
