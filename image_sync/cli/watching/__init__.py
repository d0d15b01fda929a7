"""Watching of folders to be imported: what tells of changes, and the command ``watch``."""
