"""Jobs: one folder each, with the same file names in it; what lies in its ``rules`` is pure."""
