"""The window's memory between launches: preferences, saved as soon as they change.

No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable

from image_sync.gui.preferences import Preferences, load_or_set_aside, save_preferences


class PreferenceStore:
    """The preferences of the user's configuration folder."""

    def __init__(self) -> None:
        loaded = load_or_set_aside()
        self.preferences = loaded.preferences
        self.trouble = loaded.trouble
        """What is to be said of the file, if anything."""
        self.watchers: list[Callable[[], None]] = []

    def save(self, preferences: Preferences) -> None:
        """Keep these from now on, here and on disk."""
        if preferences != self.preferences:
            self.preferences = preferences
            save_preferences(preferences)
            for watcher in list(self.watchers):
                watcher()
