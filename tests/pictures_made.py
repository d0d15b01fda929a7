"""Pictures that tests make for themselves: scenes with real texture, and edits of them."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter


def scene(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A colour picture of ``size`` (width, height) that looks like a scene: smooth shapes, edges and grain.

    Two seeds give pictures that no rule should call the same.
    """
    return _scene(seed, size).copy()


@lru_cache(maxsize=128)
def _scene(seed: int, size: tuple[int, int]) -> Image.Image:
    generator = np.random.default_rng(seed)
    width, height = size
    layers = []
    for cells in (3, 7, 17):
        grid = generator.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
        layer = Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC)
        layers.append(np.asarray(layer, dtype=np.float32))
    mixed = 0.5 * layers[0] + 0.3 * layers[1] + 0.2 * layers[2]
    mixed += generator.normal(0, 4, (height, width, 1)).astype(np.float32)
    for _ in range(4):
        left, top = generator.integers(0, width), generator.integers(0, height)
        right, bottom = left + generator.integers(width // 8, width // 3), top + generator.integers(8, height // 3)
        mixed[top:bottom, left:right] += generator.integers(-90, 90, 3)
    return Image.fromarray(np.clip(mixed, 0, 255).astype(np.uint8))


def save(picture: Image.Image, path: Path, mtime: float | None = None, **options: object) -> Path:
    """Write ``picture`` to ``path`` (folders are made), with the modification time ``mtime`` in seconds if given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, **options)
    if mtime is not None:
        os.utime(path, (mtime, mtime))
    return path


def edited(picture: Image.Image) -> Image.Image:
    """A light edit that stays the same picture: a little smaller and a little softer."""
    width, height = picture.size
    return picture.resize((width * 3 // 4, height * 3 // 4)).filter(ImageFilter.GaussianBlur(0.6))
