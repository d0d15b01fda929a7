"""Errors of the system as a person reads them."""

from __future__ import annotations

import errno
import os

import pytest

from image_sync.base.errors import explained, is_full, reason


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (errno.ENOSPC, "there is no room left on the disk"),
        (errno.EACCES, "no permission"),
        (errno.EPERM, "no permission"),
        (errno.ENOENT, "it is no longer there"),
        (errno.EROFS, "the disk can only be read"),
        (errno.EIO, "the disk reported an error"),
        (errno.ELOOP, "it is a link, and links are not followed here"),
    ],
)
def test_known_errors_have_a_reason_and_a_hint(code: int, why: str) -> None:
    error = OSError(code, os.strerror(code), "/a")
    assert reason(error) == why == explained(error)[0]
    assert explained(error)[1].endswith(".")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(errno.EPIPE, "Broken pipe"), "broken pipe"),
        (OSError("Something odd"), "something odd"),
        (OSError(), "oserror"),
    ],
)
def test_others_speak_for_themselves(error: OSError, why: str) -> None:
    assert explained(error) == (why, "")


def test_a_full_disk_is_known() -> None:
    assert is_full(OSError(errno.ENOSPC, "full"))
    assert not is_full(OSError(errno.EIO, "broken")) and not is_full(ValueError())
