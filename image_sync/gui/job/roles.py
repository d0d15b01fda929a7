"""Words for the chosen folders of a run, by the roles that a plan gives them; no tkinter."""

from __future__ import annotations

from image_sync.gui.widgets.i18n import _


def role_words(role: str) -> str:
    """Words for a role: ``Folder 2`` for ``folder 2``, ``Source`` for ``source``; an unknown one as it is."""
    name, _space, number = role.partition(" ")
    if number.isdigit():
        numbered = {"folder": _("Folder {number}"), "input": _("Input {number}")}
        return numbered[name].format(number=number) if name in numbered else role
    plain = {"input": _("Input"), "output": _("Output"), "source": _("Source"), "target": _("Target")}
    return plain.get(role, role)
