"""The Helm chart: by Kubernetes' schemas, and by what it promises."""

import re
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from frontend.app import create_app
from frontend.settings import Settings
from frontend.telemetry.loads import Loads
from tests.deploy.chart import CHART, CPU, FOREIGN, PULL, helm, manifests, one, pod, rendering

COMPONENTS = ("frontend", "triton")
_PROBES = ("startup", "readiness", "liveness")
SCALED = {name: {"scaling": {"kind": "hpa"}} for name in COMPONENTS}
BY_KEDA = {name: {"scaling": {"kind": "keda"}} for name in COMPONENTS}
RULES = "groups:\n  - name: one\n    rules: [{alert: Down, expr: retouch_triton_up == 0}]\n"
EVERYTHING = {
    **SCALED,
    "models": PULL,
    "ingress": {"enabled": True, "annotations": {"a.example/b": "c"}},
    "monitoring": {"enabled": True, "rules": RULES, "labels": {"release": "prometheus"}},
    "store": {"endpoint": "https://store.example.com"},
}
KINDS_OF_VALUES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "defaults": ({}, ()),
    "cpu": ({}, (f"--values={CPU}",)),
    "claim": ({"models": {"source": "claim", "claim": "models"}}, ()),
    "keda": (BY_KEDA, ()),
    "everything": (EVERYTHING, ()),
}


@pytest.fixture(params=list(KINDS_OF_VALUES))
def rendered(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    values, options = KINDS_OF_VALUES[request.param]
    return manifests(values, *options)


@pytest.mark.parametrize("options", [(), (f"--values={CPU}",)], ids=["defaults", "cpu"])
def test_helm_finds_nothing_to_complain_of(options: tuple[str, ...]) -> None:
    subprocess.run([helm(), "lint", "--strict", CHART, *options], check=True)


def test_every_manifest_follows_the_schema_of_kubernetes(rendered: list[dict[str, Any]]) -> None:
    for manifest in rendered:
        if manifest["kind"] not in FOREIGN:
            kubernetes_validate.validate(manifest, "1.37.0", strict=True)


def test_every_container_is_locked_in(rendered: list[dict[str, Any]]) -> None:
    for component in COMPONENTS:
        specification = pod(rendered, component)
        assert specification["automountServiceAccountToken"] is False
        assert specification["securityContext"]["runAsNonRoot"] is True
        assert specification["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in specification["containers"] + specification.get("initContainers", []):
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]


def test_the_users_are_those_of_the_images() -> None:
    for component in COMPONENTS:
        user = re.search(r"^USER (\d+):", Path(f"docker/{component}.Dockerfile").read_text(), re.M)
        assert user
        context = pod(manifests(), component)["securityContext"]
        assert context["runAsUser"] == int(user[1])


def test_a_pod_has_longer_than_it_needs_to_drain(rendered: list[dict[str, Any]]) -> None:
    for component in COMPONENTS:
        specification = pod(rendered, component)
        (container,) = specification["containers"]
        pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert specification["terminationGracePeriodSeconds"] > pause + _drain(container)


def test_every_variable_of_the_frontend_is_a_setting_and_makes_valid_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (container,) = pod(manifests({}), "frontend")["containers"]
    given = {item["name"]: item.get("value", "key") for item in container["env"]}
    ours = {name: value for name, value in given.items() if name.startswith("RETOUCH_")}
    known = {f"RETOUCH_{name.upper()}" for name in Settings.model_fields}
    assert set(ours) <= known
    texts = {"DATABASE_URL": "postgresql://u:p@db/r", "REDIS_URL": "redis://cache:6379/0"}
    for name in (name for name in ours if name.endswith("_FILE")):
        file = tmp_path / name
        file.write_text(texts.get(name[len("RETOUCH_") : -len("_FILE")], "s" * 40))
        ours[name] = str(file)
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.triton == "dns:///shop-triton:8001"
    assert settings.database_url == texts["DATABASE_URL"]


def test_no_secret_stands_in_a_manifest(rendered: list[dict[str, Any]]) -> None:
    assert "Secret" not in {manifest["kind"] for manifest in rendered}
    for component in COMPONENTS:
        specification = pod(rendered, component)
        for container in specification["containers"] + specification.get("initContainers", []):
            for item in container.get("env", []):
                if re.search(r"SECRET|PASSWORD|DATABASE_URL|REDIS_URL|ACCESS_KEY", item["name"]):
                    assert item["name"].endswith("_FILE") or "secretKeyRef" in item["valueFrom"]


def test_the_frontend_is_probed_at_paths_that_it_has() -> None:
    paths = set(create_app(Settings()).openapi()["paths"])
    (container,) = pod(manifests(), "frontend")["containers"]
    probed = {kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in _PROBES}
    assert set(probed.values()) <= paths
    assert probed["readiness"] == "/health/ready"
    assert probed["liveness"] == "/health/live"


def test_triton_may_load_for_as_long_as_is_allowed_and_a_dead_loop_is_noticed() -> None:
    (container,) = pod(manifests({"triton": {"startupSeconds": 1801}}), "triton")["containers"]
    startup = container["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] >= 1801
    command = container["livenessProbe"]["exec"]["command"]
    assert command[:3] == ["python3", "-m", "retouch.liveness"]
    image = Path("docker/triton.Dockerfile").read_text()
    assert '"python3", "-m", "retouch.liveness"' in image


def test_only_the_frontend_reaches_the_models_and_only_prometheus_the_metrics(
    rendered: list[dict[str, Any]],
) -> None:
    rules = one(rendered, "NetworkPolicy", "triton")["spec"]["ingress"]
    allowed = {rule["ports"][0]["port"]: rule["from"] for rule in rules}
    assert set(allowed) == {8001, 8002}
    frontend = one(rendered, "Deployment", "frontend")["spec"]["selector"]
    assert allowed[8001] == [{"podSelector": frontend}]
    monitoring = {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}
    assert allowed[8002] == [{"namespaceSelector": monitoring}]


def test_triton_gets_out_only_to_pull_models() -> None:
    assert one(manifests(), "NetworkPolicy", "triton")["spec"]["egress"] == []
    pulling = one(manifests({"models": PULL}), "NetworkPolicy", "triton")["spec"]["egress"]
    assert {port["port"] for rule in pulling for port in rule["ports"]} == {53, 443}


def test_a_policy_and_a_budget_and_a_service_choose_the_pods(
    rendered: list[dict[str, Any]],
) -> None:
    for component in COMPONENTS:
        labels = one(rendered, "Deployment", component)["spec"]["template"]["metadata"]["labels"]
        assert one(rendered, "Service", component)["spec"]["selector"] == labels
        policy = one(rendered, "NetworkPolicy", component)["spec"]["podSelector"]
        assert policy == {"matchLabels": labels}
        budget = one(rendered, "PodDisruptionBudget", component)["spec"]
        assert budget == {"maxUnavailable": 1, "selector": {"matchLabels": labels}}


def test_every_triton_is_an_address_of_its_name() -> None:
    assert one(manifests(), "Service", "triton")["spec"]["clusterIP"] == "None"


@pytest.mark.parametrize(
    ("values", "kind", "written"),
    [
        (SCALED, "HorizontalPodAutoscaler", r"name: (retouch_\w+)"),
        (BY_KEDA, "ScaledObject", r"\((retouch_\w+)"),
    ],
)
def test_replicas_follow_queues_that_are_measured_and_not_the_gpu(
    values: dict[str, Any], kind: str, written: str
) -> None:
    measured = {metric.name for metric in Loads({}, {}).collect()}
    found = manifests(values)
    for component in COMPONENTS:
        asked = set(re.findall(written, yaml.safe_dump(one(found, kind, component))))
        assert asked == {"retouch_waiting_images", "retouch_running_images"}
        assert asked <= measured
        assert "replicas" not in one(found, "Deployment", component)["spec"]


def test_shared_memory_is_memory_and_a_gpu_is_asked_for_unless_there_is_none() -> None:
    volumes = {item["name"]: item for item in pod(manifests(), "triton")["volumes"]}
    assert volumes["shared-memory"]["emptyDir"] == {"medium": "Memory", "sizeLimit": "1Gi"}
    (with_gpu,) = pod(manifests(), "triton")["containers"]
    assert with_gpu["resources"]["limits"]["nvidia.com/gpu"] == 1
    (without,) = pod(manifests({}, f"--values={CPU}"), "triton")["containers"]
    assert "nvidia.com/gpu" not in without["resources"]["limits"]


def test_the_rules_are_those_of_the_file() -> None:
    rules = one(manifests(EVERYTHING), "PrometheusRule", "alerts")
    assert rules["spec"] == yaml.safe_load(RULES)


@pytest.mark.parametrize(
    "values",
    [
        {"frontend": {"drainSeconds": 140}},
        {"triton": {"terminationGracePeriodSeconds": 130}},
        {"frontend": {"scaling": {"minimum": 9}}},
        {"triton": {"scaling": {"kind": "gpu"}}},
        {"frontend": {"replicas": 0}},
        {"frontend": {"replica": 2}},
        {"frontend": {"image": "retouch-frontend"}},
        {"frontend": {"settings": {"RETOUCH_DATABASE_URL": "postgresql://u:p@db/r"}}},
        {"frontend": {"settings": {"RETOUCH_DRAIN_TIMEOUT_SECONDS": "600"}}},
        {"frontend": {"settings": {"AWS_SECRET_ACCESS_KEY": "x"}}},
        {"models": {"source": "claim"}},
        {"models": {"source": "pull"}},
        {"secretName": ""},
        {"publicBaseUrl": "retouch.example.com"},
        {"store": {"url": "file:///results"}},
        {"networkPolicy": {"clients": []}},
    ],
    ids=str,
)
def test_values_that_make_no_sense_are_refused(values: dict[str, Any]) -> None:
    done = rendering(values)
    assert done.returncode != 0
    assert re.search(r"schema|must", done.stderr), done.stderr


def _drain(container: dict[str, Any]) -> int:
    """Seconds that the process takes itself to finish its edits."""
    for item in container.get("env", []):
        if item["name"] == "RETOUCH_DRAIN_TIMEOUT_SECONDS":
            return int(item["value"])
    (seconds,) = re.findall(r"--exit-timeout-secs=(\d+)", " ".join(container["args"]))
    return int(seconds)
