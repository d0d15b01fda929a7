"""Viewport on two pictures of different sizes: one zoom and one place for both.

Both pictures lie in one frame, that of the larger one; what is seen of it is seen of both.  Pure arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Size = tuple[int, int]
Rectangle = tuple[float, float, float, float]

STEP = 1.25
"""Factor between two steps of zoom."""
LARGEST = 16.0
"""Screen pixels for one of the frame, at the most."""
STRETCHED = 0.02
"""Difference in shape up to which a picture is taken to fill the frame: the rounding of a reduced copy's sides."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """Part of the frame that is seen: ``zoom`` screen pixels for one of the frame around the point ``x``, ``y`` of it;
    a ``zoom`` of 0 shows the whole frame, whatever the room."""

    zoom: float = 0.0
    x: float = 0.0
    y: float = 0.0


def frame_of(left: Size, right: Size) -> Size:
    """The size of the frame of two pictures: that of the one with more pixels."""
    return max(left, right, key=lambda size: size[0] * size[1])


def place_in(frame: Size, size: Size) -> Rectangle:
    """Place of a picture in the frame: all over it where it has its shape, else as large as fits, in the middle."""
    wide, high = frame
    if abs(size[0] * high / (size[1] * wide) - 1) <= STRETCHED:
        return 0.0, 0.0, float(wide), float(high)
    scale = min(wide / size[0], high / size[1])
    across, down = size[0] * scale, size[1] * scale
    left, top = (wide - across) / 2, (high - down) / 2
    return left, top, left + across, top + down


def fitting(frame: Size, room: Size) -> float:
    """The zoom at which the whole frame is seen; never beyond twice its size, where a stamp would fill a screen."""
    return min(room[0] / frame[0], room[1] / frame[1], 2.0)


def settled(view: Viewport, frame: Size, room: Size) -> Viewport:
    """The view with a zoom of its own, its place such that no room is left empty that could be filled."""
    least = fitting(frame, room)
    zoom = min(max(view.zoom, min(least, 1.0)), max(LARGEST, least)) if view.zoom else least
    x = _within(view.x if view.zoom else frame[0] / 2, frame[0], room[0] / zoom)
    y = _within(view.y if view.zoom else frame[1] / 2, frame[1], room[1] / zoom)
    return Viewport(zoom, x, y)


def _within(at: float, whole: int, seen: float) -> float:
    if seen >= whole:
        return whole / 2
    return min(max(at, seen / 2), whole - seen / 2)


def zoomed(view: Viewport, factor: float, at: tuple[float, float], frame: Size, room: Size) -> Viewport:
    """Zoomed so that the point ``at`` of the room (from its upper left corner) stays where it is."""
    now = settled(view, frame, room)
    after = settled(replace(now, zoom=now.zoom * factor), frame, room).zoom
    dx, dy = at[0] - room[0] / 2, at[1] - room[1] / 2
    x, y = now.x + dx / now.zoom - dx / after, now.y + dy / now.zoom - dy / after
    return settled(Viewport(after, x, y), frame, room)


def moved(view: Viewport, dx: float, dy: float, frame: Size, room: Size) -> Viewport:
    """Dragged by so many screen pixels: what was under the mouse stays under it."""
    now = settled(view, frame, room)
    return settled(replace(now, x=now.x - dx / now.zoom, y=now.y - dy / now.zoom), frame, room)


def seen(view: Viewport, frame: Size, room: Size) -> Rectangle:
    """The part of the frame that is seen in a room, which may reach beyond the frame."""
    now = settled(view, frame, room)
    across, down = room[0] / now.zoom, room[1] / now.zoom
    return now.x - across / 2, now.y - down / 2, now.x + across / 2, now.y + down / 2
