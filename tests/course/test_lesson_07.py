"""Lesson 07: each broken run has its fault, the healthy one has none, and an answer is told from another."""

import numpy as np
import pytest

from nst_explorer import Adam
from nst_explorer.course import lesson_07 as lesson
from nst_explorer.course.cases import CASES, SUSPECTS
from nst_explorer.course.verdicts import Verdict
from nst_explorer.errors import InputError

SIZE, STEPS = 48, 2
CONTENT, STYLE = "content/block4_conv2", "style/block2_conv1"
MEAN_BGR = np.array([103.939, 116.779, 123.68])
RUN = {case.fault: number for number, case in CASES.items()}


@pytest.fixture(scope="module")
def healthy():
    return advance(lesson.open_healthy_run(SIZE))


@pytest.fixture(scope="module")
def broken():
    return {number: advance(lesson.open_broken_run(number, SIZE)) for number in CASES}


def advance(session):
    session.advance(STEPS)
    return session


def flatten(session, layer, of="generated"):
    features = session.features(layer, of).astype(np.float64)
    return features.reshape(-1, features.shape[-1])


def gram(flat):
    return flat.T @ flat / len(flat)


def reshaped_gram(flat):
    rows = flat.reshape(flat.shape[1], -1)
    return rows @ rows.T / len(flat)


def relate(given, target, distance=lambda difference: np.mean(difference**2)):
    return distance(given - target) / np.mean(target**2)


def expect_content(session, distance=lambda difference: np.mean(difference**2)):
    return relate(flatten(session, "block4_conv2"), flatten(session, "block4_conv2", "content"), distance)


def expect_style(session, statistic=gram, distance=lambda difference: np.mean(difference**2)):
    given, target = (statistic(flatten(session, "block2_conv1", of)) for of in ("generated", "style"))
    return relate(given, target, distance) / 5


def test_the_healthy_run_computes_the_formulas(healthy):
    assert healthy.raw_losses[CONTENT] == pytest.approx(expect_content(healthy), rel=1e-3)
    assert healthy.raw_losses[STYLE] == pytest.approx(expect_style(healthy), rel=1e-3)
    np.testing.assert_allclose(lesson.tabulate_terms(healthy)["run ÷ formula"], 1, rtol=1e-3)


def test_one_run_squares_the_mean(broken):
    session = broken[RUN["square of the mean"]]
    wrong = {"distance": lambda difference: np.mean(difference) ** 2}
    assert session.raw_losses[CONTENT] == pytest.approx(expect_content(session, **wrong), rel=1e-2)
    assert session.raw_losses[STYLE] == pytest.approx(expect_style(session, **wrong), rel=1e-2)
    assert lesson.tabulate_terms(session)["run ÷ formula"].to_numpy().max() < 0.9


def test_one_run_multiplies_the_rows_of_a_reshape(broken):
    session = broken[RUN["gram without transpose"]]
    assert session.raw_losses[STYLE] == pytest.approx(expect_style(session, reshaped_gram), rel=1e-3)
    assert session.raw_losses[CONTENT] == pytest.approx(expect_content(session), rel=1e-3)
    ratios = lesson.tabulate_terms(session)["run ÷ formula"]
    assert np.abs(ratios.drop(CONTENT).to_numpy() - 1).min() > 0.02


def test_one_run_does_not_preprocess_its_pictures(healthy, broken):
    session = broken[RUN["preprocessing"]]
    kernel, bias = (getattr(session.weights, of)["block1_conv1"] for of in ("kernels", "biases"))

    def answer(entering):
        return np.maximum(np.tensordot(entering[9:12, 19:22], kernel, axes=3) + bias, 0)

    content = session.content.astype(np.float64)
    right = content[..., ::-1] * 255 - MEAN_BGR
    np.testing.assert_allclose(session.features("block1_conv1", "content")[10, 20], answer(content), atol=1e-4)
    np.testing.assert_allclose(healthy.features("block1_conv1", "content")[10, 20], answer(right), atol=1e-3)
    np.testing.assert_allclose(lesson.tabulate_terms(session)["run ÷ formula"], 1, rtol=1e-3)


def test_one_run_divides_the_content_by_the_style_layers(broken):
    session = broken[RUN["content by style layers"]]
    assert session.raw_losses[CONTENT] == pytest.approx(expect_content(session) / 5, rel=1e-3)
    assert session.raw_losses[STYLE] == pytest.approx(expect_style(session), rel=1e-3)


def test_one_run_has_the_tutorials_epsilon_and_hardly_moves(healthy, broken):
    session = broken[RUN["epsilon"]]
    assert session.recipe.optimizer == Adam(0.02, 0.99, 0.999, 0.1)
    moved, healthily = (np.median(abs(each.image - each.content)) for each in (session, healthy))
    assert moved < healthily / 50
    assert any("ε of 0.1" in sentence for sentence in session.advise())
    assert not any("ε" in sentence for sentence in healthy.advise())


def test_no_run_but_that_one_is_told_by_its_recipe(healthy, broken):
    differing = [number for number, session in broken.items() if session.recipe != healthy.recipe]
    assert differing == [RUN["epsilon"]]


def test_the_gradient_check_agrees_in_every_run(healthy, broken):
    for session in (healthy, *broken.values()):
        assert session.check_gradient(pixels=1).agrees


CODE = {
    "square of the mean": {"values": np.array([1.0, 4.0]), "target": np.array([2.0, 2.0])},
    "gram without transpose": {"features": np.arange(1.0, 7).reshape(1, 3, 2), "channels": 2, "positions": 3},
    "preprocessing": {"image": np.ones((1, 1, 3))},
    "content by style layers": {"distance": 10.0, "style_layers": range(5), "content_layers": range(1)},
    "epsilon": {"learning_rate": 0.02, "m": np.array([1e-4]), "v": np.array([1e-8])},
}
OUTCOMES = {
    "square of the mean": ("distance", 0.25, 2.5),
    "gram without transpose": ("gram", lesson.WRONG_GRAM, lesson.RIGHT_GRAM),
    "preprocessing": ("entering", [[[1, 1, 1]]], [[lesson.WHITE_BGR]]),
    "content by style layers": ("content_loss", 2.0, 10.0),
    "epsilon": ("step", [0.02 * 1e-4 / 0.1001], [0.02 * 1e-4 / 1.0001e-4]),
}


@pytest.mark.parametrize("number", CASES)
def test_the_lines_that_are_revealed_compute_what_they_claim(number):
    case = CASES[number]
    name, *expected = OUTCOMES[case.fault]
    for code, value in zip((case.wrong, case.right), expected, strict=True):
        names = {"np": np, **CODE[case.fault]}
        exec(code, names)
        np.testing.assert_allclose(names[name], value, rtol=1e-5)


@pytest.mark.parametrize("number", CASES)
def test_only_the_fault_that_a_run_has_is_accepted_and_others_are_refused_with_a_reason(number):
    for suspect, reason in SUSPECTS.items():
        verdict = lesson.check_fault(number, suspect)
        assert verdict.is_right == (suspect == CASES[number].fault)
        assert verdict.is_right or verdict.sentence == reason
    assert lesson.check_fault(number, ...).state == "open"


def test_what_cannot_be_an_answer_is_refused_in_a_sentence():
    with pytest.raises(InputError, match=r"The broken run is 6, but there are 1 to 5; try 1\."):
        lesson.open_broken_run(6)
    with pytest.raises(InputError, match='suspect is "goblins"'):
        lesson.check_fault(2, "goblins")
    with pytest.raises(InputError, match=r"The hint is 4, but there are 1 to 3; try 1\."):
        lesson.hint(2, 4)
    with pytest.raises(InputError, match='prediction is "perhaps"'):
        lesson.predict_gradient_check("perhaps")


@pytest.mark.parametrize("number", CASES)
def test_hints_and_the_reveal_are_there_for_every_run(number):
    hints = [str(lesson.hint(number, place)) for place in (1, 2, 3)]
    assert len(set(hints)) == 3
    assert CASES[number].fault not in hints[0]
    reveal = lesson.reveal(number)
    assert CASES[number].wrong.splitlines()[0] in str(reveal)
    assert "As it must be" in reveal._repr_html_()
    assert "How each tool shows it" in reveal._repr_html_()


def test_nothing_is_revealed_before_it_is_asked_for():
    verdict = lesson.reveal(...)
    assert isinstance(verdict, Verdict)
    assert verdict.state == "open"


def judge(check, *answers):
    return [check(answer).state for answer in (..., *answers)]


def test_the_exercises_accept_right_answers_and_refuse_wrong_ones(broken):
    assert judge(lesson.predict_gradient_check, "agrees", "disagrees") == ["open", "right", "wrong"]
    assert judge(lesson.check_distances, (5, 0), (0, 5), (5, 1), "five") == ["open", "right", *["wrong"] * 3]
    wrong_gram = np.array([[14, 32], [32, 77]]) / 3
    assert judge(lesson.check_wrong_gram, wrong_gram, lesson.RIGHT_GRAM, 3 * wrong_gram, [1, 2]) == [
        "open",
        "right",
        *["wrong"] * 3,
    ]
    assert "right Gram matrix" in lesson.check_wrong_gram(lesson.RIGHT_GRAM).sentence
    assert judge(lesson.check_white_pixel, (151.061, 138.221, 131.32), (131.32, 138.221, 151.061), (1, 1, 1)) == [
        "open",
        "right",
        *["wrong"] * 2,
    ]
    assert judge(lesson.check_factor, 5, 0.2, 4) == ["open", "right", "wrong", "wrong"]


def test_the_size_of_epsilon_is_checked_at_the_sessions_own_step(broken):
    session = broken[RUN["epsilon"]]
    times = 0.1 / np.sqrt(np.mean(session.gradient().astype(np.float64) ** 2))
    assert lesson.check_epsilon(times, session).is_right
    assert not lesson.check_epsilon(1 / times, session).is_right
    assert lesson.check_epsilon(..., session).state == "open"


def test_the_line_up_shows_every_run_and_its_total(healthy, broken):
    runs = {"healthy": healthy} | {f"run {number}": session for number, session in broken.items()}
    figure = lesson.line_up_runs(runs)
    *pictures, curves = figure.axes
    assert [axes.get_title(loc="left") for axes in pictures] == [f"{name}, step {STEPS}" for name in runs]
    np.testing.assert_array_equal(pictures[2].images[0].get_array(), broken[2].image)
    drawn = [np.asarray(line.get_ydata()) for line in curves.lines]
    assert [row[-1] for row in drawn] == [session.losses["total"] for session in runs.values()]
    heights = sorted(text.get_position()[1] for text in curves.texts)
    assert min(np.diff(heights)) > 0.07
