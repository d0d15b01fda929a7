"""Notifications of the desktop: one sentence where the desktop shows such, nothing where it has no place for them.

The library is loaded when the first one is sent, on a thread of its own: a desktop without a bus, or one that does not
answer, holds nothing up.  No tkinter.
"""

from __future__ import annotations

import logging
import threading

PATIENCE = 10.0
"""Seconds after which a desktop that does not answer is left alone."""
_logger = logging.getLogger(__name__)


def tell(title: str, words: str) -> threading.Thread:
    """Show a notification of the program ``title``; the thread that does it is returned."""
    thread = threading.Thread(target=_tell, args=(title, words), name="notification", daemon=True)
    thread.start()
    return thread


def _tell(title: str, words: str) -> None:
    import asyncio

    try:
        asyncio.run(asyncio.wait_for(_send(title, words), PATIENCE))
    except Exception as error:  # whatever a desktop's bus does, nothing depends on it
        _logger.info("The desktop shows no notification: %s: %s", type(error).__name__, error)


async def _send(title: str, words: str) -> None:
    from desktop_notifier import DesktopNotifier

    # It writes down at length what is said in one line here.
    logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)
    await DesktopNotifier(app_name=title).send(title=title, message=words)
