import numpy as np
import pytest

from nst_explorer.core.gram_structure import (
    MOST_OPTIMALLY_ORDERED,
    compute_participation_ratio,
    compute_spectrum,
    measure_effective_rank,
    order_by_similarity,
)


def make_blocks(sizes, seed=0):
    """A Gram matrix of channels that come in groups, shuffled: (gram, group of each channel)."""
    groups = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))
    gram = np.where(groups[:, None] == groups, 0.8, 0.05)
    np.fill_diagonal(gram, 1.0)
    scale = np.random.default_rng(seed + 1).uniform(0.1, 9, len(groups))
    return gram * scale * scale[:, None], groups


def count_borders(groups):
    return int((np.diff(groups) != 0).sum())


@pytest.mark.parametrize("sizes", [(5, 7, 4), (40, 30, MOST_OPTIMALLY_ORDERED)])
def test_shuffled_blocks_are_put_together_again(sizes):
    gram, groups = make_blocks(sizes)
    order = order_by_similarity(gram)
    assert sorted(order) == list(range(len(groups)))
    assert count_borders(groups[order]) == len(sizes) - 1


@pytest.mark.parametrize("count", [60, MOST_OPTIMALLY_ORDERED + 20])
def test_channels_along_a_chain_come_out_near_their_neighbors(count):
    places = np.random.default_rng(3).permutation(count)
    gram = np.exp(-(((places[:, None] - places) / 4.0) ** 2))
    order = order_by_similarity(gram)
    steps = np.abs(np.diff(places[order]))
    assert np.median(steps) == 1
    assert np.median(np.abs(np.diff(places))) > count / 8


def test_an_anticorrelated_channel_is_as_similar_as_a_correlated_one():
    gram = np.array([[1.0, 0.1, -0.95], [0.1, 1.0, 0.1], [-0.95, 0.1, 1.0]])
    order = order_by_similarity(gram).tolist()
    assert abs(order.index(0) - order.index(2)) == 1


def test_silent_channels_come_last_in_their_order():
    gram, _ = make_blocks((4, 5))
    gram[[1, 6]] = gram[:, [1, 6]] = 0
    assert order_by_similarity(gram)[-2:].tolist() == [1, 6]


def test_a_channel_that_is_no_number_comes_last():
    gram, _ = make_blocks((4, 5))
    gram[3] = gram[:, 3] = np.nan
    assert order_by_similarity(gram)[-1] == 3


@pytest.mark.parametrize("gram", [np.zeros((6, 6)), np.full((6, 6), np.nan), np.ones((1, 1)), np.ones((6, 6))])
def test_a_matrix_without_structure_has_an_order_too(gram):
    assert sorted(order_by_similarity(gram)) == list(range(len(gram)))


def test_the_same_matrix_is_ordered_the_same_again():
    gram, _ = make_blocks((9, 8, 7))
    np.testing.assert_array_equal(order_by_similarity(gram), order_by_similarity(gram.copy()))


def test_the_spectrum_descends_and_adds_up_to_the_trace():
    features = np.random.default_rng(0).random((30, 8))
    gram = features.T @ features / 30
    spectrum = compute_spectrum(gram)
    assert (np.diff(spectrum) <= 0).all()
    np.testing.assert_allclose(spectrum.sum(), np.trace(gram))
    np.testing.assert_allclose(np.square(spectrum).sum(), np.square(gram).sum())


def test_the_spectrum_of_what_is_no_number_is_none():
    assert np.isnan(compute_spectrum(np.array([[1.0, np.nan], [np.nan, 1.0]]))).all()


@pytest.mark.parametrize("scale", [1e-25, 1.0, 1e25])
def test_the_effective_rank_of_the_identity_is_its_size_and_of_rank_one_is_one(scale):
    identity = (np.eye(7) * scale).astype(np.float32)
    ones = (np.ones((7, 7)) * scale).astype(np.float32)
    assert compute_participation_ratio(compute_spectrum(identity)) == pytest.approx(7)
    assert compute_participation_ratio(compute_spectrum(ones)) == pytest.approx(1, abs=1e-5)


def test_the_effective_rank_of_nothing_is_zero_and_of_no_number_is_none():
    assert compute_participation_ratio(np.zeros(4)) == 0
    assert np.isnan(compute_participation_ratio(np.full(4, np.nan)))


@pytest.mark.parametrize("scale", [1e-15, 1.0, 1e12])
def test_the_effective_rank_needs_no_eigenvalues(scale):
    features = np.random.default_rng(1).random((30, 8)) * scale
    gram = features.T @ features
    expected = compute_participation_ratio(compute_spectrum(gram))
    assert measure_effective_rank(gram) == pytest.approx(expected)
    assert 1 < expected < 8


def test_the_effective_rank_of_a_matrix_of_nothing_or_no_numbers():
    assert measure_effective_rank(np.zeros((3, 3), np.float32)) == 0
    assert np.isnan(measure_effective_rank(np.full((3, 3), np.nan)))
