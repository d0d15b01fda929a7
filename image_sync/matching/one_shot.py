"""Verdict on two pictures alone: whether they are versions of one shot.

For who has two files and no search: a job that meets two pictures under one name.  The eyes and the threshold are those
of the search at its default, in every position; a crop or a strong edit that they don't know again is one of its
original by the moment and the camera.
"""

from __future__ import annotations

from image_sync.base.model import Fingerprint
from image_sync.matching.threshold import DEFAULT_THRESHOLD
from image_sync.matching.verify import confirm
from image_sync.pictures.hashes import codes_of_turns, similarity


def are_one_shot(first: Fingerprint, second: Fingerprint) -> bool:
    """Whether two pictures show the same, or were taken by one camera in one second."""
    if first.captured and first.camera and (first.captured, first.camera) == (second.captured, second.camera):
        return True
    for turn, codes in enumerate(codes_of_turns(second.small)):
        score = similarity(first.codes, codes)
        if score >= DEFAULT_THRESHOLD and confirm(first, second, score, DEFAULT_THRESHOLD, turn):
            return True
    return False
