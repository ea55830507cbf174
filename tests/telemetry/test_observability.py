"""Dashboard, alerts and runbooks, by Prometheus' own tool and against the running product."""

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.e2e.product import Product
from tests.telemetry.promql import metrics_of

FOLDER = Path("docker/observability")
CASES = Path("tests/telemetry/alerts_test.yml")
RULES: list[Any] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
DASHBOARD: Any = json.loads((FOLDER / "grafana/dashboards/retouch.json").read_text())
OF_A_GPU = {"nv_gpu_utilization", "nv_gpu_memory_used_bytes", "nv_gpu_memory_total_bytes"}
OF_PROMETHEUS = {"up", "probe_ssl_earliest_cert_expiry"}  # the latter: see test_certificate.py


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", str(FOLDER / "prometheus.yml")),
        ("check", "rules", str(FOLDER / "alerts.yml")),
        ("test", "rules", str(CASES)),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_promtool_finds_nothing_wrong(arguments: tuple[str, ...]) -> None:
    command = ["promtool", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    cases = [
        (test["alertname"], bool(test["exp_alerts"]))
        for group in yaml.safe_load(CASES.read_text())["tests"]
        for test in group["alert_rule_test"]
    ]
    assert sorted(cases) == sorted((r["alert"], fires) for r in RULES for fires in (False, True))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_has_a_runbook_that_names_it(rule: Any) -> None:
    assert f"`{rule['alert']}`" in Path(rule["annotations"]["runbook_url"]).read_text()


def test_the_names_in_an_expression_are_found() -> None:
    expression = 'sum by (a, b) (rate(x_total{l="y_total"}[5m])) / on (c) z:w > bool 2e3 unless up'
    assert metrics_of(expression) == {"x_total", "z:w", "up"}


def test_dashboard_and_alerts_ask_for_metrics_that_the_product_has(product: Product) -> None:
    lines = "\n".join(httpx.get(page).text for page in product.metrics).splitlines()
    there = set(OF_PROMETHEUS)
    for name, kind in (line.split()[2:] for line in lines if line.startswith("# TYPE")):
        there |= (
            {f"{name}_{part}" for part in ("bucket", "sum", "count")}
            if kind == "histogram"
            else {name}
        )
    asked = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    asked += [rule["expr"] for rule in RULES]
    assert set().union(*map(metrics_of, asked)) - OF_A_GPU <= there
