"""Saved plans and presets: how a plan is written into a document and read back, and choices under a name."""
