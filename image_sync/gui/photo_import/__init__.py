"""The page *Import*."""
