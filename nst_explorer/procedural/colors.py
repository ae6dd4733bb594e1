"""Colors of the pictures made by code: one pool of 60 palettes that all families share.

Because families and looks draw from the same pool, a picture's colors alone do not tell what it is: a network that
learns to tell the pictures apart must look at their strokes, cells and stripes.
"""

import colorsys
from functools import cache

import numpy as np

PALETTES = 60
_BY_HAND = (
    "0b1f3a 1d4e89 3a7ca5 f2c14e f78154",
    "264653 2a9d8f e9c46a f4a261 e76f51",
    "1b1b2f 4b3f72 b56576 e56b6f eaac8b",
    "2d3a1f 606c38 a3b18a fefae0 bc6c25",
    "3d0c11 780000 c1121f fdf0d5 669bbc",
    "0d1b2a 415a77 778da9 e0e1dd c9a227",
    "132a13 31572c 4f772d 90a955 ecf39e",
    "22223b 4a4e69 9a8c98 c9ada7 f2e9e4",
    "003049 d62828 f77f00 fcbf49 eae2b7",
    "10002b 3c096c 7b2cbf c77dff f9c74f",
    "161a1d 5f0f40 9a031e fb8b24 e36414",
    "05668d 028090 00a896 02c39a f0f3bd",
    "2b2d42 8d99ae edf2f4 ef233c d90429",
    "582f0e 7f4f24 936639 b6ad90 e4dcc4",
    "0a2342 2ca58d 84bc9c fffdf7 f46197",
    "1f2041 4b3f72 ffc857 119da4 f4f1de",
    "231942 5e548e 9f86c0 be95c4 e0b1cb",
    "14213d 33415c fca311 e5e5e5 8e9aaf",
    "081c15 1b4332 40916c 95d5b2 ffe5b4",
    "0f0e17 ff8906 f25f4c e53170 fffffe",
    "3b1f2b 83677b db5461 f0b7a4 fbf5e9",
    "012a4a 2a6f97 61a5c2 a9d6e5 fefae0",
    "1a1423 372549 774c60 b75d69 eacdc2",
    "2f1b12 6b3e26 c68642 f4c95d d9e4dd",
)


@cache
def list_palettes() -> tuple[np.ndarray, ...]:
    """Returns the pool: 60 palettes of (n, 3) float32, RGB in [0, 1], three to seven colors each."""
    by_hand = [np.array([list(bytes.fromhex(code)) for code in text.split()]) / 255 for text in _BY_HAND]
    by_scheme = [_compose_palette(number) for number in range(PALETTES - len(by_hand))]
    return tuple(palette.astype(np.float32) for palette in by_hand + by_scheme)


def pick_palette(look: np.random.Generator) -> np.ndarray:
    """Returns one palette of the pool in an order of its own: (n, 3) float32, RGB in [0, 1]."""
    return look.permutation(list_palettes()[look.integers(PALETTES)])


def sort_by_light(palette: np.ndarray) -> np.ndarray:
    """Returns a palette from its darkest color to its lightest: (n, 3)."""
    return palette[np.argsort(palette @ np.array([0.30, 0.59, 0.11], palette.dtype), kind="stable")]


def blend(palette: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Returns colors at positions in [0, 1] along a palette, without steps: (..., 3) float32."""
    places = np.linspace(0, len(palette) - 1, 1024)
    table = np.stack([np.interp(places, np.arange(len(palette)), channel) for channel in palette.T], axis=-1)
    return table.astype(np.float32)[(np.clip(position, 0, 1) * 1023).astype(np.int32)]


def choose_colors(random: np.random.Generator, palette: np.ndarray, count: int, spread: float = 0.05) -> np.ndarray:
    """Returns `count` colors out of a palette, each a little lighter or darker and of another hue: (count, 3)."""
    return vary_colors(random, palette[random.integers(len(palette), size=count)], spread)


def vary_colors(random: np.random.Generator, colors: np.ndarray, spread: float) -> np.ndarray:
    """Returns (n, 3) colors, each a little lighter or darker and of another hue: (n, 3) float32 in [0, 1]."""
    light = random.normal(size=(len(colors), 1)) * spread
    hue = random.normal(size=(len(colors), 3)) * spread * 0.6
    return np.clip(colors + light + hue, 0, 1).astype(np.float32)


def list_inks(colors: np.ndarray) -> list[tuple[int, ...]]:
    """Returns (n, 3) colors as Pillow takes them: n tuples of three integers from 0 to 255."""
    return [tuple(color) for color in np.rint(np.clip(colors, 0, 1) * 255).astype(int).tolist()]


def _compose_palette(number: int) -> np.ndarray:
    """Composes a palette by one of six schemes: one hue, complements, a wheel, grays, earths, anything."""
    random = np.random.default_rng([77, number])
    count = int(random.integers(3, 8))
    hue, scheme = random.random(), number % 6
    lights = np.linspace(0.1, 0.9, count)
    wheel = np.arange(count)
    hues, lights, strengths = {
        0: (hue + random.normal(size=count) * 0.05, lights, random.uniform(0.3, 0.9, count)),
        1: (hue + 0.5 * (wheel % 2), random.permutation(lights), random.uniform(0.4, 0.9, count)),
        2: (hue + wheel / count, random.uniform(0.2, 0.8, count), random.uniform(0.4, 0.9, count)),
        3: (np.full(count, hue), np.linspace(0.04, 0.97, count), random.uniform(0, 0.15, count)),
        4: (random.choice([0.08, 0.58], count, p=[0.7, 0.3]), lights, random.uniform(0.2, 0.7, count)),
        5: (random.random(count), random.uniform(0.1, 0.9, count), random.uniform(0.2, 1, count)),
    }[scheme]
    return np.array([colorsys.hls_to_rgb(h % 1, light, s) for h, light, s in zip(hues, lights, strengths, strict=True)])
