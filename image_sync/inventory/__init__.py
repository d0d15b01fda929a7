"""Inventory: which files there are (scan), and what was measured of them (catalog)."""
