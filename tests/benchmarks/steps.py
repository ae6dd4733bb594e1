"""The step: its seconds beside PyTorch's and the plain loop's, its share of the machine's peak, and its estimate."""

from collections.abc import Iterator

from nst_explorer import Recipe, Session
from nst_explorer.core.step_cost import count_work
from nst_explorer.recipe import PRECISIONS
from tests.benchmarks.matrix_peak import OPERATIONS, make_product
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Section
from tests.benchmarks.timing import make_image, take_turns
from tests.benchmarks.torch_step import TorchStep
from tests.benchmarks.tutorial_loop import TutorialLoop

NETWORKS = {"full": "random:0", "slim": "builtin"}
TOLERANCE = 1e-3
NOTE = (
    "Median seconds; all contenders of a row took turns. The share of the peak is that of a 4096² matrix product of "
    "the same precision, in the same turns, and counts the convolutions only. The estimate was made before the steps."
)
FORMATS = {
    "seconds": ".4f", "PyTorch": ".4f", "÷ PyTorch": ".2f", "tutorial": ".4f", "÷ tutorial": ".2f", "÷ float32": ".2f",
    "GFLOP": ".1f", "share of peak": ".0%", "peak GFLOP/s": ".0f", "estimated": ".4f", "estimate ÷ seconds": ".2f",
}  # fmt: skip


def measure(plan: Plan) -> Iterator[Section]:
    """Measures every network, size and precision; checks on the way that all compute the same loss."""
    rows = []
    for network in NETWORKS:
        for size in plan.sizes:
            rows += measure_row_pair(network, size, plan.rounds)
    yield Section("A step", rows, FORMATS, NOTE)


def measure_row_pair(network: str, size: int, rounds: int) -> list[dict]:
    """Times all precisions of one network and size in turns, and returns a row for each."""
    content, style = make_image(0, size), make_image(1, size)
    contenders, costs, operations = {}, {}, 0.0
    for precision in PRECISIONS:
        recipe = Recipe(weights=NETWORKS[network], size=size, precision=precision)
        session = Session(content, style, recipe, history_mb=64)
        costs[precision] = session.estimate_cost()
        rival = TorchStep(session.weights, content, style, recipe)
        if precision == "float32":
            plain = TutorialLoop(session.weights, content, style, recipe)
            require_agreement(session, rival, plain)
            contenders["tutorial"] = plain
        session.advance(2)
        rival()
        contenders |= {precision: session.advance, f"PyTorch {precision}": rival}
        contenders[f"peak {precision}"] = make_product(precision)
        work = count_work(session.weights.widths, recipe.layers, recipe.style_layers, size, size)
        operations = work.convolutions
    seconds = take_turns(contenders, rounds)
    rows = []
    for precision in PRECISIONS:
        own, peak = seconds[precision], OPERATIONS / seconds[f"peak {precision}"]
        tutorial = seconds["tutorial"] if precision == "float32" else None
        estimated = costs[precision].step_seconds
        rows.append(
            {
                "network": network, "size": size, "precision": precision, "seconds": own,
                "PyTorch": seconds[f"PyTorch {precision}"], "÷ PyTorch": own / seconds[f"PyTorch {precision}"],
                "tutorial": tutorial, "÷ tutorial": None if tutorial is None else own / tutorial,
                "÷ float32": own / seconds["float32"], "GFLOP": operations / 1e9,
                "share of peak": operations / own / peak, "peak GFLOP/s": peak / 1e9,
                "estimated": estimated, "estimate ÷ seconds": estimated / own,
            }
        )  # fmt: skip
    return rows


def require_agreement(session: Session, rival: TorchStep, plain: TutorialLoop) -> None:
    """Checks that the three compute the same loss of the start, and the explorer and PyTorch of the next picture.

    Raises:
        RuntimeError: They do not; what they take is then not to be compared.
    """
    of_start = [session.losses["total"], rival.measure_loss(session.image), plain()]
    session.advance()
    of_next = [session.losses["total"], rival.measure_loss(session.image)]
    for losses in (of_start, of_next):
        if max(losses) - min(losses) > TOLERANCE * max(losses):
            raise RuntimeError(f"The contenders compute different losses, {losses}; their times cannot be compared.")
