"""The metrics of every process. Labels are few and never ids."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Histogram("khet_event_seconds", "Time to apply an event", ["service", "type", "outcome"])
CALLS = Histogram("khet_call_seconds", "Time to answer a call", ["service", "operation", "outcome"])
OUTBOX_PENDING = Gauge("khet_outbox_pending", "Events waiting for the bus", ["service"])
OUTBOX_AGE = Gauge("khet_outbox_oldest_seconds", "Age of the oldest waiting event", ["service"])
PARKED = Gauge("khet_parked_messages", "Messages waiting for a person", ["service"])
HUB_LAG = Gauge("khet_hub_lag_seconds", "How late the hub wakes a sleeping green thread", ["service"])
TICKS_FAILED = Counter("khet_ticks_failed_total", "Background steps that failed", ["service", "ticker"])
