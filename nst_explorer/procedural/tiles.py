"""Paintings by tiles and threads: maze, weave, bricks, scales, patchwork and color fields."""

import numpy as np

from nst_explorer.procedural.canvas import Canvas, halve
from nst_explorer.procedural.colors import choose_colors, sort_by_light, vary_colors
from nst_explorer.procedural.fields import list_places, make_noise, turn


def draw_maze(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Lays Truchet's tiles, each turned by chance, so that arcs or bars join to winding paths."""
    side, kind, width = look.uniform(0.06, 0.18), int(look.integers(3)), look.uniform(0.12, 0.42)
    angle, has_rim = look.choice([0, np.pi / 4, 0.4]), look.random() < 0.6
    shades = sort_by_light(palette)[:: 1 if look.random() < 0.5 else -1]
    x, y = list_places(size)
    along, across = turn(x + 2, y + 2, angle)
    along, across = along / side + random.random() + 99, across / side + random.random() + 99
    column, row = along.astype(np.int32), across.astype(np.int32)
    along, across = along - column, across - row
    along = np.where(random.random((128, 128))[column % 128, row % 128] < 0.5, along, 1 - along)
    if kind == 0:
        arcs = np.hypot(along, across), np.hypot(1 - along, 1 - across)
        distance = np.minimum(*(np.abs(each - 0.5) for each in arcs))
    elif kind == 1:
        distance = np.minimum(np.abs(along + across - 0.5), np.abs(along + across - 1.5)) / 1.414
    else:
        distance = np.abs(along - across) / 1.414
    pixels = side * size
    share = np.clip((width / 2 - distance) * pixels + 0.5, 0, 1)[..., None]
    rim = np.clip((width / 2 + 0.06 - distance) * pixels + 0.5, 0, 1)[..., None] * has_rim
    ground = shades[0] * (1 - rim) + shades[len(shades) // 2] * 0.5 * rim
    line = shades[-1] * (0.8 + 0.2 * np.sqrt(np.clip(1 - (2 * distance / width) ** 2, 0, 1)))[..., None]
    return ground * (1 - share) + line * share


def draw_weave(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Weaves bands or threads over and under one another: linen, twill or a basket."""
    side, kind, angle = look.uniform(0.035, 0.12), int(look.integers(1, 4)), look.uniform(0, np.pi / 2)
    breadth, stripes = look.uniform(0.36, 0.49), look.integers(len(palette), size=(2, 6))
    x, y = list_places(size)
    along, across = turn(x + 2, y + 2, angle + random.normal() * 0.05)
    along, across = along / side + random.random() + 99, across / side + random.random() + 99
    column, row = along.astype(np.int32), across.astype(np.int32)
    u, v = along - column - 0.5, across - row - 0.5
    is_over = ((column + row) % 2 if kind == 1 else (column + row * kind) % (kind + 1)) == 0
    pixels = side * size
    tints = vary_colors(random, palette[stripes.ravel()], 0.05).reshape(2, 6, 3)
    upright, level = tints[0][column % 6], tints[1][row % 6]
    upright = (
        upright * ((1 - 2.2 * u * u) * np.where(is_over, 1.08 - 0.5 * v * v, 0.62 + 0.7 * (0.5 - np.abs(v))))[..., None]
    )
    level = (
        level * ((1 - 2.2 * v * v) * np.where(is_over, 0.62 + 0.7 * (0.5 - np.abs(u)), 1.08 - 0.5 * u * u))[..., None]
    )
    in_upright = np.clip((breadth - np.abs(u)) * pixels + 0.5, 0, 1)
    in_level = np.clip((breadth - np.abs(v)) * pixels + 0.5, 0, 1)
    upper_share = np.where(is_over, in_upright, in_level)[..., None]
    lower_share = np.where(is_over, in_level, in_upright)[..., None]
    upper, lower = (np.where(is_over[..., None], *pair) for pair in ((upright, level), (level, upright)))
    ground = sort_by_light(palette)[0] * 0.3
    return upper * upper_share + (1 - upper_share) * (lower * lower_share + ground * (1 - lower_share))


def draw_bricks(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Builds a wall of bricks, worn and of many colors, with joints of mortar."""
    length, joint = look.uniform(0.09, 0.26), look.uniform(0.004, 0.014)
    height, angle = length * look.uniform(0.35, 0.8), look.choice([0, 0, 0.5, np.pi / 2])
    wear = look.uniform(0.002, 0.005)
    x, y = list_places(size)
    x, y = x + wear * make_noise(random, size, 1.4, 60), y + wear * make_noise(random, size, 1.4, 60)
    along, across = turn(x + 3, y + 3, angle)
    across = across / height + random.random()
    row = np.floor(across).astype(np.int64)
    along = along / length + (row % 2) * 0.5 + random.random()
    column = np.floor(along).astype(np.int64)
    u, v = (along - column) * length, (across - row) * height
    edge = np.minimum(np.minimum(u, length - u), np.minimum(v, height - v))
    shades = sort_by_light(palette)
    colors = choose_colors(random, shades[:-1], 997, 0.05)[(row * 31 + column * 17) % 997]
    grain = 1 + 0.07 * make_noise(random, size, 0.9)
    lit = 0.8 + 0.3 * np.clip((height - v) / height, 0, 1) * np.clip(edge / 0.02, 0, 1)
    share = np.clip((edge - joint) * size + 0.5, 0, 1)[..., None]
    return colors * (grain * lit)[..., None] * share + (1 - share) * (shades[-1] * 0.8) * grain[..., None]


def draw_scales(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Overlaps round scales or roof tiles in rows, each with a rim."""
    side, rim, angle = look.uniform(0.09, 0.24), look.uniform(0.03, 0.08), look.choice([0, np.pi / 2, np.pi, 0.5])
    arcs, is_rowed, depth = int(look.integers(0, 4)), look.random() < 0.35, look.uniform(0.4, 0.55)
    x, y = list_places(size)
    along, across = turn(x - 0.5, y - 0.5, angle)
    along, across = along / side + random.random() + 60, across / (side * depth) + random.random() + 60
    base = np.floor(across).astype(np.int64)
    number, gap = np.zeros(x.shape, np.int64), np.full(x.shape, -1.0, np.float32)
    for above in (-1, 0, 1):  # a scale hangs over those of the row below
        row = base - above
        shifted = along + (row % 2) * 0.5
        column = np.floor(shifted).astype(np.int64)
        inside = 0.56 - np.hypot(shifted - column - 0.5, (across - row) * depth)
        is_nearer = inside > 0
        number = np.where(is_nearer, row * 29 + (0 if is_rowed else 1) * column * 13, number)
        gap = np.where(is_nearer, inside, gap)
    shades = sort_by_light(palette)
    colors = choose_colors(random, palette, 991, 0.05)[number % 991]
    shine = 0.7 + 0.5 * np.clip(gap / 0.56, 0, 1)
    if arcs:
        shine = shine * (0.85 + 0.15 * np.sign(np.sin(gap / 0.56 * arcs * 2 * np.pi)))
    share = np.clip((gap - rim) * side * size + 0.5, 0, 1)[..., None]
    return colors * shine[..., None] * share + (1 - share) * shades[0] * 0.5


def draw_patchwork(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Sews a quilt of squares with quarter discs, triangles, discs and stripes."""
    across, kinds = int(look.integers(4, 10)), look.permutation(6)[: int(look.integers(2, 5))]
    x, y = list_places(2 * size)
    u, v = x * across + random.random() * 0.9, y * across + random.random() * 0.9
    column, row = u.astype(np.int32), v.astype(np.int32)
    u, v = u - column, v - row
    tile = (row * (across + 2) + column).astype(np.int32)
    count = (across + 2) ** 2
    turns = random.integers(4, size=count)[tile]
    u, v = np.where(turns % 2, 1 - u, u), np.where(turns // 2, 1 - v, v)
    shapes = (
        u + v < 1,
        np.hypot(u, v) < 0.98,
        np.hypot(u - 0.5, v - 0.5) < 0.4,
        u < 0.5,
        (u * 3) % 1 < 0.5,
        np.hypot(u, v - 0.5) < 0.5,
    )
    kind = random.choice(kinds, count)[tile]
    is_inside = np.choose(kind, shapes)
    first = random.integers(len(palette), size=count)
    second = (first + random.integers(1, len(palette), size=count)) % len(palette)
    colors = vary_colors(random, palette[np.concatenate([first, second])], 0.03)
    return halve(np.where(is_inside[..., None], colors[:count][tile], colors[count:][tile]))


def draw_color_fields(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Divides the picture by bars into fields of flat color, again and again, as Mondrian did."""
    smallest, bar, stop = (
        look.uniform(0.07, 0.2),
        look.uniform(0.006, 0.022) * (look.random() < 0.75),
        look.uniform(0, 0.2),
    )
    angle, whites = look.choice([0, 0, np.pi / 4]), look.uniform(0, 0.5)
    boxes, waiting = [], [(-0.3, -0.3, 1.3, 1.3)]
    while waiting:
        left, top, right, bottom = box = waiting.pop()
        width, height = right - left, bottom - top
        if max(width, height) < 1.7 * smallest or (max(width, height) < 0.5 and random.random() < stop):
            boxes.append(box)
        elif width > height:
            cut = left + width * random.uniform(0.3, 0.7)
            waiting += [(left, top, cut, bottom), (cut, top, right, bottom)]
        else:
            cut = top + height * random.uniform(0.3, 0.7)
            waiting += [(left, top, right, cut), (left, cut, right, bottom)]
    left, top, right, bottom = np.array(boxes).T
    inner = [left + bar / 2, top + bar / 2, right - bar / 2, bottom - bar / 2]
    x, y = np.stack([inner[0], inner[2], inner[2], inner[0]]).T, np.stack([inner[1], inner[1], inner[3], inner[3]]).T
    x, y = turn(x - 0.5, y - 0.5, -angle)
    shades = sort_by_light(palette)
    colors = choose_colors(random, palette, len(boxes), 0.03)
    colors = np.where(random.random((len(boxes), 1)) < whites, shades[-1] * 0.5 + 0.5, colors)
    canvas = Canvas(size, shades[0] * 0.25)
    canvas.fill_polygons(np.stack([x, y], axis=-1) + 0.5, colors)
    return canvas.read() * (1 + 0.025 * make_noise(random, size, 1)[..., None])
