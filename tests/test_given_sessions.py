"""A dashboard over a session that was made elsewhere."""

import pytest

from nst_explorer import Explorer, Recipe, Session
from nst_explorer.core.formulas import Formulas
from nst_explorer.core.losses import measure_distance
from nst_explorer.errors import InputError
from nst_explorer.gestures import Gestures
from nst_explorer.session.journal.folder import list_runs
from tests.explorer_fixtures import wait_until

DOUBLED = Formulas(measure_distance=lambda values, target: 2.0 * measure_distance(values, target))


@pytest.fixture
def session(content_image, style_image, recipe) -> Session:
    session = Session(content_image, style_image, recipe, formulas=DOUBLED)
    session.advance(2)
    return session


@pytest.fixture
def explorer(session):
    explorer = Explorer(session=session)
    yield explorer
    explorer.close()


def test_the_dashboard_drives_the_very_session_and_stands_where_it_stood(explorer, session):
    assert explorer.session is session
    explorer.step(1)
    wait_until(lambda: session.step == 3)
    assert explorer.recipe == session.recipe


def test_a_run_with_other_formulas_is_not_recorded_by_the_dashboard_either(explorer, session):
    explorer.step(1)
    wait_until(lambda: session.step == 3)
    assert session.journal is None
    assert not list_runs()


def test_a_new_run_goes_on_with_the_formulas_of_the_session(explorer, session, content_image, style_image):
    wait_until(lambda: explorer._run is not None)
    Gestures(explorer).choose_start("style")
    wait_until(lambda: explorer.session is not session)
    fresh = explorer.session
    assert fresh.recipe.start == "style"
    usual = Session(content_image, style_image, fresh.recipe)
    assert fresh.formulas is DOUBLED
    assert fresh.losses["content/block4_conv2"] == pytest.approx(2 * usual.losses["content/block4_conv2"], rel=1e-5)


def test_a_session_has_its_own_images_and_recipe(session):
    with pytest.raises(InputError, match=r"A session is given, and images or a recipe besides, .*; give it alone"):
        Explorer(recipe=Recipe(), session=session)
