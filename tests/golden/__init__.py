"""Stored states of releases, which every later version must still read."""
