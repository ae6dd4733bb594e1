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


def suggest_name(given: str, allowed: Iterable[str]) -> str:
    """Ends a sentence with the nearest allowed name, or with nothing where none is near.

    Args:
        given: The name that was not found.
        allowed: The names that would have been.

    Returns:
        `'; did you mean "block4_conv2"?'`, or `"."`.
    """
    nearest = difflib.get_close_matches(given.lower(), list(allowed), n=1, cutoff=0.6)
    return f'; did you mean "{nearest[0]}"?' if nearest else "."
