"""What must be known to read a Gram matrix: values that are no numbers, maps without any, maps of one position."""

import numpy as np

from nst_explorer.view.loss_symbols import LayerSize


def list_notes(style: np.ndarray, generated: np.ndarray, size: LayerSize) -> tuple[str, ...]:
    """Returns a sentence for everything out of the ordinary; none where all is well.

    Args:
        style: `(C, C)`.
        generated: The same.
        size: Of the layer's maps.
    """
    notes = []
    for name, gram in (("style", style), ("generated picture", generated)):
        missing = int((~np.isfinite(gram)).sum())
        if missing:
            notes.append(
                f"{missing:,} of {gram.size:,} cells of the {name}'s matrix are not finite numbers; what is not a "
                "number is magenta."
            )
        elif not gram.any():
            notes.append(f"The maps of the {name} are 0 everywhere, and so is their Gram matrix.")
    silent = [int((np.diagonal(gram) == 0).sum()) for gram in (style, generated)]
    if any(0 < count < len(style) for count in silent):
        notes.append(
            f"Of {len(style)} channels {silent[0]} are silent in the style, {silent[1]} in the generated picture: "
            "their rows and columns are 0."
        )
    if size.height * size.width == 1:
        notes.append("The maps are 1 × 1: with a single position every Gram matrix has rank 1.")
    return tuple(notes)
