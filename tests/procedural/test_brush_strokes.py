import time

import numpy as np
import pytest

from nst_explorer.procedural.brush_strokes import brush_strokes


@pytest.mark.parametrize("size", [32, 65, 256])
def test_brush_strokes_are_a_square_image_with_darks_and_lights(size):
    painting = brush_strokes(0, size)
    assert painting.shape == (size, size, 3)
    assert 0 <= painting.min() < 0.2
    assert 0.8 < painting.max() <= 1


def test_a_seed_gives_the_same_composition_at_every_size():
    small = brush_strokes(1, 128)
    large = brush_strokes(1, 256).reshape(128, 2, 128, 2, 3).mean(axis=(1, 3))
    coarse = [each.reshape(16, 8, 16, 8, 3).mean(axis=(1, 3)).ravel() for each in (small, large)]
    assert np.corrcoef(coarse)[0, 1] > 0.97


@pytest.mark.parametrize("seed", range(4))
def test_brush_strokes_have_dark_blue_light_ochre_and_strokes_everywhere(seed):
    painting = brush_strokes(seed, 128)
    red, blue = painting[..., 0], painting[..., 2]
    assert (blue > red + 0.2).mean() > 0.2
    assert (red > blue + 0.2).mean() > 0.2
    contrast = painting.mean(axis=-1).reshape(8, 16, 8, 16).std(axis=(1, 3))
    assert contrast.min() > 0.01


def test_brush_strokes_take_less_than_half_a_second_of_the_processor():
    start = time.process_time()
    brush_strokes(0, 256)
    assert time.process_time() - start < 0.5
