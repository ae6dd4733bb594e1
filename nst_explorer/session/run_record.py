"""A run's record: all that is needed to know, later, how a picture came about. It goes into the saved PNG."""

import json
from itertools import pairwise
from typing import Any

from nst_explorer.core.formulas import list_other_formulas
from nst_explorer.core.images import hash_image
from nst_explorer.recipe_changes import describe_mark
from nst_explorer.session.session import Session
from nst_explorer.session.versions import list_versions


def describe_run(session: Session) -> dict[str, Any]:
    """Returns the record of a session at its present step, as values that JSON can hold.

    It has the recipe in force, the first one, the changes between them with their steps and recipes, the resolved
    weights and both images with their SHA-256, the losses, formulas that are not the package's, versions and device.
    """
    versions = list_versions()
    images = session.full_images
    line = session.line[: session.line.index(session.present) + 1]
    return {
        "step": session.step,
        "evaluations": session.evaluations,
        "recipe": json.loads(session.recipe.to_json()),
        "first_recipe": json.loads(line[0].recipe.to_json()),
        "changes": [
            {
                "step": record.step,
                "change": describe_mark(before, record),
                # What was enlarged kept its recipe, and the plan in it says so.
                **({} if record.is_enlargement else {"recipe": json.loads(record.recipe.to_json())}),
            }
            for before, record in pairwise(line)
            if record.is_change
        ],
        "losses": session.losses,
        "other_formulas": list_other_formulas(session.formulas),
        "weights": {"name": session.weights.name, "sha256": session.weights.sha256},
        "images": {"content_sha256": hash_image(images.content), "style_sha256": hash_image(images.style)},
        "device": session.device,
        "python": versions.pop("python"),
        "versions": versions,
    }
