"""The pages of the window in the order of the rail.  A new page is its own file and one entry here.

A page's module is imported when the page is first shown: the first window waits only for its own.
"""

from __future__ import annotations

import tkinter

from image_sync.gui.pages.page import Desk, Page, PageSpec
from image_sync.gui.widgets.i18n import _


def page_specs() -> tuple[PageSpec, ...]:
    """All pages: jobs first, then the rest."""
    return (
        PageSpec("organize", _("Organize"), "images", True, _organize),
        PageSpec("sync", _("Sync"), "arrow-left-right", True, _sync),
        PageSpec("import", _("Import"), "box-arrow-in-down", True, _import),
        PageSpec("history", _("History"), "clock-history", False, _history),
        PageSpec("problems", _("Problems"), "exclamation-triangle", False, _problems),
        PageSpec("settings", _("Settings"), "gear", False, _settings),
        PageSpec("help", _("Help"), "question-circle", False, _help),
    )


def _organize(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.organize.page import OrganizePage

    return OrganizePage(master, desk)


def _sync(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.sync.page import SyncPage

    return SyncPage(master, desk)


def _import(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.photo_import.page import ImportPage

    return ImportPage(master, desk)


def _history(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.pages.history_page import HistoryPage

    return HistoryPage(master, desk)


def _problems(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.pages.problems_page import ProblemsPage

    return ProblemsPage(master, desk)


def _settings(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.pages.settings_page import SettingsPage

    return SettingsPage(master, desk)


def _help(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.pages.help_page import HelpPage

    return HelpPage(master, desk)
