"""A run that a test kills: it says on standard output what it shows, a line each, and never ends by itself."""

import random
import sys
import time
from dataclasses import replace

import numpy as np

from nst_explorer import Recipe, Session

SIDE = 32


def main(weights: str, file: str, images: str, seed: str) -> None:
    """Steps for ever, and now and then goes back and begins a branch; prints `MOMENT STEP TOTAL` after each step."""
    with np.load(images) as given:
        content, style = given["content"], given["style"]
    recipe = Recipe(weights=weights, size=SIDE, content_layers={}, style_layers={"block1_conv1": 1.0})
    session = Session(content, style, recipe, journal=file)
    chance = random.Random(int(seed))
    while True:
        session.advance()
        print(time.time(), session.step, session.losses["total"].hex(), flush=True)
        time.sleep(0.005)  # a real run is no quicker, and the other processes of a test round want to live
        if chance.random() < 0.01:
            session.rewind(max(0, session.step - 5))
            session.branch(replace(session.recipe, variation_weight=chance.random()))


if __name__ == "__main__":
    main(*sys.argv[1:])
