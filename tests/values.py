"""Values for tests of pure rules: records, fingerprints and pictures that never were on a disk."""

from __future__ import annotations

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord, Fingerprint, Picture


def record(
    relative: str,
    *,
    root: str = "/one",
    size: int = 1000,
    mtime_ns: int = 10**18,
    inode: int = 0,
    device: int = 1,
    kind: FileKind = FileKind.PICTURE,
) -> FileRecord:
    """A file record; ``inode`` is made of the path when not given."""
    return FileRecord(
        root=root,
        relative=relative,
        size=size,
        mtime_ns=mtime_ns,
        ctime_ns=mtime_ns,
        device=device,
        inode=inode or abs(hash(paths.join(root, relative))) + 1,
        links=1,
        mode=0o644,
        kind=kind,
    )


def fingerprint(captured: str = "", camera: str = "", width: int = 400, height: int = 300) -> Fingerprint:
    """A fingerprint of a picture that was never decoded."""
    return Fingerprint(
        format="JPEG",
        width=width,
        height=height,
        frames=1,
        small=bytes(4096),
        codes=bytes(32),
        texture=50.0,
        sharpness=100.0,
        captured=captured,
        camera=camera,
    )


def picture(
    relative: str,
    *,
    root: str = "/one",
    captured: str = "",
    camera: str = "",
    digest: str | None = None,
    reference: bool = False,
    companions: tuple[FileRecord, ...] = (),
    size: int = 1000,
    device: int = 1,
) -> Picture:
    """A picture at ``relative`` below ``root``."""
    return Picture(
        record(relative, root=root, size=size, device=device),
        fingerprint(captured, camera),
        digest,
        reference,
        companions,
    )
