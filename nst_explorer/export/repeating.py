"""Repeating the run that a saved picture tells of."""

import os
import warnings
from collections.abc import Callable
from typing import Any

from nst_explorer.core.images import hash_image
from nst_explorer.core.records import make_recipe, read_record
from nst_explorer.errors import InputError
from nst_explorer.session.session import ImageSource, Session


def repeat_run(
    picture: str | os.PathLike[str],
    content: ImageSource,
    style: ImageSource,
    *,
    device: str = "auto",
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Session:
    """Takes the run of a saved picture again, up to its step, with every change of the recipe where it was.

    With the same images, weights, versions and machine its losses are the same to the last bit. What differs of images
    and weights is told as a warning.

    Args:
        picture: A PNG or TIFF that NST Explorer saved.
        content: The content image, as `Session` takes it: the record holds only its hash.
        style: The style image, the same.
        device: `auto`, `cpu` or `gpu`.
        on_progress: Called with the steps taken, and how many there are; what it raises ends it.

    Raises:
        InputError: The picture has no record, or the run cannot be repeated here.

    Example:
        >>> session = repeat_run("out.png", "photo.jpg", "painting.jpg")  # doctest: +SKIP
    """
    record = read_record(picture)
    try:
        steps = int(record["step"])
        changes = [(int(each["step"]), make_recipe(each["recipe"])) for each in record["changes"] if "recipe" in each]
        session = Session(content, style, make_recipe(record["first_recipe"]), device=device)
        differences = _list_differences(record, session)
    except (LookupError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f'The record in "{picture}" is incomplete ({error!r}); give another picture.') from error
    for sentence in differences:
        warnings.warn(sentence, stacklevel=2)
    for step, recipe in [*changes, (steps, None)]:
        while session.step < step:
            session.advance()
            on_progress(session.step, steps)
            if session.stop is not None and session.step < step:
                raise InputError(f"The run cannot be repeated further than step {session.step}: {session.stopped_by}")
        if recipe is not None:
            session.branch(recipe)
    return session


def _list_differences(record: dict[str, Any], session: Session) -> list[str]:
    images = session.full_images
    sentences = [
        f"The {role} image is not the one of which the picture was made, so that the run will differ."
        for role, image in (("content", images.content), ("style", images.style))
        if record["images"][f"{role}_sha256"] != hash_image(image)
    ]
    if record["weights"]["sha256"] != session.weights.sha256:
        sentences.append(
            f"The picture was made with the weights {record['weights']['name']}, but these are {session.weights.name}, "
            "so that the run will differ."
        )
    return sentences
