"""The page *Organize*."""
