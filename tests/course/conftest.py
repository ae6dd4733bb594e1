"""What tests of lessons share: a small run of two style layers, which stays at its start."""

import pytest

from nst_explorer import Adam, Recipe, Session


@pytest.fixture(scope="module")
def small_session(content_image, style_image, slim_weights) -> Session:
    return Session(
        content_image,
        style_image,
        Recipe(
            weights=str(slim_weights),
            size=64,
            content_layers={"block2_conv2": 1.0},
            style_layers={"block1_conv1": 1.0, "block3_conv1": 2.0},
            optimizer=Adam(learning_rate=0.05),
        ),
    )
