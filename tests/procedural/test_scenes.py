import numpy as np
import pytest

from nst_explorer.procedural.scenes import SCENES


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("size", [64, 130, 256])
def test_a_scene_is_three_quarters_as_high_as_wide(name, size):
    scene = SCENES[name](0, size)
    assert scene.shape == (size * 3 // 4, size, 3)
    assert scene.dtype == np.float32
    assert 0 <= scene.min() < 0.2
    assert 0.8 < scene.max() <= 1


@pytest.mark.parametrize("name", SCENES)
def test_a_seed_gives_the_same_scene_and_another_seed_another(name):
    scene = SCENES[name](1, 96)
    np.testing.assert_array_equal(SCENES[name](1, 96), scene)
    assert np.abs(SCENES[name](2, 96) - scene).mean() > 0.005


def test_the_harbor_has_a_warm_bright_sky_over_a_darker_sea():
    harbor = SCENES["Harbor at dusk"](0, 128)
    sky, sea = harbor[30:50], harbor[70:]
    assert sky.mean() > sea.mean() + 0.1
    assert sky[..., 0].mean() > sky[..., 2].mean() + 0.1
