"""Every metric is in the operators' table, and the dashboard asks for none that is not there."""

import json
import re
from pathlib import Path

from bot.process.metrics import Metrics

ROOT = Path(__file__).resolve().parents[3]

NAME = re.compile(r"seguito_[a-z_]+")
GUIDE = ROOT / "docs" / "guide" / "alerts-and-metrics.en.md"
DASHBOARD = ROOT / "docs" / "grafana" / "seguito.json"
# What Prometheus' text form adds to a name.
SUFFIX = re.compile(r"_(bucket|count|sum|total|created)$")


def published() -> set[str]:
    """The names in the registry, without suffixes."""
    metrics = Metrics()
    metrics.at_work(lambda: 0)
    return {one.name for one in metrics.registry.collect()}


def named(text: str) -> set[str]:
    """The names in a text, without suffixes."""
    return {SUFFIX.sub("", one) for one in NAME.findall(text)}


def test_the_table_has_every_metric_and_no_other() -> None:
    assert named(GUIDE.read_text()) == published()


def test_the_dashboard_asks_for_metrics_that_are_there_and_shows_all() -> None:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = {name for one in panels for query in one["targets"] for name in named(query["expr"])}
    assert asked == published()
