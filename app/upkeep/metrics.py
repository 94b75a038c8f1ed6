"""Figures for whoever watches the machine (Prometheus), asked of the database when they are fetched.

No process counts for itself: whichever answers says the same, and nothing is lost when one ends.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app import clock
from app.errors import NotFound
from app.mail.figures import Figures, figures
from app.web.access import open_to_all
from config import LOOPBACK, Settings

bp = Blueprint("metrics", __name__)
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@bp.get("/metrics")
@open_to_all
def metrics() -> Response:
    """How mail is doing, for whoever holds METRICS_TOKEN; without one, for this machine alone."""
    settings: Settings = current_app.config["TORANGY"]
    if not _may_read(settings):
        raise NotFound
    now = clock.now()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(MailCollector(figures(now, timezone=settings.timezone), now))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=content_type)


def _may_read(settings: Settings) -> bool:
    """A proxy on this machine speaks for the whole world, so what it passes on needs the token."""
    if settings.metrics_token:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), settings.metrics_token.encode())
    return request.remote_addr in LOOPBACK and not any(name in request.headers for name in PASSED_ON)


class MailCollector(Collector):
    """The figures of one moment, as Prometheus names them."""

    def __init__(self, found: Figures, now: datetime) -> None:
        self.found = found
        self.now = now

    def collect(self) -> Iterator[Metric]:
        """Each family once."""
        found = self.found
        waiting = GaugeMetricFamily("torangy_mails", "Letters by what becomes of them", labels=["status"])
        for status in ("queued", "sending", "failed"):
            waiting.add_metric([status], getattr(found, status))
        yield waiting
        yield GaugeMetricFamily("torangy_mails_sent_today", "Letters that left since midnight", found.sent_today)
        waits = self._seconds_since(found.oldest_at)
        yield GaugeMetricFamily("torangy_mail_oldest_waiting_seconds", "How long the oldest due letter waits", waits)
        yield from self._lag()
        paused = GaugeMetricFamily("torangy_mail_paused_seconds", "Until a server is tried again", labels=["domain"])
        for one in found.paused:
            paused.add_metric([one.domain], (one.until - self.now).total_seconds())
        yield paused
        if found.beat_at is not None:
            beat = self._seconds_since(found.beat_at)
            yield GaugeMetricFamily("torangy_mail_worker_seen_seconds", "Since a worker last said that it lives", beat)

    def _lag(self) -> Iterator[Metric]:
        if self.found.lag is None:
            return
        lag = GaugeMetricFamily(
            "torangy_mail_lag_seconds",
            "From when letters were to leave until they left, last 1,000",
            labels=["quantile"],
        )
        for quantile, seconds in (
            ("0.5", self.found.lag.half),
            ("0.95", self.found.lag.most),
            ("1", self.found.lag.longest),
        ):
            lag.add_metric([quantile], seconds)
        yield lag

    def _seconds_since(self, moment: datetime | None) -> float:
        return max((self.now - moment).total_seconds(), 0.0) if moment else 0.0
