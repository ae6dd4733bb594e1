"""Gram matrix, distance and variation against numbers computed by hand."""

import numpy as np
import pytest
import tensorflow as tf

from nst_explorer.core.conventions import CONVENTIONS, Target
from nst_explorer.core.losses import (
    LOSSES,
    compute_covariance_and_mean,
    compute_gram,
    measure_distance,
    measure_variation,
)
from nst_explorer.core.tensors import to_array, to_number, to_tensor
from nst_explorer.recipe import CONVENTIONS as CONVENTION_NAMES
from nst_explorer.recipe import STYLE_LOSS_LABELS


def test_the_gram_matrix_of_twelve_numbers():
    features = to_tensor(np.arange(12).reshape(2, 3, 2))
    expected = [[36.6667, 41.6667], [41.6667, 47.6667]]
    np.testing.assert_allclose(to_array(compute_gram(features)), expected, rtol=1e-5)


def test_the_gram_matrix_is_symmetric_positive_semidefinite_and_of_low_rank():
    features = np.random.default_rng(0).random((2, 3, 9), dtype=np.float32)
    gram = to_array(compute_gram(to_tensor(features))).astype(float)
    np.testing.assert_allclose(gram, gram.T)
    eigenvalues = np.linalg.eigvalsh(gram)
    assert eigenvalues.min() > -1e-6
    assert (eigenvalues > 1e-5).sum() <= 6  # min(N, M) with N = 9 channels and M = 6 positions


def test_covariance_and_mean_are_the_two_parts_of_the_gram_matrix():
    features = np.random.default_rng(0).random((4, 5, 3), dtype=np.float32)
    parts = to_array(compute_covariance_and_mean(to_tensor(features)))
    np.testing.assert_allclose(parts[:3], np.cov(features.reshape(-1, 3), rowvar=False, bias=True), atol=1e-6)
    np.testing.assert_allclose(parts[:3] + parts[3:], to_array(compute_gram(to_tensor(features))), rtol=1e-5)


def test_where_a_map_is_flat_only_its_mean_is_left():
    parts = to_array(compute_covariance_and_mean(to_tensor(np.full((4, 4, 2), 3, np.float32))))
    np.testing.assert_array_equal(parts, [[0, 0], [0, 0], [9, 9], [9, 9]])


def test_the_gram_matrix_forgets_where():
    random = np.random.default_rng(1)
    features = random.random((4, 5, 3), dtype=np.float32)
    moved = random.permutation(features.reshape(20, 3)).reshape(4, 5, 3)
    np.testing.assert_allclose(
        to_array(compute_gram(to_tensor(features))), to_array(compute_gram(to_tensor(moved))), rtol=1e-5
    )


def test_the_variation_of_twelve_numbers():
    assert to_number(measure_variation(to_tensor(np.arange(12).reshape(2, 3, 2)))) == 52


def test_the_variation_is_that_of_tensorflow():
    image = np.random.default_rng(2).random((7, 5, 3), dtype=np.float32)
    expected = float(tf.image.total_variation(tf.constant(image)))
    assert to_number(measure_variation(to_tensor(image))) == pytest.approx(expected, rel=1e-5)


def test_the_distance_is_the_mean_square():
    assert to_number(measure_distance(to_tensor([1.0, 2.0, 4.0]), to_tensor([1.0, 0.0, 1.0]))) == pytest.approx(13 / 3)


def test_the_gatys_content_term_is_half_the_sum_of_squares():
    random = np.random.default_rng(3)
    features, target = random.random((2, 4, 5, 6))
    scale = CONVENTIONS["gatys"].scale_content(Target(target.size, float((target**2).mean()), 3))
    assert scale * ((features - target) ** 2).mean() == pytest.approx(((features - target) ** 2).sum() / 2)


def test_the_gatys_style_term_is_the_papers():
    random = np.random.default_rng(4)
    features, target = random.random((2, 20, 6))  # M = 20 positions, N = 6 channels
    gram, goal = features.T @ features / 20, target.T @ target / 20
    paper = ((features.T @ features - target.T @ target) ** 2).sum() / (4 * 6**2 * 20**2)
    scale = CONVENTIONS["gatys"].scale_style(Target(goal.size, float((goal**2).mean()), 5))
    assert scale * ((gram - goal) ** 2).mean() == pytest.approx(paper)


def test_the_mean_convention_averages_over_layers():
    target = Target(value_count=100, mean_square=9.0, layer_count=5)
    assert CONVENTIONS["mean"].scale_style(target) == pytest.approx(1 / 5)
    assert CONVENTIONS["mean"].scale_content(target) == pytest.approx(1 / 5)
    assert CONVENTIONS["mean"].scale_variation(12) == 1


def test_the_relative_convention_measures_against_the_target():
    target = Target(value_count=100, mean_square=9.0, layer_count=5)
    assert CONVENTIONS["relative"].scale_style(target) == pytest.approx(1 / 45)
    assert CONVENTIONS["relative"].scale_variation(12) == pytest.approx(1 / 12)


def test_a_flat_target_is_not_divided_by():
    flat = Target(value_count=100, mean_square=0.0, layer_count=2)
    assert flat.is_flat
    assert CONVENTIONS["relative"].scale_content(flat) == pytest.approx(1 / 2)


def test_names_in_forms_and_tables_agree():
    assert set(LOSSES) == set(STYLE_LOSS_LABELS)
    assert set(CONVENTIONS) == set(CONVENTION_NAMES)
