"""The compose file: by its schema, and by what it promises."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from frontend.settings import Settings
from tests.deploy.compose import (
    ENVIRONMENT,
    FILE,
    FOLDER,
    VARIABLE,
    composed,
    example,
    networks_of,
    seconds,
    services,
)
from tests.servers.nginx import default_variables

NAMES = list(services())
BUILT = ("frontend", "triton", "triton-cpu")
TRITONS = ("triton", "triton-cpu")
EXEC = re.compile(r"docker compose exec -T (\S+) \S+ --username=(\S+)")


def test_the_file_follows_the_specification() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    schema = "--builtin-schema=vendor.compose-spec"
    subprocess.run([checker, schema, FILE], check=True)


def test_the_example_has_every_variable_and_no_other() -> None:
    used = set(VARIABLE.findall(FILE.read_text()))
    assert set(example()) == used | {"COMPOSE_PROFILES"}


def test_every_variable_of_the_example_is_explained() -> None:
    blocks = ENVIRONMENT.read_text().split("\n\n")
    assert all(block.startswith("# ") for block in blocks)


def test_only_the_proxy_can_be_reached_from_outside_and_grafana_from_this_machine() -> None:
    networks = composed()["networks"]
    outside = {name for name, network in networks.items() if not network.get("internal")}
    published = {name: services()[name]["ports"] for name in NAMES if "ports" in services()[name]}
    assert set(published) == {"proxy", "grafana"}
    assert all(port.startswith("127.0.0.1:") for port in published["grafana"])
    connected = {name for name in NAMES if networks_of(services()[name]) & outside}
    assert connected == {"proxy", "grafana"}


def test_nobody_but_the_frontend_and_prometheus_shares_a_network_with_triton_and_the_stores() -> (
    None
):
    on_metrics = {name for name in NAMES if "metrics" in networks_of(services()[name])}
    assert on_metrics == {"frontend", "prometheus", *TRITONS}
    for name in (*TRITONS, "postgres", "redis", "objects"):
        for other in NAMES:
            together = networks_of(services()[name]) & networks_of(services()[other])
            pair = {name, other}
            assert (
                not together
                or "frontend" in pair
                or len(pair) == 1
                or pair in ({*TRITONS}, {"postgres", "redis"})
                or together == {"metrics"}
            ), f"{pair} meet in {together}"


@pytest.mark.parametrize("name", NAMES)
def test_every_service_is_locked_in(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert "/tmp" in service["tmpfs"]  # noqa: S108 - of the container
    limits = service["deploy"]["resources"]["limits"]
    assert limits["memory"]
    assert limits["pids"] > 0


@pytest.mark.parametrize("name", NAMES)
def test_no_service_is_run_by_root(name: str) -> None:
    service = services()[name]
    if name in BUILT:
        dockerfile = (FOLDER.parent / service["build"]["dockerfile"]).read_text()
        user = dockerfile.rpartition("\nUSER ")[2].split()[0]
    else:
        user = service["user"]
    assert user.partition(":")[0] not in ("", "root", "0")


@pytest.mark.parametrize("name", NAMES)
def test_every_service_comes_back_and_says_how_it_is(name: str) -> None:
    service = services()[name]
    assert service["restart"] == "unless-stopped"
    if name != "collector":  # whose image holds no other program
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
        assert service["healthcheck"]["start_period"]
    assert service["logging"]["options"]["max-size"]
    assert seconds(service["stop_grace_period"]) >= 15


@pytest.mark.parametrize("name", NAMES)
def test_a_service_starts_when_what_it_needs_is_healthy(name: str) -> None:
    needed = services()[name].get("depends_on", {})
    assert set(needed) <= set(NAMES)
    assert {each["condition"] for each in needed.values()} <= {"service_healthy"}


def test_the_frontend_starts_after_whichever_triton_there_is() -> None:
    needed = services()["frontend"]["depends_on"]
    assert {"postgres", "redis", "objects", *TRITONS} == set(needed)
    assert [needed[name]["required"] for name in TRITONS] == [False, False]
    assert set(services()["proxy"]["depends_on"]) == {"frontend"}


def test_the_tritons_differ_in_nothing_but_the_gpu() -> None:
    gpu, cpu = (dict(services()[name]) for name in TRITONS)
    assert (gpu.pop("profiles"), cpu.pop("profiles")) == (["gpu"], ["cpu"])
    reserved = gpu["deploy"]["resources"].pop("reservations")
    assert [device["driver"] for device in reserved["devices"]] == ["nvidia"]
    assert gpu == cpu
    assert gpu["networks"]["inference"]["aliases"] == ["triton"]
    assert gpu["shm_size"] == "1gb"


def test_an_image_is_a_variable_with_a_tag_that_stays() -> None:
    for name, line in zip(NAMES, images(), strict=True):
        [variable] = VARIABLE.findall(line)
        repository, _, tag = example()[variable].rpartition(":")
        assert repository, name
        assert tag.removeprefix("v")[0].isdigit(), name


def images() -> list[str]:
    """What the file says of each service's image, as it is written."""
    document: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return [service["image"] for service in document["services"].values()]


def test_what_is_mounted_from_the_repository_is_there() -> None:
    for service in services().values():
        for volume in service.get("volumes", []):
            if isinstance(volume, str) and volume.startswith("./"):
                source, _, mode = volume.rpartition(":")
                assert (FOLDER / source.partition(":")[0]).exists(), volume
                assert mode == "ro"
        for file in service.get("env_file", []):
            assert (FOLDER / file).exists()


def test_every_volume_and_network_and_secret_is_declared_and_used() -> None:
    document = composed()
    every = document["services"].values()
    volumes = {
        source
        for service in every
        for volume in service.get("volumes", [])
        if isinstance(volume, str)
        for source in [volume.partition(":")[0]]
        if not source.startswith(".")
    }
    assert volumes == set(document["volumes"])
    assert set().union(*map(networks_of, every)) == set(document["networks"])
    secrets = [set(service.get("secrets", [])) for service in every]
    assert set().union(*secrets) == set(document["secrets"])


def test_no_secret_is_a_variable() -> None:
    for service in services().values():
        for name, value in service.get("environment", {}).items():
            secret = any(
                word in name for word in ("PASSWORD", "SECRET", "DATABASE_URL", "REDIS_URL")
            )
            assert not secret or (name.endswith("_FILE") and value.startswith("/run/secrets/"))


def test_the_frontend_has_settings_that_there_are_and_only_these() -> None:
    environment = services()["frontend"]["environment"]
    ours = {name for name in environment if not name.startswith(("AWS_", "OTEL_"))}
    assert ours <= {f"RETOUCH_{field.upper()}" for field in Settings.model_fields}
    given = services()["proxy"]["environment"] | default_variables()
    assert given["RETOUCH_PUBLIC_BASE_URL"]


def test_the_frontend_has_time_to_drain_and_the_proxy_to_wait_for_it() -> None:
    drain = float(services()["frontend"]["environment"]["RETOUCH_DRAIN_TIMEOUT_SECONDS"])
    for name in ("frontend", "proxy"):
        assert seconds(services()[name]["stop_grace_period"]) > drain


def test_the_proxy_asks_the_frontend_where_it_listens_and_is_believed_from_its_network() -> None:
    environment = services()["frontend"]["environment"]
    assert f"frontend:{environment['RETOUCH_PORT']}" in default_variables()["PROXY_SERVERS"]
    [range_] = composed()["networks"]["edge"]["ipam"]["config"]
    assert environment["RETOUCH_TRUSTED_PROXIES"] == range_["subnet"]
    published = {port.rpartition(":")[2] for port in services()["proxy"]["ports"]}
    assert published == {
        default_variables()[name] for name in ("PROXY_HTTP_PORT", "PROXY_HTTPS_PORT")
    }


def test_prometheus_finds_what_the_services_open() -> None:
    document = yaml.safe_load((FOLDER / "observability/prometheus.yml").read_text())
    found = {
        (name, target["port"])
        for job in document["scrape_configs"]
        for target in job.get("dns_sd_configs", [])
        for name in target["names"]
    }
    port = int(services()["frontend"]["environment"]["RETOUCH_METRICS_PORT"])
    assert found == {("frontend", port), ("triton", 8002)}
    for name in TRITONS:
        assert services()[name]["networks"]["metrics"]["aliases"] == ["triton"]


def test_prometheus_asks_for_the_certificate_where_the_proxy_shows_it() -> None:
    document = yaml.safe_load((FOLDER / "observability/prometheus.yml").read_text())
    [job] = [job for job in document["scrape_configs"] if job["job_name"] == "certificate"]
    assert job["static_configs"] == [
        {"targets": [f"proxy:{default_variables()['PROXY_HTTPS_PORT']}"]}
    ]
    [exporter] = [rule["replacement"] for rule in job["relabel_configs"] if "replacement" in rule]
    name, _, port = exporter.partition(":")
    assert f":{port}/" in services()[name]["healthcheck"]["test"][-1]
    assert networks_of(services()[name]) <= networks_of(services()["proxy"])
    assert networks_of(services()[name]) <= networks_of(services()["prometheus"])


def test_the_documented_backup_finds_the_database() -> None:
    found = EXEC.findall(Path("docs/operations.md").read_text())
    assert found == [("postgres", services()["postgres"]["environment"]["POSTGRES_USER"])] * 3
