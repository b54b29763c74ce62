//! `model/port-disagrees`

use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A model must say one port on which its container listens.
    ///
    /// `container_port` of the model and that of its serving image are the port of the same container. Probes and scrapes are written for one of
    /// them; on the other, nobody answers, and a healthy model is taken for dead.
    ///
    /// ## Fails
    /// ```yaml base:credit-model
    /// container_port: 5000
    /// serve:
    ///   servable: true
    ///   serving_container_image:
    ///     container_image_url: "registry.contoso.com/credit@sha256:1335ff1df794efd7a62c28d67255764af0be40c68d522290a25647e8d1419ca2"
    ///     container_port: 8080
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-model
    /// serve:
    ///   servable: true
    ///   serving_container_image:
    ///     container_image_url: "registry.contoso.com/credit@sha256:1335ff1df794efd7a62c28d67255764af0be40c68d522290a25647e8d1419ca2"
    ///     container_port: 8080
    /// ```
    pub PORT_DISAGREES = {
        id: "model/port-disagrees",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “live queryable metadata” for “liveness checking and ML-specific signals that need action”",
        kinds: [Model],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let port = |path: &[&str]| {
        let node = cx.find(cx.root, path).filter(|node| !cx.is_faulty(*node))?;
        Some((node, cx.tree.text(node)?.trim().parse::<u16>().ok()?))
    };
    let image = port(&["serve", "serving_container_image", "container_port"]);
    if let (Some((node, own)), Some((other, of_image))) = (port(&["container_port"]), image)
        && own != of_image
    {
        let message = format!("the container listens on port {own} here, and on {of_image} in the serving image");
        let finding = cx.at_value(&PORT_DISAGREES, node, message);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(other)), "the port in the serving image"));
    }
}
