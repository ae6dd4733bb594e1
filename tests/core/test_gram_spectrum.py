import numpy as np
import pytest

from nst_explorer.core.gram_spectrum import compute_participation_ratio, compute_spectrum, measure_effective_rank


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
