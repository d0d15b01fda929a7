"""Version of the measured values, apart from what measures: a run over known pictures loads no decoder for it."""

from __future__ import annotations

MEASURED = 2
"""Raised whenever the same bytes would give another fingerprint: what the catalog knows of older ones is void then."""
