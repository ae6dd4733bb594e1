"""The terms of the loss, from a picture: the one forward pass, in two ways that give the same numbers.

The plain way keeps every map until its gradient has come back. The sparing way goes block by block, and the first
ones, whose maps are the largest, compute theirs once more on the way back.
"""

from collections.abc import Mapping
from itertools import groupby

from nst_explorer.core.differentiate import recompute_for_gradient
from nst_explorer.core.formulas import FORMULAS, Formulas
from nst_explorer.core.losses import measure_variation
from nst_explorer.core.step_memory import RECOMPUTED_BLOCKS
from nst_explorer.core.structure import Structure
from nst_explorer.core.tensors import Tensor, widen
from nst_explorer.core.vgg19 import Network, compute_maps, enter_network
from nst_explorer.layers import find_layer


def measure_terms(
    network: Network,
    structure: Structure,
    image: Tensor,
    targets: Mapping[str, Tensor],
    formulas: Formulas = FORMULAS,
) -> tuple[list[Tensor], dict[str, Tensor]]:
    """Computes every term before scaling and weights, in the order of `structure.terms`, and all maps on the way.

    Args:
        network: The network's weights, of the precision to compute in.
        structure: Which terms.
        image: `(H, W, 3)`, RGB in [0, 1].
        targets: Term to its target, of the picture's precision.
        formulas: What is computed.

    Returns:
        Scalars of the picture's precision, and the feature maps of every layer, `(h, w, C)` of the network's.
    """
    signal, layers = enter_network(network, image, formulas.preprocess), structure.computed_layers
    # Layers on the way are computed anyhow; returned as well, they can be looked at without another pass.
    maps, _ = compute_maps(network, signal, layers, structure.pooling)
    distances = _compare_maps(structure, maps, targets, formulas)
    return [*(distances[term] for term in structure.terms[:-1]), measure_variation(image)], maps


def measure_terms_sparingly(
    network: Network,
    structure: Structure,
    image: Tensor,
    targets: Mapping[str, Tensor],
    formulas: Formulas = FORMULAS,
) -> tuple[list[Tensor], dict[str, Tensor]]:
    """Does as `measure_terms`, to the last bit, but keeps no map of `RECOMPUTED_BLOCKS` and returns none."""
    signal = enter_network(network, image, formulas.preprocess)
    blocks = {
        block: tuple(names) for block, names in groupby(structure.computed_layers, lambda name: find_layer(name).block)
    }
    distances: dict[str, Tensor] = {}
    for block, layers in blocks.items():

        def measure_block(signal: Tensor, layers: tuple[str, ...] = layers) -> tuple[Tensor, dict[str, Tensor]]:
            maps, signal = compute_maps(network, signal, layers, structure.pooling)
            return signal, _compare_maps(structure, maps, targets, formulas)

        is_last = block == max(blocks)  # the way back begins there, and its maps are at hand
        is_recomputed = block in RECOMPUTED_BLOCKS and not is_last
        signal, measured = (recompute_for_gradient(measure_block) if is_recomputed else measure_block)(signal)
        distances |= measured
    return [*(distances[term] for term in structure.terms[:-1]), measure_variation(image)], {}


def _compare_maps(
    structure: Structure, maps: Mapping[str, Tensor], targets: Mapping[str, Tensor], formulas: Formulas
) -> dict[str, Tensor]:
    """Measures the terms of these layers, never in bfloat16: a sum of a million squares needs more digits."""
    summarize = formulas.statistics[structure.style_loss]
    values = {f"content/{name}": widen(maps[name]) for name in structure.content_layers if name in maps}
    values |= {f"style/{name}": summarize(maps[name]) for name in structure.style_layers if name in maps}
    return {term: formulas.measure_distance(value, targets[term]) for term, value in values.items()}
