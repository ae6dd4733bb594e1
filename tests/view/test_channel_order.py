import numpy as np
import pytest

from nst_explorer.view.channel_order import measure_channels, mix_shares, order_channels, share_content, share_style


def make_maps(seed: int, shape: tuple[int, int, int] = (6, 5, 4)) -> np.ndarray:
    return np.random.default_rng(seed).random(shape, dtype=np.float32)


def test_channels_are_measured_each_by_itself():
    maps = make_maps(1)
    facts = measure_channels(maps)
    for channel in range(4):
        one = maps[..., channel].astype(np.float64)
        assert facts.means[channel] == pytest.approx(one.mean(), rel=1e-6)
        assert facts.variances[channel] == pytest.approx(one.var(), rel=1e-4)


def test_the_mean_square_is_the_diagonal_of_the_gram_matrix():
    maps = make_maps(2)
    flat = maps.reshape(-1, 4)
    np.testing.assert_allclose(measure_channels(maps).mean_squares, np.diag(flat.T @ flat / len(flat)), rtol=1e-5)


def test_only_a_channel_that_is_always_zero_is_silent():
    maps = np.zeros((3, 3, 3), np.float32)
    maps[2, 2, 1], maps[0, 0, 2] = 1e-6, -1
    assert measure_channels(maps).is_silent.tolist() == [True, False, False]


def test_a_channel_with_a_value_that_is_no_number_is_broken_and_the_others_are_not():
    maps = make_maps(3)
    maps[0, 0, 1], maps[1, 1, 2] = np.nan, np.inf
    facts = measure_channels(maps)
    assert facts.is_broken.tolist() == [False, True, True, False]
    assert not facts.is_silent.any()


def test_a_flat_map_has_no_negative_variance():
    assert (measure_channels(np.full((64, 64, 2), 0.1, np.float32)).variances >= 0).all()


def test_style_shares_are_the_rows_of_the_squared_difference():
    gram, target = np.array([[1.0, 2.0], [2.0, 0.0]]), np.array([[0.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(share_style(gram, target), [5 / 10, 5 / 10])
    np.testing.assert_allclose(share_style(np.diag([1.0, 3.0]), np.zeros((2, 2))), [0.1, 0.9])


def test_content_shares_are_the_squared_differences_of_each_map():
    features, target = np.zeros((2, 1, 2), np.float32), np.zeros((2, 1, 2), np.float32)
    features[:, 0, 0], features[0, 0, 1] = 1, 4
    np.testing.assert_allclose(share_content(features, target), [2 / 18, 16 / 18])


def test_without_a_difference_nothing_has_a_share():
    maps = make_maps(4)
    assert share_content(maps, maps).tolist() == [0, 0, 0, 0]
    assert share_style(np.eye(3), np.eye(3)).tolist() == [0, 0, 0]


def test_two_terms_are_mixed_by_what_they_are_in_the_loss():
    mixed = mix_shares([(3.0, np.array([1.0, 0.0])), (1.0, np.array([0.0, 1.0]))])
    np.testing.assert_allclose(mixed, [0.75, 0.25])


def test_channels_go_from_large_to_small_equals_by_number_and_no_numbers_last():
    assert order_channels(np.array([1.0, np.nan, 3.0, 1.0, np.nan, -2.0])) == (2, 0, 3, 5, 1, 4)


def test_an_order_of_equals_is_that_of_the_numbers():
    assert order_channels(np.zeros(5)) == (0, 1, 2, 3, 4)
