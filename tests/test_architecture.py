"""The two towers of DESIGN §2, read from the source: nothing is imported to find out what imports what."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nst_explorer"
SOURCES = {
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted(PACKAGE.rglob("*.py"))
}

TENSORS = ("tensorflow", "keras")
JUPYTER = ("ipywidgets", "ipycanvas", "bqplot", "bqscales", "IPython", "ipykernel", "traitlets", "notebook", "voila")
TENSOR_TOWER = ("nst_explorer.core", "nst_explorer.session")
PICTURE_TOWER = ("nst_explorer.view", "nst_explorer.widgets")
DASHBOARD = tuple(
    f"nst_explorer.{name}"
    for name in (
        "checking",
        "costs",
        "debugging",
        "driving",
        "earlier_runs",
        "explorer",
        "fetching",
        "gestures",
        "gestures.debugging",
        "gestures.examining",
        "gestures.guard",
        "gestures.guiding",
        "gestures.inspecting",
        "gestures.keeping",
        "gestures.running",
        "gestures.saving",
        "gestures.time_travel",
        "image_sets",
        "inspecting",
        "layer_effects",
        "lessons_beside",
        "opening",
        "recorded_runs",
        "saved_settings",
        "saving",
        "sample_thumbnails",
        "showing",
        "showing_features",
        "showing_gradient",
        "showing_gram",
        "showing_one_step",
        "tabs",
        "thumbnail_cache",
        "time_travel",
    )
)
FIGURES = tuple(
    f"nst_explorer.{name}"
    for name in (
        "figures",
        *(
            f"figures.{each}"
            for each in ("curves", "grams", "log_axis", "maps", "paper", "pictures", "rates", "rows", "totals")
        ),
    )
)
COURSE = "nst_explorer.course"
"""The lessons, at the top beside the figures: they may import session, core and figures, and nothing imports them.

They do so at the top or late as their first cell needs it: a lesson whose dashboard is met first paints it before
TensorFlow loads."""
COMMANDS = tuple(
    f"nst_explorer.{name}" for name in ("cli", "lab", "course_copy", "doctor", "runs_command", "export_command")
)
TOP = (COURSE, *DASHBOARD, *FIGURES, *COMMANDS, "nst_explorer.class_page", "nst_explorer.export")
VOCABULARY = tuple(
    f"nst_explorer.{name}"
    for name in (
        *("recipe", "optimizer_settings", "recipe_changes", "scale_plan", "checks", "layers", "limits", "errors"),
        *("export_kinds", "film_cut"),
    )
)
STANDARD_LIBRARY_ONLY = (*VOCABULARY, "nst_explorer.gpu_advice", "nst_explorer.course_copy")

RUNNER = tuple(
    f"nst_explorer.session.{name}"
    for name in (
        *("runner", "agenda", "snapshot", "speedometer", "push_meter", "pushes", "rate_turns"),
        *("side_runs", "side_plans", "single_aims"),
        *("journal.folder", "journal.keeping", "journal.room", "journal.summaries"),
    )
)
"""What the dashboard talks to: the one part of its tower that loads without tensors."""
MAY_IMPORT_LATE = tuple(
    f"nst_explorer.{name}"
    for name in (
        *("explorer", "fetching", "opening", "recorded_runs", "sample_thumbnails", "showing_gram", "cli", "doctor"),
        *("runs_command", "export_command", "image_sets", "class_page.serving", "class_page.command"),
        *("saving", "saved_settings", "gestures.saving", "figures.grams", "figures.rows"),
        *("session.runner", "session.snapshot", "core.quiet_loading"),
    )
)
"""Modules that reach TensorFlow, and with it 2–4 seconds, only when something is asked of it."""
PAINTED_FIRST = ("nst_explorer", *DASHBOARD, *FIGURES, *MAY_IMPORT_LATE)
"""Modules that are loaded before TensorFlow is."""


@dataclass(frozen=True)
class Import:
    name: str
    line: int
    is_at_top: bool
    is_for_types: bool

    def is_of(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)

    @property
    def is_of_jupyter(self) -> bool:
        return self.is_of(*JUPYTER) or self.name.startswith("jupyter")

    @property
    def is_of_standard_library(self) -> bool:
        return self.name.partition(".")[0] in sys.stdlib_module_names


def read_imports(source: str, module: str, *, is_package: bool = False) -> Iterator[Import]:
    """Yields every import of the source, wherever it stands; `from a import b` counts as `a.b`."""

    def visit(node: ast.AST, is_at_top: bool, is_for_types: bool) -> Iterator[Import]:
        if isinstance(node, ast.stmt | ast.expr):
            for name in _name_imported(node, module, is_package):
                yield Import(name, node.lineno, is_at_top, is_for_types)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            is_at_top = False
        for_types: list[ast.AST] = []
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for_types += node.body
        for child in ast.iter_child_nodes(node):
            yield from visit(child, is_at_top, is_for_types or child in for_types)

    yield from visit(ast.parse(source), True, False)


def _name_imported(node: ast.AST, module: str, is_package: bool) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=origin, names=names, level=level):
            parts = module.split(".")
            base = parts[: len(parts) + is_package - level] if level else []
            start = ".".join([*base, *([origin] if origin else [])])
            return [f"{start}.{alias.name}" for alias in names]
        case ast.Call(
            func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return [name]
    return []


def find_breaches(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """Returns a sentence for each import of the source that the layers forbid."""
    return [
        f"{module}:{each.line} imports {each.name}: {rule}"
        for each in read_imports(source, module, is_package=is_package)
        for rule in _list_broken_rules(each, module, is_package)
    ]


def _list_broken_rules(each: Import, module: str, is_package: bool) -> Iterator[str]:
    part = ".".join(module.split(".")[:2])
    is_own = each.is_of("nst_explorer")
    if each.is_of("tensorflow") and module != "nst_explorer.core.differentiate":
        yield "only core/differentiate.py imports tensorflow"
    if each.is_of("matplotlib.pyplot", "pylab"):
        yield "pyplot beside live widgets breaks them; use matplotlib.figure.Figure"
    if part in PICTURE_TOWER and each.is_of(*TENSORS, *TENSOR_TOWER, *TOP):
        yield "view and widgets know neither tensors nor the session"
    if part in TENSOR_TOWER and (each.is_of_jupyter or each.is_of(*PICTURE_TOWER, *TOP)):
        yield "core and session know nothing of Jupyter"
    if part == "nst_explorer.core" and each.is_of("nst_explorer.session"):
        yield "imports go downward: session imports core"
    if part == "nst_explorer.view" and not (
        each.is_of_standard_library or each.is_of("numpy", "PIL", "nst_explorer.view", *VOCABULARY)
    ):
        yield "view has numpy, Pillow, the standard library and the vocabulary"
    if module in STANDARD_LIBRARY_ONLY and not (each.is_of_standard_library or each.is_of(*VOCABULARY)):
        yield "the vocabulary has the standard library and itself"
    if is_own and each.is_of(*TOP) and module in VOCABULARY:
        yield "imports go downward"
    if each.is_of(COURSE) and part != COURSE:
        yield "only notebooks import the course"
    if part == COURSE and each.is_of("nst_explorer.widgets", "nst_explorer.cli", "nst_explorer.lab"):
        yield "the course shows what figures, session and the dashboard show; it draws no panels"
    if not each.is_at_top and not (is_package or module in MAY_IMPORT_LATE or part == COURSE):
        yield "imports stand at the top of the module"
    if (
        each.is_at_top
        and not each.is_for_types
        and module in PAINTED_FIRST
        and each.is_of(*TENSORS, *TENSOR_TOWER)
        and not each.is_of(*RUNNER)
    ):
        yield "core and session are reached inside functions only, so that the dashboard paints before TensorFlow loads"


@pytest.mark.parametrize("module", SOURCES)
def test_no_module_breaks_the_layers(module):
    file = SOURCES[module]
    assert find_breaches(file.read_text("utf-8"), module, is_package=file.name == "__init__.py") == []


BREACHES = [
    ("view.frames", "import tensorflow as tf", "only core/differentiate.py"),
    ("view.frames", "import ipywidgets", "view has numpy"),
    ("view.frames", "import matplotlib", "view has numpy"),
    ("view.frames", "from nst_explorer.core import images", "neither tensors nor the session"),
    ("widgets.image_panel", "from nst_explorer import session", "neither tensors nor the session"),
    ("widgets.image_panel", "from nst_explorer.session.session import Session", "neither tensors nor the session"),
    ("widgets.image_panel", "import keras.ops", "neither tensors nor the session"),
    ("widgets.image_panel", "from ..core.images import load_image", "neither tensors nor the session"),
    ("widgets.image_panel", "from nst_explorer.explorer import Explorer", "neither tensors nor the session"),
    ("core.losses", "import tensorflow", "only core/differentiate.py"),
    ("core.losses", "import importlib\nimportlib.import_module('tensorflow')", "only core/differentiate.py"),
    ("core.losses", "from IPython.display import display", "nothing of Jupyter"),
    ("core.losses", "from nst_explorer.session import history", "imports go downward"),
    ("session.runner", "from jupyter_client import KernelManager", "nothing of Jupyter"),
    ("session.history", "from nst_explorer.view.frames import draw", "nothing of Jupyter"),
    ("session.history", "from nst_explorer.widgets import panel", "nothing of Jupyter"),
    ("session.history", "def advance():\n    import numpy", "top of the module"),
    ("session.runner", "from nst_explorer.session.session import Session", "inside functions only"),
    ("explorer", "from nst_explorer.session.session import Session", "inside functions only"),
    ("explorer", "try:\n    import keras\nexcept ImportError:\n    keras = None", "inside functions only"),
    ("showing", "from nst_explorer.session.iterate import Iterate", "inside functions only"),
    ("doctor", "from nst_explorer.core.differentiate import list_devices", "inside functions only"),
    ("recipe", "import numpy", "the standard library and itself"),
    ("errors", "from nst_explorer.view import frames", "the standard library and itself"),
    ("figures", "from matplotlib import pyplot as plt", "use matplotlib.figure.Figure"),
    ("figures.grams", "from nst_explorer.session.session import Session", "inside functions only"),
    ("figures.grams", "from nst_explorer.course.verdicts import Verdict", "only notebooks import the course"),
    ("session.session", "from nst_explorer.course import verdicts", "nothing of Jupyter"),
    ("course.lesson_03", "from nst_explorer.widgets.dashboard import Dashboard", "draws no panels"),
    ("course.lesson_03", "import tensorflow", "only core/differentiate.py"),
    ("view.loss_curves", "from nst_explorer.figures.paper import WIDTH", "neither tensors nor the session"),
]


@pytest.mark.parametrize(("module", "source", "rule"), BREACHES)
def test_a_breach_is_found_and_told(module, source, rule):
    breaches = find_breaches(source, f"nst_explorer.{module}")
    assert any(rule in breach for breach in breaches), breaches


ALLOWED = [
    ("view.frames", "import io\nimport numpy as np\nfrom PIL import Image\nfrom nst_explorer.recipe import Recipe"),
    ("view.frames", "from .palette import viridis"),
    ("widgets.image_panel", "import ipywidgets\nfrom nst_explorer.view.frames import Frame"),
    ("core.losses", "from keras import ops\nimport numpy as np"),
    ("core.differentiate", "import tensorflow as tf"),
    ("session.session", "from nst_explorer.core import objective"),
    ("session.runner", "def start():\n    from nst_explorer.session.session import Session"),
    ("explorer", "from nst_explorer.session.runner import Runner"),
    ("explorer", "def start():\n    from nst_explorer.session.session import Session"),
    (
        "explorer",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from nst_explorer.session.session import Session",
    ),
    ("course.lesson_03", "from nst_explorer.core.losses import LOSSES\nfrom nst_explorer import figures"),
    ("course.lesson_03", "def compare():\n    from nst_explorer.session.session import Session"),
    ("recipe", "import json\nfrom nst_explorer.layers import find_layer"),
]


@pytest.mark.parametrize(("module", "source"), ALLOWED)
def test_what_the_layers_allow_is_no_breach(module, source):
    assert find_breaches(source, f"nst_explorer.{module}") == []


def test_an_import_for_types_does_not_excuse_the_other_branch():
    source = "if TYPE_CHECKING:\n    pass\nelse:\n    import keras"
    assert find_breaches(source, "nst_explorer.explorer") != []


@pytest.mark.parametrize("module", [name for name in ("nst_explorer", "nst_explorer.explorer") if name in SOURCES])
def test_importing_the_dashboard_loads_no_tensorflow(module):
    question = f"import sys, {module}; print([name for name in {TENSORS} if name in sys.modules])"
    assert _answer(question) == "[]"


def test_importing_the_package_loads_no_numpy():
    assert _answer("import sys, nst_explorer; print('numpy' in sys.modules)") == "False"


def test_importing_the_package_loads_no_matplotlib():
    assert _answer("import sys, nst_explorer; print('matplotlib' in sys.modules)") == "False"


def test_the_figures_load_neither_tensorflow_nor_pyplot():
    names = (*TENSORS, "matplotlib.pyplot")
    question = f"import sys, nst_explorer as n; n.figures.gram; print([m for m in {names} if m in sys.modules])"
    assert _answer(question) == "[]"


def _answer(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    ).stdout.strip()


@pytest.mark.parametrize("module", SOURCES)
def test_every_module_states_its_concept_first(module):
    assert ast.get_docstring(ast.parse(SOURCES[module].read_text("utf-8")))


@pytest.mark.parametrize("module", SOURCES)
def test_no_module_is_longer_than_300_lines(module):
    assert len(SOURCES[module].read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("module", [name for name in SOURCES if name.startswith((*TENSOR_TOWER, "nst_explorer.view"))])
def test_core_session_and_view_never_print(module):
    assert list_prints(SOURCES[module].read_text("utf-8")) == []


def test_a_print_is_found():
    assert list_prints("def show():\n    print(1)  # a word about print(2)\n") == [2]


def list_prints(source: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
