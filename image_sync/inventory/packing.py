"""Packing of what the catalog keeps of a picture, without loss: its small picture and colours, digests, identities.

Small pictures are not compressed: that takes a tenth of a millisecond for each, and saves two fifths of what most do
without altogether (``catalog.let_go_of_smalls``, docs/scale.md).
"""

from __future__ import annotations

import zlib
from typing import Any

_LENGTH, _CHECK = 2, 4
_MOST = 1 << 64


def packed(small: bytes, chroma: bytes) -> bytes:
    """A small picture and its colours in one, with a checksum: the database does not notice when they are damaged."""
    whole = len(small).to_bytes(_LENGTH, "big") + small + chroma
    return zlib.crc32(whole).to_bytes(_CHECK, "big") + whole


def unpacked(data: bytes) -> tuple[bytes, bytes]:
    """The small picture and the colours.  Raises ``ValueError`` when they are damaged."""
    whole = data[_CHECK:]
    if zlib.crc32(whole).to_bytes(_CHECK, "big") != data[:_CHECK]:
        raise ValueError("its checksum is another")
    end = _LENGTH + int.from_bytes(whole[:_LENGTH], "big")
    return whole[_LENGTH:end], whole[end:]


def packed_hex(text: str | None) -> Any:
    """A digest in half its size: the bytes that it writes, or the text itself where it is no lower-case hexadecimal."""
    if text is None:
        return None
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return text
    return data if data.hex() == text else text


def unpacked_hex(value: Any) -> str | None:
    """The text of ``packed_hex``."""
    return value.hex() if isinstance(value, bytes) else value


def packed_number(number: int) -> int:
    """The lower 64 bits of a device's or file's number, as the database holds them: with a sign."""
    low = number % _MOST
    return low - _MOST if low >= _MOST // 2 else low
