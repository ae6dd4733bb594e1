"""The one exception that a person may see: wrong input, told in a sentence.

Every check at the border of the package raises `InputError`. Its text says what was given, what is allowed and what
to do, so that the command line, a notebook cell and the dashboard can show it as it is.
"""

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Input that cannot be used. `str(error)` is one sentence for the person who gave it."""

    def _render_traceback_(self) -> list[str]:
        """IPython asks for this: in a notebook the sentence stands alone, without a traceback."""
        return [f"InputError: {self}"]


NEAR = 0.6
"""How like a name must be to be meant, from 0 to 1."""


def suggest_name(given: str, allowed: Iterable[str]) -> str:
    """Ends a sentence with the nearest allowed name, or with nothing where none is near.

    Args:
        given: The name that was not found.
        allowed: The names that would have been.

    Returns:
        `'; did you mean "block4_conv2"?'`, or `"."`.
    """
    names = list(allowed)
    near = difflib.get_close_matches(given.lower(), names, n=len(names) or 1, cutoff=NEAR)
    if not near:
        return "."
    # Of names that are equally near the first: `block1_conv` means block1_conv1 before block1_conv2.
    ratios = {name: difflib.SequenceMatcher(None, name, given.lower()).ratio() for name in near}
    nearest = max((name for name in names if name in ratios), key=lambda name: ratios[name])
    return f'; did you mean "{nearest}"?'


def describe_error(error: BaseException) -> str:
    """Returns an unforeseen error's kind and the first line of what it says, to be put into a sentence."""
    return f"{type(error).__name__}: {error}".splitlines()[0]
