"""The page *Sync*."""
