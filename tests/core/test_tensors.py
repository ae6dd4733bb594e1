"""Arrays and tensors: what comes over the border is nobody else's."""

import numpy as np

from nst_explorer.core.tensors import to_array, to_tensor


def test_writing_into_an_array_changes_nothing_that_it_came_from():
    given = np.arange(6, dtype=np.float32).reshape(2, 3)
    tensor = to_tensor(given)
    first = to_array(tensor)
    first += 1
    again = to_array(given)
    again += 1
    np.testing.assert_array_equal(to_array(tensor), np.arange(6).reshape(2, 3))
    np.testing.assert_array_equal(given, np.arange(6).reshape(2, 3))
