"""Colors and letters of the loss's terms. A color never stands alone: a letter or a name is beside it.

Colors are names of CSS variables, so that drawings and charts follow JupyterLab's theme by themselves.
"""

from nst_explorer.layers import find_layer

INK = "var(--nst-ink)"


def color_term(term: str) -> str:
    """Returns a term's color, a CSS value; style layers go by their block, from light to dark.

    Example:
        >>> color_term("style/block3_conv1")
        'var(--nst-style-3)'
    """
    role, _, layer = term.partition("/")
    if role == "style":
        return f"var(--nst-style-{find_layer(layer).block})"
    return {"content": "var(--nst-content)", "variation": "var(--nst-variation)"}.get(role, INK)


def letter_term(term: str) -> str:
    """Returns the one or two signs on a term's color, a layer's block among them: `Σ`, `C4`, `S3`, `V`."""
    role, _, layer = term.partition("/")
    letter = {"content": "C", "style": "S", "variation": "V", "total": "Σ"}[role]
    return f"{letter}{find_layer(layer).block}" if layer else letter


def name_term(term: str) -> str:
    """Returns a term's short name: its layer, or itself."""
    return term.rpartition("/")[2]
