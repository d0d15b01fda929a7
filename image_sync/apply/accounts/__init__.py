"""Accounts of runs, out of their journals: what one did, step by step, and what taking it back would do."""
