"""Thresholds of similarity: the default and the bounds that a user may set."""

from __future__ import annotations

DEFAULT_THRESHOLD = 0.85


LOWEST_THRESHOLD = 0.50


HIGHEST_THRESHOLD = 0.99
