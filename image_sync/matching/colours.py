"""Comparison of colours of two pictures: another hue in a region is another thing, a toning of all is none.

A shirt in red and the same in blue have one grey picture.  Sepia, grey, a warmer light and a harder contrast change
colours too, but all of them in one way: by a curve for each channel, or to a single faint hue.  Needs OpenCV.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from image_sync.matching import toning

Colour = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIDE = 96
COLOURFUL, STRONG, DULL = 20.0, 32.0, 8.0
"""Chroma in CIELAB from which on a pixel has a colour, a strong one, or below which it has none."""
SAME_HUE = 0.93
"""Cosine of the angle between hues that may pass for one: 21 degrees."""
PATCH = 0.03
"""Share of the picture that must have another colour."""
UNTOUCHED = 0.005
"""Share that may still have another colour once each channel has its curve."""
RICH = 10
"""Steps of 32 that each channel must have all over the picture for its curve to say anything: a thing of one colour on
a plain ground has few, and can be made of any other."""
FAINT_HUE, ONE_HUE = 30.0, 5.0
"""Chroma that a sepia has at most, and by how much its chroma may stray from what the lightness gives."""
_CLIPPED, _BRIGHT = 250, 170


def differ(first: Colour, second: Colour) -> bool:
    """Whether a part of two pictures (rows, columns, 3), which lie on one another, has another colour."""
    one, other = _reduced(first), _reduced(second)
    lab = [_lab(picture) for picture in (one, other)]
    if any(_toned_to_one(values) for values in lab):
        return False
    (near, far), cosine = (_chroma(values) for values in lab), _cosine(*lab)
    counted = ~_clipped(one, other)
    coloured = (near > COLOURFUL) & (far > COLOURFUL) & counted
    other_hue = coloured & (cosine < SAME_HUE) & (np.maximum(near, far) > STRONG)
    if other_hue.mean() >= PATCH:
        return not _by_curves(one, other, lab[0])
    lost = (np.minimum(near, far) < DULL) & (np.maximum(near, far) > STRONG) & counted
    kept = coloured & (cosine >= SAME_HUE)
    return bool(lost.mean() >= PATCH and kept.mean() >= PATCH and not _by_curves(one, other, lab[0]))


def _by_curves(one: Colour, other: Colour, lab: Floats) -> bool:
    """Whether a curve for each channel makes the colours of the second those of the first."""
    if min(toning.richness(np.ascontiguousarray(one[..., channel])) for channel in range(3)) < RICH:
        return False
    chroma = _chroma(lab)
    channels = [_toned(other[..., channel], one[..., channel]) for channel in range(3)]
    toned = _lab(np.stack(channels, axis=2))
    coloured = (chroma > COLOURFUL) & (_chroma(toned) > COLOURFUL)
    return bool((coloured & (_cosine(lab, toned) < SAME_HUE)).mean() < UNTOUCHED)


def _toned(source: Colour, wanted: Colour) -> Colour:
    return toning.curve(np.ascontiguousarray(source), np.ascontiguousarray(wanted), lines=4)[source]


def _toned_to_one(lab: Floats) -> bool:
    """Whether a picture is grey, or of one faint hue that goes with the lightness, like a sepia."""
    strongest = float(np.quantile(_chroma(lab), 0.95))
    if strongest > FAINT_HUE:
        return False
    lightness = lab[..., 0].ravel() / 128
    powers = np.stack((np.ones_like(lightness), lightness, lightness * lightness), axis=1)
    values = lab[..., 1:].reshape(-1, 2)
    fitted = powers @ np.linalg.lstsq(powers, values, rcond=None)[0]
    return bool(np.sqrt(((values - fitted) ** 2).sum(axis=1).mean()) < ONE_HUE)


def _clipped(one: Colour, other: Colour) -> NDArray[np.bool_]:
    """The pixels of which a channel is at its end in one picture and bright in the other: there the hue is lost."""
    first = (one >= _CLIPPED) & (other > _BRIGHT) & (other < _CLIPPED)
    second = (other >= _CLIPPED) & (one > _BRIGHT) & (one < _CLIPPED)
    return np.asarray((first | second).any(axis=2))


def _reduced(picture: Colour) -> Colour:
    import cv2

    return np.asarray(cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _lab(picture: Colour) -> Floats:
    """Lightness and the two axes of colour, these from -128 to 127."""
    import cv2

    values = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB), np.float32)
    values[..., 1:] -= 128
    return values


def _chroma(lab: Floats) -> Floats:
    return np.asarray(np.hypot(lab[..., 1], lab[..., 2]), np.float32)


def _cosine(first: Floats, second: Floats) -> Floats:
    dot = (first[..., 1:] * second[..., 1:]).sum(axis=2)
    return np.asarray(dot / (_chroma(first) * _chroma(second) + 1e-6), np.float32)
