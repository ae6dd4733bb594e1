"""Enlarging pictures and what an optimizer remembers of them, by known answers."""

from functools import partial

import numpy as np
import pytest

from nst_explorer.core.enlarging import enlarge_map, enlarge_picture
from nst_explorer.core.optimizers import AdamState, enlarge_adam
from nst_explorer.core.tensors import to_array, to_tensor


def make_ramp(height: int, width: int) -> np.ndarray:
    ramp = (np.arange(width, dtype=np.float32) + 0.5) / width
    return np.broadcast_to(ramp[:, None], (height, width, 3)).astype(np.float32)


@pytest.mark.parametrize("enlarge", [partial(enlarge_picture, bounds=None), enlarge_map])
def test_a_flat_picture_stays_flat_and_a_ramp_a_ramp(enlarge):
    flat = to_array(enlarge(to_tensor(np.full((5, 6, 3), 0.3, np.float32)), 9, 11))
    np.testing.assert_allclose(flat, np.full((9, 11, 3), 0.3), atol=1e-6)
    ramp = to_array(enlarge(to_tensor(make_ramp(4, 10)), 8, 20))
    np.testing.assert_allclose(ramp[:, 4:-4], make_ramp(8, 20)[:, 4:-4], atol=1e-5)


def test_a_picture_overshoots_at_an_edge_only_where_there_are_no_bounds():
    edge = np.zeros((6, 6, 3), np.float32)
    edge[:, 3:] = 1
    free = to_array(enlarge_picture(to_tensor(edge), 12, 12, None))
    bound = to_array(enlarge_picture(to_tensor(edge), 12, 12, (0.0, 1.0)))
    assert free.max() > 1
    assert free.min() < 0
    np.testing.assert_array_equal(bound, free.clip(0, 1))


def test_adams_memory_shrinks_with_the_part_that_a_value_has_in_the_loss():
    state = AdamState(7, to_tensor(np.full((4, 6, 3), 0.8)), to_tensor(np.full((4, 6, 3), 0.64)))
    larger = enlarge_adam(state, 8, 12)
    assert larger.step == 7
    np.testing.assert_allclose(to_array(larger.mean), np.full((8, 12, 3), 0.2), rtol=1e-5)
    np.testing.assert_allclose(to_array(larger.square), np.full((8, 12, 3), 0.04), rtol=1e-5)
    np.testing.assert_array_equal(to_array(state.mean), np.full((4, 6, 3), 0.8, np.float32))
