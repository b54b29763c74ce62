"""Whether Kubernetes takes the patches of `generate probes`: each is merged into the smallest deployment, which is validated strictly.

probes.py < patches.yml > answer.json
"""

import json
import sys

import kubernetes_validate
import yaml


def merged(patch):
    """The deployment that a patch makes of the smallest one with its names."""
    name = patch["metadata"]["name"]
    [container] = patch["spec"]["template"]["spec"]["containers"]
    labels = {"app": name}
    container = {"image": "example.com/model:1", **container}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": patch["apiVersion"], "kind": patch["kind"], "metadata": {"name": name}, "spec": spec}


def answer(patch):
    deployment = merged(patch)
    kubernetes_validate.validate(deployment, kubernetes_validate.latest_version(), strict=True)
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    return [container["name"], container["livenessProbe"], container["readinessProbe"]]


json.dump([answer(patch) for patch in yaml.safe_load_all(sys.stdin)], sys.stdout)
