"""The picture with the run's record in it, so that it can be made again."""

import json
import os

from nst_explorer.core.outputs import save_image
from nst_explorer.session.run_record import describe_run
from nst_explorer.session.session import Session


def save_picture(session: Session, path: str | os.PathLike[str]) -> None:
    """Writes the present picture; a PNG and a TIFF hold the run's record, which `read_record` reads.

    Args:
        session: Whose picture.
        path: A `.png`, `.tif` or `.tiff` of 16 bits, lossless `.webp`, or `.jpg`; a file that is there is replaced.

    Raises:
        InputError: The ending is another, or the file cannot be written.

    Example:
        >>> save_picture(session, "out.tif")  # doctest: +SKIP
    """
    save_image(session.image, path, json.dumps(describe_run(session)))
