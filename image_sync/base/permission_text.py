"""Permissions as a short text, which plans, journals and memories carry.

``644`` are the bits of reading, writing and executing; ``644:`` says besides that there are no attributes of the user,
``644:3f2a…`` that there are some, by a digest of them.  Two equal texts are the same permissions.  Pure.
"""

from __future__ import annotations

import stat

ANY = "*"
"""Stands for whatever permissions there are."""
_COLON = ":"
_MOST = 0o7777
"""All bits that there are; what is read back may have others."""


def text(bits: int, attributes: str | None) -> str:
    """The text of ``bits`` and of the digest of the attributes; ``None`` where those are not asked for."""
    return f"{bits:03o}" if attributes is None else f"{bits:03o}{_COLON}{attributes}"


def has_attributes(permissions: str) -> bool:
    """Whether the text speaks of attributes too, be it to say that there are none."""
    return _COLON in permissions


def bits_of(permissions: str) -> int:
    """The bits that a text tells."""
    return int(permissions.partition(_COLON)[0], 8)


def attributes_of(permissions: str) -> str:
    """The digest of the attributes; empty where there are none."""
    return permissions.partition(_COLON)[2]


def words(permissions: str) -> str:
    """``rw-r--r--``, for a person."""
    return stat.filemode(stat.S_IFREG | bits_of(permissions) & _MOST)[1:]


def argument(wanted: str, planned_on: str = ANY) -> str:
    """The argument of an operation that gives permissions: those that it gives, and those that it was planned on."""
    return f"{wanted} {planned_on}"


def parts(said: str) -> tuple[str, str]:
    """Both texts of an argument.  Raises ``ValueError`` where it is none."""
    wanted, separator, planned_on = said.partition(" ")
    if not (wanted and separator and planned_on):
        raise ValueError("no permissions")
    return wanted, planned_on
