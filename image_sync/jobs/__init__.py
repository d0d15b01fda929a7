"""Jobs: one folder each, with the same file names in it, and a line in ``registry``; its ``rules`` are pure."""
