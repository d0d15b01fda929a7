"""Comparing two pictures closely: what is drawn, how it is zoomed, what differs; for the pages of all jobs."""
