import pytest

from nst_explorer.course import lesson_01
from nst_explorer.recipe import Recipe
from nst_explorer.session.session import Session


@pytest.fixture(scope="module")
def session(slim_weights, content_image, style_image):
    session = Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))
    session.advance(3)
    return session


@pytest.mark.parametrize(
    ("predict", "right"), [(lesson_01.predict_what_changes, "b"), (lesson_01.predict_zero_terms, "a")]
)
def test_a_prediction_is_right_for_one_letter_only(predict, right):
    assert [letter for letter in "abc" if predict(letter).is_right] == [right]
    assert predict(...).state == "open"


def test_what_the_predictions_say_is_so(session):
    assert session.losses["content/block4_conv2"] > 0
    first = session.line[0].losses
    assert all(first[name] == 0 for name in first if name.startswith("content/"))
    assert all(first[name] > 0 for name in first if name.startswith("style/"))


def test_the_way_is_shown_by_the_steps_that_were_taken_and_the_session_stays_where_it_is(session):
    session.rewind(1)
    figure = lesson_01.show_way(session, (0, 1, 20))
    assert [axes.get_title(loc="left").split(",")[0] for axes in figure.axes] == ["step 0", "step 1", "step 3"]
    assert session.step == 1
    session.rewind(3)


def test_the_number_of_unknowns_is_accepted_and_forgotten_colors_are_told(session):
    assert lesson_01.check_unknowns(48 * 64 * 3, session).is_right
    assert "a red, a green and a blue" in lesson_01.check_unknowns(48 * 64, session).sentence
    assert "no square" in lesson_01.check_unknowns(64 * 64 * 3, session).sentence
    assert not lesson_01.check_unknowns(5, session).is_right
    assert lesson_01.check_unknowns(..., session).state == "open"


def sum_terms(session, kind):
    return sum(value for name, value in session.losses.items() if name.startswith(kind))


def test_the_styles_share_is_accepted_and_typical_mistakes_are_told(session):
    style, content, total = sum_terms(session, "style/"), sum_terms(session, "content/"), session.losses["total"]
    assert lesson_01.check_style_share(style / total, session).is_right
    for wrong, said in (
        (100 * style / total, "in percent"),
        (style, "divide it by the total"),
        (content / total, "content's share"),
        (style / total / 5, "do not take their mean"),
        (0.123456, "begins with style/"),
    ):
        verdict = lesson_01.check_style_share(wrong, session)
        assert (verdict.state, said in verdict.sentence) == ("wrong", True), (wrong, verdict.sentence)
    assert lesson_01.check_style_share(..., session).state == "open"


def test_the_total_under_twice_the_content_weight_is_what_a_branch_finds(session):
    from dataclasses import replace

    content, total = sum_terms(session, "content/"), session.losses["total"]
    assert lesson_01.check_doubled_content(total + content, session).is_right
    for wrong, said in ((2 * total, "Only the content's"), (total, "as it is now"), (2 * content, "terms alone")):
        verdict = lesson_01.check_doubled_content(wrong, session)
        assert (verdict.state, said in verdict.sentence) == ("wrong", True), verdict.sentence
    before = total + content
    session.branch(replace(session.recipe, content_weight=2 * session.recipe.content_weight))
    assert session.losses["total"] == pytest.approx(before, rel=1e-5)
