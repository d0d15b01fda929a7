"""Pairs of pictures that show nearly the same and are not: one small thing differs, and it is what they are about.

Made after what real libraries hold: screens of one application (a switch, a digit, another line, another button),
charts in one frame, store pages in two languages, one photo with two texts across, goods in two colours, two potatoes
on one turntable.  A pair is never the same picture, whatever is done to either.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Pair = tuple[Image.Image, Image.Image]
TEXT = (
    "account add allow appearance backup battery cancel change choose close copy data delete device display done "
    "download file folder general language later local location more name network new next notifications off offline "
    "open password phone photo privacy receive remove replace restore save search security send server settings share "
    "skip sound storage sync update upload version wallpaper"
)
OTHER_TEXT = (
    "konto hinzufügen erlauben ansicht sicherung akku abbrechen ändern wählen schließen kopieren daten löschen gerät "
    "anzeige fertig laden datei ordner allgemein sprache später lokal ort mehr name netzwerk neu weiter meldungen aus"
)
WORDS, OTHER_WORDS = TEXT.split(), OTHER_TEXT.split()
LOUD = ("WHEN THE BUILD", "ONE DOES NOT", "MONDAY", "NOBODY:", "SUCH WOW", "BRACE YOURSELF", "NOT SURE IF", "Y U NO")
LOUDER = ("PASSES AT ONCE", "JUST DELETE IT", "AGAIN", "ABSOLUTELY NOBODY", "MUCH PHOTO", "EXAMS ARE COMING", "FIX IT")


def _font(size: float) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(max(8, round(size)))


# --- screens ----------------------------------------------------------------------------------------------------------


def screen(seed: int) -> Pair:
    """A screen of settings, and the same with one thing other: a switch, a digit, a line, a button, a marked row."""
    change = seed % 6
    return _screen(seed, -1), _screen(seed, change)


def _screen(seed: int, change: int) -> Image.Image:
    chance, other = random.Random(seed), random.Random(seed * 7 + 1)
    dark = seed % 3 == 0
    ground, ink, faint = ("#121212", "#eeeeee", "#9a9a9a") if dark else ("#ffffff", "#202020", "#707070")
    accent = chance.choice(("#0082c9", "#3f51b5", "#2e7d32", "#c62828"))
    width, height = chance.choice(((500, 833), (440, 587), (720, 1280), (1080, 1920)))
    unit = width / 24
    picture = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width, unit * 2.4), fill=accent)
    draw.text((unit, unit * 0.6), " ".join(chance.choices(WORDS, k=2)).title(), font=_font(unit * 1.1), fill="white")
    rows = max(3, int((height - unit * 7) / (unit * 3.2)))
    rows = min(rows, chance.randint(3, 10))
    changed = chance.randrange(rows)
    for row in range(rows):
        top = unit * (3 + row * 3.2)
        here = change >= 0 and row == changed
        title = " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))
        number = chance.randint(100, 999)
        on = chance.random() < 0.5
        if here and change == 3:
            title = " ".join(other.choices(WORDS, k=2))
        if here and change == 2:
            number = (number - 100 + other.choice((111, 222, 357))) % 900 + 100
        if here and change == 5:
            draw.rectangle((0, top - unit * 0.3, width, top + unit * 2.7), fill="#334455" if dark else "#dfe8f2")
        draw.text((unit, top), title.capitalize(), font=_font(unit * 0.95), fill=ink)
        draw.text((unit, top + unit * 1.25), f"{number} KB, 1/19/1970", font=_font(unit * 0.8), fill=faint)
        _control(draw, (width - unit * 3, top + unit * 0.6), unit, row % 2, on != (here and change in (0, 1)), accent)
    foot = height - unit * 2.2
    draw.text((width - unit * 4, foot), "OK", font=_font(unit), fill=accent)
    if change == 4:
        draw.text((width - unit * 10, foot), "Cancel", font=_font(unit), fill=accent)
    return picture


def _control(draw: ImageDraw.ImageDraw, at: tuple[float, float], unit: float, kind: int, on: bool, accent: str) -> None:
    """A switch (kind 0) or a box to be ticked."""
    x, y = at
    if kind == 0:
        draw.rounded_rectangle((x, y, x + unit * 1.8, y + unit), unit / 2, fill=accent if on else "#b0b0b0")
        left = x + unit * (0.85 if on else 0.05)
        draw.ellipse((left, y + unit * 0.05, left + unit * 0.9, y + unit * 0.95), fill="white")
        return
    box = (x + unit * 0.6, y, x + unit * 1.6, y + unit)
    draw.rectangle(
        box, fill=accent if on else None, outline=accent if on else "#808080", width=max(1, round(unit / 10))
    )
    if on:
        tick = ((box[0] + unit * 0.2, y + unit * 0.5), (box[0] + unit * 0.45, y + unit * 0.75))
        draw.line((*tick, (box[0] + unit * 0.85, y + unit * 0.25)), fill="white", width=max(1, round(unit / 8)))


# --- charts, store pages ----------------------------------------------------------------------------------------------


def chart(seed: int) -> Pair:
    """Two charts in one frame: other bars, or another line."""
    return _chart(seed, seed * 2), _chart(seed, seed * 2 + 1)


def _chart(frame: int, values: int) -> Image.Image:
    layout, chance = random.Random(frame), random.Random(values)
    width, height = layout.choice(((640, 480), (800, 400), (1000, 700)))
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = width * 0.1, height * 0.12, width * 0.95, height * 0.86
    draw.text(
        (width * 0.35, height * 0.03), " ".join(layout.choices(WORDS, k=3)), font=_font(height / 24), fill="black"
    )
    for line in range(6):
        y = bottom - (bottom - top) * line / 5
        draw.line((left, y, right, y), fill="#dddddd")
        draw.text((width * 0.04, y - height / 50), str(line * 20), font=_font(height / 36), fill="#444444")
    draw.rectangle((left, top, right, bottom), outline="black")
    count = layout.randint(6, 14)
    colour = layout.choice(("#1f77b4", "#d62728", "#2ca02c"))
    heights = [chance.uniform(0.1, 0.95) for _ in range(count)]
    step = (right - left) / count
    if frame % 2:
        points = [(left + step * (k + 0.5), bottom - (bottom - top) * h) for k, h in enumerate(heights)]
        draw.line(points, fill=colour, width=3)
    else:
        base = random.Random(frame + 5)
        for k, h in enumerate(heights):
            # Most bars are the same in both, two differ.
            h = h if k in (frame % count, (frame * 3 + 1) % count) else base.uniform(0.1, 0.95)
            box = (left + step * (k + 0.2), bottom - (bottom - top) * h, left + step * (k + 0.8), bottom)
            draw.rectangle(box, fill=colour)
    return picture


def store_page(seed: int, photo: Image.Image) -> Pair:
    """The page of a store, a telephone with a picture below a line of text, in two languages."""
    return _store_page(seed, photo, WORDS), _store_page(seed, photo, OTHER_WORDS)


def _store_page(seed: int, photo: Image.Image, words: Sequence[str]) -> Image.Image:
    layout, chance = random.Random(seed), random.Random(f"{seed} {words[0]}")
    picture = Image.new("RGB", (540, 960), layout.choice(("#0082c9", "#fafafa", "#263238", "#ff7043")))
    draw = ImageDraw.Draw(picture)
    ink = "#202020" if picture.getpixel((0, 0)) == (250, 250, 250) else "white"
    for line in range(layout.randint(1, 2)):
        text = " ".join(chance.choices(words, k=2)).capitalize()
        draw.text((50, 50 + 50 * line), text, font=_font(38), fill=ink)
    shown = photo.convert("RGB").resize((380, 560))
    draw.rounded_rectangle((65, 185, 475, 900), 30, fill="#111111")
    picture.paste(shown, (80, 230))
    draw.text((95, 800), " ".join(chance.choices(words, k=3)), font=_font(24), fill="#dddddd")
    return picture


# --- one photo, two texts ---------------------------------------------------------------------------------------------


def meme(seed: int, photo: Image.Image) -> Pair:
    """One photo with other texts across."""
    chance = random.Random(seed)
    texts = list(zip(chance.sample(LOUD, 2), chance.sample(LOUDER, 2), strict=True))
    if seed % 3 == 0:
        texts[1] = (texts[0][0], texts[1][1])
    return _meme(photo, *texts[0]), _meme(photo, *texts[1])


def _meme(photo: Image.Image, head: str, foot: str) -> Image.Image:
    picture = photo.convert("RGB").copy()
    draw, size = ImageDraw.Draw(picture), picture.width / 14
    for text, y in ((head, picture.height * 0.02), (foot, picture.height * 0.84)):
        font = _font(size)
        left = (picture.width - draw.textlength(text, font=font)) / 2
        draw.text((left, y), text, font=font, fill="white", stroke_width=max(1, round(size / 14)), stroke_fill="black")
    return picture


# --- goods ------------------------------------------------------------------------------------------------------------

COLOURS = ((200, 40, 40), (40, 70, 200), (40, 160, 50), (230, 190, 30), (130, 40, 160), (235, 120, 20))


def goods(seed: int) -> Pair:
    """A thing of the same form in two colours of like lightness."""
    chance = random.Random(seed)
    one, other = chance.sample(COLOURS, 2)
    return _thing(seed, one), _thing(seed, _as_light(other, one))


def _as_light(colour: tuple[int, int, int], wanted: tuple[int, int, int]) -> tuple[int, int, int]:
    weights = (0.299, 0.587, 0.114)
    share = sum(w * c for w, c in zip(weights, wanted, strict=True)) / sum(
        w * c for w, c in zip(weights, colour, strict=True)
    )
    scaled = tuple(min(255, round(c * share)) for c in colour)
    return scaled[0], scaled[1], scaled[2]


def _thing(seed: int, colour: tuple[int, int, int]) -> Image.Image:
    chance = random.Random(seed)
    grey = Image.new("L", (600, 600), 255)
    draw = ImageDraw.Draw(grey)
    if seed % 2:
        wide = chance.randint(90, 150)
        body = [(300 - wide, 200), (240, 70), (270, 90), (330, 90), (360, 70), (300 + wide, 200), (300 + wide, 550)]
        draw.polygon([*body, (300 - wide, 550)], fill=0)
        draw.polygon([(245, 75), (70, 200), (130, 290), (220, 220)], fill=0)
        draw.polygon([(355, 75), (530, 200), (470, 290), (380, 220)], fill=0)
    else:
        draw.rounded_rectangle((150, 120, 450, 520), chance.randint(20, 120), fill=0)
        draw.arc((400, 220, 540, 420), -90, 90, fill=0, width=30)
    shape = np.asarray(grey.filter(ImageFilter.GaussianBlur(1)), np.float32) / 255
    down, across = np.mgrid[0:600, 0:600].astype(np.float32)
    shade = 0.85 + 0.15 * np.sin(across / chance.uniform(12, 40)) * np.cos(down / chance.uniform(30, 90))
    lit = shade[:, :, None] * np.array(colour, np.float32)
    result = lit * (1 - shape[:, :, None]) + 255 * shape[:, :, None]
    return Image.fromarray(np.clip(result, 0, 255).astype(np.uint8))


def potatoes(seed: int) -> Pair:
    """Two potatoes in the same place on one turntable: much the same outline, other spots."""
    return _potato(seed, seed * 2), _potato(seed, seed * 2 + 1)


def _potato(outline: int, skin: int) -> Image.Image:
    layout, chance = random.Random(outline), random.Random(skin)
    picture = Image.new("RGB", (800, 600), layout.choice(((235, 235, 235), (30, 30, 32), (180, 200, 220))))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((100, 330, 700, 590), fill=(120, 120, 125))
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    waves = [(layout.uniform(0, 18) + chance.uniform(-5, 5), chance.uniform(0, 0.3), k) for k in (2, 3, 4)]
    radius = 150 + sum(a * np.cos(k * angles + p) for a, p, k in waves)
    points = [(400 + 1.35 * r * np.cos(t), 330 + r * np.sin(t)) for r, t in zip(radius, angles, strict=True)]
    draw.polygon(points, fill=(176, 140, 90))
    for _ in range(chance.randint(14, 26)):
        x, y, size = chance.uniform(260, 540), chance.uniform(230, 420), chance.uniform(4, 13)
        draw.ellipse((x, y, x + size * 1.4, y + size), fill=(120, 90, 55))
    noise = np.random.default_rng(skin).normal(0, 5, (600, 800, 1))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


MADE: Mapping[str, Callable[[int], Pair]] = {
    "screens": screen,
    "charts": chart,
    "goods in two colours": goods,
    "potatoes": potatoes,
}
"""Pairs that need no photo."""
ON_PHOTOS: Mapping[str, Callable[[int, Image.Image], Pair]] = {"store pages": store_page, "memes": meme}
"""Pairs that are made on a photo."""
