import numpy as np
import pytest

from nst_explorer.procedural.colors import PALETTES, list_palettes
from nst_explorer.procedural.families import FAMILIES, paint
from nst_explorer.procedural.paintings import PAINTINGS


def coarse(picture):
    return picture.reshape(16, -1, 16, picture.shape[1] // 16, 3).mean(axis=(1, 3)).ravel()


def test_there_are_at_least_two_dozen_families_and_each_says_what_it_paints():
    assert len(FAMILIES) >= 24
    assert all(family.__doc__ for family in FAMILIES.values())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_painting_is_the_look_and_the_seed_of_its_number(family):
    np.testing.assert_array_equal(PAINTINGS[family](7, 48), paint(family, look=7, seed=7, size=48))


@pytest.mark.parametrize("family", FAMILIES)
def test_another_seed_moves_things_and_another_look_changes_them(family):
    painting = paint(family, look=2, seed=0, size=64)
    assert np.abs(paint(family, look=2, seed=1, size=64) - painting).mean() > 0.01
    assert np.abs(paint(family, look=3, seed=0, size=64) - painting).mean() > 0.03


@pytest.mark.parametrize("family", FAMILIES)
def test_pictures_of_one_look_have_nearer_colors_than_pictures_of_many_looks(family):
    same = np.stack([paint(family, 4, seed, 48).mean(axis=(0, 1)) for seed in range(6)])
    others = np.stack([paint(family, look, 0, 48).mean(axis=(0, 1)) for look in range(6)])
    assert same.std(axis=0).sum() < others.std(axis=0).sum()


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("look", range(3))
def test_a_picture_is_the_same_small_and_large(family, look):
    small, large = (coarse(paint(family, look, 0, size)) for size in (128, 256))
    assert np.corrcoef(small, large)[0, 1] > 0.9


@pytest.mark.parametrize("family", FAMILIES)
def test_every_look_gives_a_picture_without_gaps(family):
    for look in range(20):
        picture = paint(family, look, 0, 48)
        assert np.isfinite(picture).all()
        assert picture.std() > 0.03, look


def test_the_pool_has_60_palettes_of_three_to_seven_colors():
    palettes = list_palettes()
    assert len(palettes) == PALETTES == 60
    assert all(3 <= len(palette) <= 7 and palette.shape[1] == 3 for palette in palettes)
    assert all(palette.min() >= 0 and palette.max() <= 1 for palette in palettes)
