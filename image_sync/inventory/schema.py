"""Tables of the catalog, and how a fingerprint stands in their columns.

``FIRST`` and ``LATER`` are the tables of the first releases.  They stay in every catalog, so that such a release opens
a newer one, finds them empty, and sets nothing aside; what it writes there ``takeover`` brings into the tables of
``KNOWN``, which it leaves alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from image_sync.base.extras import PLAIN, Described, Extras, Tones
from image_sync.base.model import Fingerprint

FIRST = """
CREATE TABLE content (
    id INTEGER PRIMARY KEY, format TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    frames INTEGER NOT NULL, codes BLOB NOT NULL, texture REAL NOT NULL, sharpness REAL NOT NULL,
    jpeg_quality INTEGER, has_exif INTEGER NOT NULL, has_gps INTEGER NOT NULL, captured TEXT NOT NULL,
    camera TEXT NOT NULL, pixels TEXT, earlier INTEGER);
CREATE TABLE small (id INTEGER PRIMARY KEY REFERENCES content(id) ON DELETE CASCADE, data BLOB NOT NULL);
CREATE TABLE file (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, device TEXT NOT NULL,
    inode TEXT NOT NULL, version INTEGER NOT NULL, mark TEXT, digest TEXT, content INTEGER REFERENCES content(id),
    what TEXT, why TEXT, hint TEXT) WITHOUT ROWID;
CREATE INDEX file_identity ON file (inode, size, mtime_ns);
CREATE INDEX file_content ON file (size, mark) WHERE mark IS NOT NULL;
CREATE TABLE verdict (
    first INTEGER NOT NULL, second INTEGER NOT NULL, turn INTEGER NOT NULL, rule TEXT NOT NULL, same INTEGER NOT NULL,
    PRIMARY KEY (first, second, turn, rule)) WITHOUT ROWID;
CREATE TABLE refused (first TEXT NOT NULL, second TEXT NOT NULL, decided TEXT NOT NULL,
    PRIMARY KEY (first, second)) WITHOUT ROWID;
"""
LATER = """
CREATE TABLE IF NOT EXISTS corners (
    id INTEGER PRIMARY KEY REFERENCES content(id) ON DELETE CASCADE, version INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS views (
    id INTEGER PRIMARY KEY REFERENCES content(id) ON DELETE CASCADE, version TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS extras (
    id INTEGER PRIMARY KEY REFERENCES content(id) ON DELETE CASCADE, tones INTEGER NOT NULL, bits INTEGER NOT NULL,
    alpha INTEGER NOT NULL, wide INTEGER NOT NULL, movie INTEGER NOT NULL, gain_map INTEGER NOT NULL,
    further INTEGER NOT NULL, described INTEGER NOT NULL, chroma BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS frames (
    id INTEGER PRIMARY KEY REFERENCES content(id) ON DELETE CASCADE, version INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS damage (
    id INTEGER PRIMARY KEY REFERENCES content(id) ON DELETE CASCADE, version INTEGER NOT NULL, words TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refused_files (
    first TEXT NOT NULL, second TEXT NOT NULL, path BLOB NOT NULL, other BLOB NOT NULL,
    PRIMARY KEY (first, second)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS searched (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, contents BLOB NOT NULL);
"""
"""Came later than the schema's version; whoever doesn't know these tables is not disturbed by them."""
KNOWN = """
CREATE TABLE IF NOT EXISTS known_folder (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS known_file (
    folder INTEGER NOT NULL, name BLOB NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    device INTEGER NOT NULL, inode INTEGER NOT NULL, version INTEGER NOT NULL, mark BLOB, digest BLOB,
    content INTEGER, what TEXT, why TEXT, hint TEXT, PRIMARY KEY (folder, name)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS known_file_identity ON known_file (inode, size);
CREATE INDEX IF NOT EXISTS known_file_content ON known_file (size, mark) WHERE mark IS NOT NULL;
CREATE TABLE IF NOT EXISTS known_content (
    id INTEGER PRIMARY KEY, format TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    frames INTEGER NOT NULL, codes BLOB NOT NULL, texture REAL NOT NULL, sharpness REAL NOT NULL,
    jpeg_quality INTEGER, has_exif INTEGER NOT NULL, has_gps INTEGER NOT NULL, captured TEXT NOT NULL,
    camera TEXT NOT NULL, tones INTEGER, bits INTEGER, alpha INTEGER, wide INTEGER, movie INTEGER, gain_map INTEGER,
    further INTEGER, described INTEGER, pixels TEXT, earlier INTEGER);
CREATE TABLE IF NOT EXISTS known_small (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS known_frames (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS known_damage (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, words TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS known_views (id INTEGER PRIMARY KEY, version TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS known_inner (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS known_corners (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS known_rule (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS known_verdict (
    rule INTEGER NOT NULL, turn INTEGER NOT NULL, first INTEGER NOT NULL, second INTEGER NOT NULL,
    same INTEGER NOT NULL, PRIMARY KEY (rule, turn, first, second)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known_search (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, contents BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS known_takeover (id INTEGER PRIMARY KEY CHECK (id = 0), ahead INTEGER NOT NULL);
"""
"""What this version knows.  ``known_folder.path`` ends in the separator; ``mark`` and ``digest`` are packed by
``packing.packed_hex``, ``known_small.data`` is ``packing.packed``."""
CONTENT = "format, width, height, frames, codes, texture, sharpness, jpeg_quality, has_exif, has_gps, captured, camera"
EXTRAS = "tones, bits, alpha, wide, movie, gain_map, further, described"
FILE = "size, mtime_ns, device, inode, version, mark, digest, content, what, why, hint"
FACTS = f"f.digest, f.content, f.what, f.why, f.hint, {CONTENT}, {EXTRAS}, earlier, pixels, f.mark"
"""Columns of ``catalog.Known``."""
JOINED = "known_file f LEFT JOIN known_content c ON c.id = f.content"


def columns_of(fingerprint: Fingerprint) -> tuple[Any, ...]:
    """The values of ``CONTENT`` and ``EXTRAS``."""
    one, more = fingerprint, fingerprint.extras
    facts = (one.format, one.width, one.height, one.frames, one.codes, one.texture, one.sharpness, one.jpeg_quality)
    stated = (one.has_exif, one.has_gps, one.captured, one.camera)
    if more == PLAIN:
        return (*facts, *stated, *(None,) * 8)
    flags = (more.alpha, more.wide, more.movie, more.gain_map)
    return (*facts, *stated, more.tones.value, more.bits, *flags, more.further, more.described.value)


def fingerprint_of(facts: Sequence[Any], earlier_quality: int | None) -> Fingerprint:
    """A fingerprint from ``CONTENT`` and ``EXTRAS``, without its small picture and its colours."""
    kind, width, height, frames, codes, texture, sharpness, jpeg_quality, *facts = facts
    has_exif, has_gps, captured, camera, *extras = facts
    return Fingerprint(
        format=kind,
        width=width,
        height=height,
        frames=frames,
        small=b"",
        codes=codes,
        texture=texture,
        sharpness=sharpness,
        jpeg_quality=jpeg_quality,
        has_exif=bool(has_exif),
        has_gps=bool(has_gps),
        captured=captured,
        camera=camera,
        earlier_quality=earlier_quality,
        extras=PLAIN if extras[0] is None else _extras(extras),
    )


def _extras(facts: Sequence[Any]) -> Extras:
    tones, bits, alpha, wide, movie, gain_map, further, described = facts
    return Extras(
        Tones(tones), bits, bool(alpha), bool(wide), bool(movie), bool(gain_map), further, Described(described)
    )
