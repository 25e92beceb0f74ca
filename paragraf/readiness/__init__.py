"""Readiness: what was measured of data, baselines and machine in, whether to fine-tune at all out, as a checklist."""

from paragraf.readiness.facts import ReadinessFacts
from paragraf.readiness.items import Item, verdict_of
from paragraf.readiness.page import ReadinessReport, publish_readiness
from paragraf.readiness.settings import ReadinessSettings

__all__ = ["Item", "ReadinessFacts", "ReadinessReport", "ReadinessSettings", "publish_readiness", "verdict_of"]
