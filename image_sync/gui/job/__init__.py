"""Pages of the jobs: what all of them share."""
