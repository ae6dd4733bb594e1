"""NST Explorer: take neural style transfer apart, one layer and one step at a time.

The names below are loaded when they are first used, so that importing the package is quick and loads no TensorFlow.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nst_explorer import export as export
    from nst_explorer import figures as figures
    from nst_explorer.core.images import load_image as load_image
    from nst_explorer.errors import InputError as InputError
    from nst_explorer.explorer import Explorer as Explorer
    from nst_explorer.optimizer_settings import LBFGS as LBFGS
    from nst_explorer.optimizer_settings import Adam as Adam
    from nst_explorer.recipe import Recipe as Recipe
    from nst_explorer.session.session import Session as Session

__version__ = "0.1.0"

_HOMES = {
    "Adam": "nst_explorer.optimizer_settings",
    "Explorer": "nst_explorer.explorer",
    "InputError": "nst_explorer.errors",
    "LBFGS": "nst_explorer.optimizer_settings",
    "Recipe": "nst_explorer.recipe",
    "Session": "nst_explorer.session.session",
    "load_image": "nst_explorer.core.images",
}
__all__ = ["LBFGS", "Adam", "Explorer", "InputError", "Recipe", "Session", "export", "figures", "load_image"]


def __getattr__(name: str) -> Any:
    if name == "figures":  # a module itself, which loads Matplotlib
        return import_module("nst_explorer.figures")
    if name in ("Session", "export"):  # quietly, and in step with a dashboard's thread that may be loading the same
        import_module("nst_explorer.core.quiet_loading").load_tensorflow()
    if name == "export":
        return import_module("nst_explorer.export")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
