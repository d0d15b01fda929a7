"""Codes that vary as those of photos do, without a million photos, and pairs of them that lie near one another.

Some thousand pictures are made whose spectra fall as those of photos, with more light above than below, and hashed.
From them it is learned how often each bit is set and which bits go together; codes are then drawn so that both are the
same (a Gaussian cut at thresholds).  Near pairs are made in two ways: bits flipped at random, and as edits do it, by
moving a code's Gaussian a little, so that the bits flip that were near their thresholds, and together those that go
together.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from image_sync.pictures.code_layout import CODE_BITS, SIDE
from image_sync.pictures.hashes import codes_of_many

BITS = CODE_BITS
NEAREST, FARTHEST = 1, 38
PLANTED = 10
"""One code of so many has a near one."""

_LEARNED_FROM = 6000
_CHUNK = 20_000
_FIELD = 2 * SIDE

Codes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def codes(count: int, seed: int = 0) -> Codes:
    """``count`` codes (count, 32), near ones among them, in an order of no meaning."""
    generator = np.random.default_rng(seed)
    factor, thresholds = _learned(_smalls(_LEARNED_FROM, np.random.default_rng(seed + 1)))
    near = count // PLANTED
    made = []
    for begin in range(0, count - near, _CHUNK):
        number = min(_CHUNK, count - near - begin)
        share = (begin + number) * near // (count - near) - begin * near // (count - near)
        made += _chunk(number, min(share, number), factor, thresholds, generator)
    every = np.concatenate(made)
    return np.ascontiguousarray(every[generator.permutation(len(every))])


def _chunk(
    number: int, near: int, factor: Floats, thresholds: Floats, generator: np.random.Generator
) -> Iterator[Codes]:
    drawn = generator.standard_normal((number, BITS), dtype=np.float32) @ factor
    bits = drawn > thresholds
    yield np.packbits(bits, axis=1)
    edited = near // 2
    # How far an edit moves a code: from hardly to so far that some come out farther apart than is searched.
    strength = generator.uniform(0.02, 0.5, (edited, 1)).astype(np.float32)
    moved = drawn[:edited] + strength * (generator.standard_normal((edited, BITS), dtype=np.float32) @ factor)
    yield np.packbits(moved > thresholds, axis=1)
    flipped = bits[edited:near].copy()
    ranks = generator.random(flipped.shape).argsort(axis=1)
    flipped ^= ranks < generator.integers(NEAREST, FARTHEST + 1, (len(flipped), 1))
    yield np.packbits(flipped, axis=1)


def _learned(smalls: Codes) -> tuple[Floats, Floats]:
    """A factor (256, 256) of the bits' correlation as Gaussians, and the thresholds (256,) that set them as often."""
    bits = np.unpackbits(codes_of_many(smalls), axis=1).astype(np.float64)
    often = bits.mean(axis=0)
    varying = (often > 0.002) & (often < 0.998)
    centred = (bits - often) / np.where(varying, np.sqrt(often * (1 - often)), 1.0)
    # Of two Gaussians cut at their medians the bits correlate by 2/pi arcsin of what the Gaussians do.
    latent = np.sin(np.pi / 2 * np.clip(centred.T @ centred / len(bits), -1, 1))
    values, vectors = np.linalg.eigh(latent)
    root = vectors * np.sqrt(np.maximum(values, 1e-4))
    root /= np.sqrt(np.square(root).sum(axis=1, keepdims=True))
    drawn = np.random.default_rng(0).standard_normal((20_000, BITS)) @ root.T
    thresholds = np.array([np.quantile(drawn[:, bit], 1 - share) for bit, share in enumerate(often)])
    thresholds[~varying] = np.where(often[~varying] > 0.5, -100.0, 100.0)
    return root.T.astype(np.float32), thresholds.astype(np.float32)


def _smalls(count: int, generator: np.random.Generator) -> Codes:
    """Small pictures (count, 64, 64): a random field whose spectrum falls, lit from above, of some contrast."""
    down, across = np.meshgrid(np.fft.fftfreq(_FIELD), np.fft.rfftfreq(_FIELD), indexing="ij")
    radius = np.hypot(down, across)
    radius[0, 0] = 1.0
    light = np.linspace(1, -1, SIDE)[None, :, None]
    made = []
    for begin in range(0, count, 500):
        number = (min(500, count - begin), 1, 1)
        spectrum = radius ** -generator.uniform(1.0, 1.9, number)
        phases = generator.standard_normal((*number[:1], *radius.shape)) + 1j * generator.standard_normal(radius.shape)
        field = np.fft.irfft2(phases * spectrum)[:, :SIDE, :SIDE]
        field -= field.mean(axis=(1, 2), keepdims=True)
        field /= field.std(axis=(1, 2), keepdims=True)
        field += light * generator.normal(0.5, 0.8, number)
        field += 0.4 * generator.normal(0, 0.5, number) * field**2
        made.append(128 + generator.normal(0, 20, number) + field * generator.uniform(20, 60, number))
    return np.clip(np.concatenate(made), 0, 255).astype(np.uint8)
