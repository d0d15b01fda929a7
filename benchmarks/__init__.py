"""This program beside its peers, on one corpus, in one run.  Not part of what is installed."""
