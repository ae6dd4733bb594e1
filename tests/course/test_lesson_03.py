import numpy as np
import pytest

from nst_explorer.course import lesson_03
from nst_explorer.recipe import Recipe
from nst_explorer.session.session import Session

LAYER = "block2_conv1"


@pytest.fixture(scope="module")
def session(slim_weights, content_image, style_image):
    session = Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))
    session.advance(2)
    return session


@pytest.mark.parametrize(
    ("predict", "right"), [(lesson_03.predict_shuffled_positions, "a"), (lesson_03.predict_shuffled_pixels, "b")]
)
def test_a_prediction_is_right_for_one_letter_only(predict, right):
    assert [letter for letter in "abc" if predict(letter).is_right] == [right]
    assert predict(...).state == "open"


def test_the_entry_by_hand_is_accepted_and_typical_mistakes_are_told():
    assert lesson_03.check_gram_entry(2 / 3).is_right
    assert lesson_03.check_gram_entry(0.667).is_right
    for wrong, said in ((2, "divide it"), (1, "which is 3"), (5 / 3, "G₁₁"), (10 / 3, "G₂₂"), (9, "add the three")):
        verdict = lesson_03.check_gram_entry(wrong)
        assert (verdict.state, said in verdict.sentence) == ("wrong", True), (wrong, verdict.sentence)
    assert lesson_03.check_gram_entry(...).state == "open"


def test_a_gram_function_is_accepted_however_it_is_written():
    def with_einsum(features):
        return np.einsum("hwi,hwj->ij", features, features) / (features.shape[0] * features.shape[1])

    assert lesson_03.check_gram_function(with_einsum).is_right
    assert lesson_03.check_gram_function(lambda features: lesson_03.compute_gram(features).tolist()).is_right


def flatten(features):
    return features.reshape(-1, features.shape[-1])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda f: flatten(f).T @ flatten(f), "not divided by M"),
        (lambda f: flatten(f).T @ flatten(f) / 3, "number of channels N"),
        (lambda f: flatten(f).T @ flatten(f) / 60, "divided by M·N"),
        (lambda f: flatten(f).T @ flatten(f) / len(f), "height alone"),
        (lambda f: flatten(f) @ flatten(f).T / 20, "factors are swapped"),
        (lambda f: f.reshape(3, -1) @ f.reshape(3, -1).T / 20, "does not turn the matrix over"),
        (lambda f: np.cov(flatten(f).T, bias=True), "covariance"),
        (lambda f: f.T @ f / 20, "it raises ValueError"),
        (lambda f: np.zeros((3, 3)), "values are not"),
        (lambda f: np.zeros(7), "has the shape (7,)"),
        (3, "must be a function"),
    ],
)
def test_a_wrong_gram_function_is_refused_with_the_mistake(wrong, said):
    verdict = lesson_03.check_gram_function(wrong)
    assert (verdict.state, said in verdict.sentence) == ("wrong", True), verdict.sentence


def test_a_gram_function_that_returns_three_dots_is_not_answered_yet():
    assert lesson_03.check_gram_function(lambda features: ...).state == "open"
    assert lesson_03.check_gram_function(...).state == "open"


def test_shuffled_positions_leave_the_gram_matrix_and_shuffled_pixels_do_not(session, style_image):
    table = lesson_03.compare_shuffled(session, style_image, LAYER)
    distances = [float(each) for each in table[lesson_03.DISTANCE]]
    assert distances[0] < 1e-10
    assert distances[1] < 1e-10
    assert distances[2] > 1e-3


def test_the_styles_distance_is_accepted_and_is_the_raw_loss_times_the_layers(session):
    right = 5 * session.raw_losses[f"style/{LAYER}"]
    assert lesson_03.check_style_loss(right, session, LAYER).is_right
    gram, target = session.gram(LAYER), session.gram(LAYER, of="style")
    for wrong, said in (
        (np.mean((gram - target) ** 2), "divide it by mean(A²)"),
        (np.mean(gram - target) ** 2 / np.mean(target**2), "square of the mean"),
        (np.mean((gram - target) ** 2) / np.mean(gram**2), "divided by mean(G²)"),
        (right / 5, "already"),
        (right * 3.3, "difference of the two matrices"),
    ):
        verdict = lesson_03.check_style_loss(wrong, session, LAYER)
        assert (verdict.state, said in verdict.sentence) == ("wrong", True), (said, verdict.sentence)
    assert lesson_03.check_style_loss(..., session, LAYER).state == "open"


def test_the_strongest_pair_is_accepted_either_way_round(session):
    gram = session.gram(LAYER, of="style").copy()
    diagonal = int(np.diagonal(gram).argmax())
    np.fill_diagonal(gram, 0)
    first, second = np.unravel_index(gram.argmax(), gram.shape)
    weakest = np.unravel_index(np.where(gram > 0, gram, np.inf).argmin(), gram.shape)
    assert lesson_03.check_strongest_pair((first, second), session, LAYER).is_right
    assert lesson_03.check_strongest_pair([second, first], session, LAYER).is_right
    for wrong, said in (
        ((diagonal, diagonal), "with itself"),
        (weakest, "there is a larger one"),
        (3, "two channels"),
        ((0, 99), "channels are 0 to 5"),
    ):
        verdict = lesson_03.check_strongest_pair(wrong, session, LAYER)
        assert (verdict.state, said in verdict.sentence) == ("wrong", True), verdict.sentence
    assert lesson_03.check_strongest_pair(..., session, LAYER).state == "open"
