"""Inventory of the chosen folders: the scan for files, their measuring, and the catalog that remembers it."""
