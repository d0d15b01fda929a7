"""Carrying out a Plan: checked, journalled, verified, undoable.  Nothing here knows a rule."""
