"""A visit: the dashboard in a visitor's kernel, within the limits of the page."""

import json

from nst_explorer.explorer import Explorer
from nst_explorer.limits import Limits


def open_visit(settings: str) -> Explorer:
    """Returns the dashboard; the last line of the page's cell.

    Args:
        settings: JSON with the fields of `Limits`, and the folders of pictures to choose from, or null.
    """
    given = json.loads(settings)
    return Explorer(
        journal=False,
        limits=Limits(**given["limits"]),
        content_folder=given["content_folder"],
        style_folder=given["style_folder"],
    )
