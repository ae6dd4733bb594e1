import numpy as np
import pytest

from nst_explorer.core.gram_order import MOST_OPTIMALLY_ORDERED, order_by_similarity


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
