"""Names of members as paths below their archive: no name leads anywhere else.

Pure.  A name that is absolute, leads upwards, names a drive or holds what no path may is no path; it is refused, not
bent into another.
"""

from __future__ import annotations

import re

from image_sync.base import paths

_DRIVE = re.compile(r"[A-Za-z]:")
_SEPARATORS = re.compile(r"[/\\]")
ARCHIVES = (".zip", ".tgz", ".tar.gz", ".tar")
"""How the names of archives end that are read."""
LONGEST = 4096
"""Characters of the longest path that a system takes."""
_OTHERS = (".rar", ".7z", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".zipx", ".cab", ".iso", ".tar.zst")


def member_path(name: str, *, dos: bool = False) -> str:
    """The path below the archive that ``name`` means, with the system's separator; empty when it means none.

    ``dos`` says that the archive was made where a backslash separates folders.
    """
    if dos:
        name = name.replace("\\", "/")
    if "\0" in name or len(name) > LONGEST or name.startswith("/") or _DRIVE.match(name):
        return ""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts or any(_leads_away(part) for part in parts):
        return ""
    return paths.SEPARATOR.join(parts)


def _leads_away(part: str) -> bool:
    """Whether a backslash in a name could be taken for the way to another place."""
    if "\\" not in part:
        return False
    pieces = _SEPARATORS.split(part)
    return paths.SEPARATOR == "\\" or ".." in pieces or not pieces[0] or bool(_DRIVE.match(part))


def is_archive(name: str) -> bool:
    """Whether a file of that name is an archive that is read here."""
    return name.lower().endswith(ARCHIVES)


def looks_packed(name: str) -> bool:
    """Whether a file of that name is an archive of any kind."""
    return name.lower().endswith((*ARCHIVES, *_OTHERS))
