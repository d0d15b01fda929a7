"""The one place where the window's words become translatable.

Every text that a person reads goes through ``_`` or ``ngettext``, so a translation is one ``.mo`` file below
``image_sync/locale`` and no change to the code.  Without one the words stay as they are written.  Nothing here imports
tkinter; view models use it too.
"""

from __future__ import annotations

import gettext
import os

DOMAIN = "image-sync"

_catalogue = gettext.translation(
    DOMAIN, localedir=os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "locale"), fallback=True
)

_ = _catalogue.gettext
ngettext = _catalogue.ngettext
