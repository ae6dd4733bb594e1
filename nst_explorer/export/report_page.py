"""The page of a report: HTML that stands alone. Whatever comes from outside is escaped here, and nothing is fetched.

A policy in the page itself forbids the browser every request, so that no mistake elsewhere can become one.
"""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from importlib.resources import files

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def write_page(title: str, body: Sequence[str]) -> str:
    """Returns a whole page; the title is text, the parts of the body are HTML."""
    sheet = files("nst_explorer.export").joinpath("report.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{sheet}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def write_section(title: str, *parts: str) -> str:
    """Returns a section under a heading; the title is text, the parts are HTML."""
    return "<section>\n" + "\n".join((f"<h2>{escape(title)}</h2>", *parts)) + "\n</section>"


def write_paragraph(text: str, kind: str = "") -> str:
    """Returns a paragraph of text, of a class if wanted."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def write_facts(facts: Sequence[tuple[str, str]]) -> str:
    """Returns names with texts."""
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts) + "</dl>"


def write_list(texts: Sequence[str]) -> str:
    """Returns texts as a list."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def write_figure(picture: bytes, alternative: str, caption: str, *, size: tuple[int, int], kind: str = "") -> str:
    """Returns a picture with its caption.

    Args:
        picture: A PNG or JPEG.
        alternative: What it shows, for whoever cannot see it.
        caption: Text below it.
        size: Width and height in pixels, so that the page does not jump.
        kind: `pixels` shows each pixel as a square.
    """
    format_name = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    data = b64encode(picture).decode()
    return (
        f'<figure class="{kind}"><img alt="{escape(alternative)}" width="{size[0]}" height="{size[1]}" '
        f'src="data:image/{format_name};base64,{data}"><figcaption>{escape(caption)}</figcaption></figure>'
    )


def write_row(*figures: str, kind: str = "") -> str:
    """Returns figures side by side, as many as fit; `dense` ones are small."""
    return f'<div class="row {kind}">{"".join(figures)}</div>'


def write_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a table of texts."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
