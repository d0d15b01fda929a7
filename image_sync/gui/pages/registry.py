"""The pages of the window in the order of the rail: those of the jobs, as their registry has them, then the others.

A page's module is imported when the page is first shown: the first window waits only for its own.
"""

from __future__ import annotations

import tkinter
from functools import partial
from importlib import import_module

from image_sync.gui.pages.page import WELCOME, Desk, Page, PageSpec
from image_sync.gui.widgets.i18n import _
from image_sync.jobs import registry


def page_specs() -> tuple[PageSpec, ...]:
    """All pages: jobs first, then the rest."""
    return (
        *(
            PageSpec(name, _(entry.title), entry.symbol, True, partial(_job_page, entry.page))
            for name, entry in registry.JOBS.items()
            if entry.page
        ),
        PageSpec("history", _("History"), "clock-history", False, _history),
        PageSpec("problems", _("Problems"), "exclamation-triangle", False, _problems),
        PageSpec("settings", _("Settings"), "gear", False, _settings),
        PageSpec("help", _("Help"), "question-circle", False, _help),
        PageSpec(WELCOME, _("Welcome"), "images", False, _welcome, in_rail=False),
    )


def _job_page(module: str, master: tkinter.Misc, desk: Desk) -> Page:
    page: type[Page] = import_module(module).PAGE
    return page(master, desk)


def _history(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.pages.history_page import HistoryPage

    return HistoryPage(master, desk)


def _problems(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.pages.problems_page import ProblemsPage

    return ProblemsPage(master, desk)


def _settings(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.pages.settings_page import SettingsPage

    return SettingsPage(master, desk)


def _welcome(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.pages.welcome_page import WelcomePage

    return WelcomePage(master, desk)


def _help(master: tkinter.Misc, desk: Desk) -> Page:
    from image_sync.gui.pages.help_page import HelpPage

    return HelpPage(master, desk)
