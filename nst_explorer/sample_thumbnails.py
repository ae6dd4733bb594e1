"""Thumbnails of the samples: painted when a gallery is first opened, one after another, on a thread of their own.

A sample takes 10 to 700 ms to paint, longer than a gesture may take; so each appears as soon as it is there. They are
the same for every dashboard of a process, which makes each of them once.
"""

import functools
import logging
import threading

from nst_explorer.errors import InputError, describe_error
from nst_explorer.samples import open_sample, sample_names
from nst_explorer.view.frames import encode_jpeg
from nst_explorer.widgets.dashboard import Dashboard

THUMBNAIL_SIDE = 144  # galleries show some 100; more dots are for sharp screens, and 13 thumbnails are still 200 KB

logger = logging.getLogger(__name__)
_painting = threading.Lock()


def show_sample_thumbnails(dashboard: Dashboard, role: str) -> threading.Thread:
    """Begins to show the thumbnails of a role's samples, and returns at once.

    Args:
        dashboard: Where; what goes wrong is told among the messages of its images.
        role: `content` or `style`.

    Returns:
        The thread, which ends with the last thumbnail.
    """
    thread = threading.Thread(
        target=_show_one_by_one, args=(dashboard, role), name=f"nst-explorer-{role}-samples", daemon=True
    )
    thread.start()
    return thread


def make_sample_thumbnail(role: str, name: str) -> bytes:
    """Returns the middle of a sample as a square JPEG of `THUMBNAIL_SIDE` pixels; a second call costs nothing.

    Args:
        role: `content` or `style`.
        name: The sample's name.

    Raises:
        InputError: There is no such sample, or it is missing on this machine.
    """
    with _painting:  # of two that ask for the same one, the second waits for it and does not paint it again
        return _paint_thumbnail(role, name)


@functools.cache
def _paint_thumbnail(role: str, name: str) -> bytes:
    from nst_explorer.core.images import fill_shape, load_image

    return encode_jpeg(fill_shape(load_image(open_sample(role, name)), THUMBNAIL_SIDE, THUMBNAIL_SIDE))


def _show_one_by_one(dashboard: Dashboard, role: str) -> None:
    for name in sample_names(role):
        try:
            dashboard.show_sample(role, name, make_sample_thumbnail(role, name))
        except InputError as error:
            dashboard.show_error("images", str(error))
        except Exception as error:
            logger.exception("the thumbnail of the %s sample %s could not be made", role, name)
            what = describe_error(error)
            dashboard.show_error("images", f'The thumbnail of "{name}" could not be made ({what}).')
