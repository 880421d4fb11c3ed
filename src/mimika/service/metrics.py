"""Counters and gauges in the text format of Prometheus; one registry for each app."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from mimika.service.contract import Pool
from mimika.service.work import Done

CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
STAGE_BUCKETS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0)


class Metrics:
    """What the service counts; the parent process alone counts it."""

    def __init__(self, pool: Pool) -> None:
        """Makes the counters; the pool is asked when they are read.

        Args:
            pool: whose queue and workers are shown.
        """
        registry = CollectorRegistry()
        self._registry = registry
        self._requests = Counter(
            "mimika_requests",
            "Answered requests.",
            ["method", "path", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "mimika_request_seconds",
            "Time from a request's header to the end of its answer.",
            ["path"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._stages = Histogram(
            "mimika_stage_seconds",
            "Time of a job in each of its stages.",
            ["stage"],
            buckets=STAGE_BUCKETS_S,
            registry=registry,
        )
        self._faces = Counter("mimika_faces", "Classified faces.", registry=registry)
        gauges = {
            "queued": ("Jobs that wait.", lambda: pool.status.queued),
            "running": ("Jobs at work.", lambda: pool.status.running),
            "workers": ("Workers that there should be.", lambda: pool.status.size),
            "workers_ready": ("Workers that live.", lambda: pool.status.ready),
            "worker_restarts": ("Replaced workers.", lambda: pool.status.restarts),
        }
        for name, (text, read) in gauges.items():
            Gauge(f"mimika_{name}", text, registry=registry).set_function(read)

    def count_request(
        self, method: str, path: str, status: int, seconds: float
    ) -> None:
        """Counts an answered request.

        Args:
            method: of HTTP.
            path: template of the route, never the path as sent: anybody could make
                up endless series otherwise.
            status: of HTTP.
            seconds: how long it took.
        """
        self._requests.labels(method, path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def count_job(self, done: Done) -> None:
        """Counts the faces of an answer, and the time of its stages."""
        self._faces.inc(done.faces)
        for stage, seconds in done.seconds.items():
            self._stages.labels(stage).observe(seconds)

    def render(self) -> bytes:
        """The text that Prometheus reads; its type is `CONTENT_TYPE`."""
        return generate_latest(self._registry)
