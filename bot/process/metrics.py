"""What `/metrics` says: one registry per program, and the sampler of the event loop's lag."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.process.vendor_health import VendorHealth

ACK_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2, 3)
VENDOR_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 150)
AGE_BUCKETS = (1, 5, 15, 30, 60, 300, 900, 3600)
LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1)
LAG_PERIOD = timedelta(milliseconds=500)
FIRST_ERROR_STATUS = 400

__all__ = ["CONTENT_TYPE_LATEST", "Metrics"]


class Metrics:
    """Every number the program publishes; names are the public contract of dashboards."""

    def __init__(self, lag_period: timedelta = LAG_PERIOD) -> None:
        self.registry = CollectorRegistry()
        self.health = VendorHealth()
        self._lag_period = lag_period.total_seconds()
        self._acks = self._histogram(
            "slack_ack_seconds", "From Slack's request read to our answer.", ACK_BUCKETS, "kind"
        )
        self._requests = self._counter(
            "http_requests",
            "Answers by the route that matched, and their class.",
            "route",
            "status",
        )
        self._refused = self._counter(
            "slack_refused", "Requests to the Slack door turned away.", "status"
        )
        self._vendors = self._histogram(
            "vendor_seconds", "Calls to vendors.", VENDOR_BUCKETS, "vendor", "operation"
        )
        # The library looks a label up at thrice the cost of counting.
        self._calls = cache(self._vendors.labels)
        self._vendor_errors = self._counter(
            "vendor_errors", "Vendor calls that failed; status 0 is no answer.", "vendor", "status"
        )
        self._jobs = self._histogram(
            "job_age_seconds",
            "From a job's start, its wait included, to its end.",
            AGE_BUCKETS,
            "workflow",
        )
        self._depth = Gauge(
            "seguito_queue_depth", "Jobs waiting.", ("queue",), registry=self.registry
        )
        self._tokens = self._counter(
            "model_tokens", "Tokens of model calls, by kind.", "model", "kind"
        )
        self._lag = self._histogram("loop_lag_seconds", "How late the loop woke.", LAG_BUCKETS)

    @contextmanager
    def ack(self, kind: str) -> Iterator[None]:
        """Time the block as one ack of this kind (command, block_actions, event …)."""
        began = perf_counter()
        try:
            yield
        finally:
            self._acks.labels(kind).observe(perf_counter() - began)

    def at_work(self, count: Callable[[], int]) -> None:
        """Publish how many of Slack's requests are answered or not and still at work."""
        Gauge(
            "seguito_slack_at_work",
            "Requests whose listener has not ended.",
            registry=self.registry,
        ).set_function(count)

    def request(self, route: str, status: int) -> None:
        """An HTTP request was answered; `route` is a path as we registered it, or "none"."""
        self._requests.labels(route, f"{status // 100}xx").inc()

    def refused(self, status: int) -> None:
        """A request to the Slack door was answered 4xx."""
        self._refused.labels(str(status)).inc()

    def vendor(self, vendor: str, operation: str, status: int, seconds: float) -> None:
        """One call to a vendor; `status` is the HTTP status, 0 when no answer came."""
        self.health.hear(vendor, status)
        self._calls(vendor, operation).observe(seconds)
        if status == 0 or status >= FIRST_ERROR_STATUS:
            self._vendor_errors.labels(vendor, str(status)).inc()

    def job(self, workflow: str, age: timedelta) -> None:
        """A job ended, `age` after it was started."""
        self._jobs.labels(workflow).observe(age.total_seconds())

    def queue(self, name: str, depth: int) -> None:
        """So many jobs wait in this queue now."""
        self._depth.labels(name).set(depth)

    def tokens(self, model: str, kind: str, count: int) -> None:
        """A model call used `count` tokens of this kind (input, cached, cache_write, output)."""
        self._tokens.labels(model, kind).inc(count)

    async def watch_loop(self) -> None:
        """Sample the event loop's lag until cancelled; run it as a task."""
        while True:
            before = perf_counter()
            await asyncio.sleep(self._lag_period)
            self._lag.observe(max(0.0, perf_counter() - before - self._lag_period))

    def render(self) -> bytes:
        """The text Prometheus reads; its content type is CONTENT_TYPE_LATEST."""
        return generate_latest(self.registry)

    def _histogram(
        self, name: str, text: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(f"seguito_{name}", text, labels, registry=self.registry, buckets=buckets)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"seguito_{name}", text, labels, registry=self.registry)
