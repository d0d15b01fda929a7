"""Widgets and looks that know no job."""
