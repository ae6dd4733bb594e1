"""What is seen as HTML, as the plain words that name a picture for those who do not see it."""

import re
from html import unescape


def write_plain(html: str) -> str:
    """Returns the words of a piece of HTML, with single spaces and without tags.

    Example:
        >>> write_plain("<b>block3_conv1</b> of the style: 2 &lt; 3")
        'block3_conv1 of the style: 2 < 3'
    """
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def write_reading(html: str, *, is_told: bool) -> str:
    """Returns a piece of HTML that is read aloud as it appears, or not: what a run changes while it plays is not."""
    role = ' role="status"' if is_told else ""
    return f"<span{role}>{html}</span>"
