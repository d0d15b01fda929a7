"""Image Sync: organize, sync and import photos, with a plan to look at first and an undo for every run."""

__version__ = "0.1.0"
