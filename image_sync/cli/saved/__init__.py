"""Saved plans: how a plan is written into a document, read back from one that anybody may have edited, and applied."""
