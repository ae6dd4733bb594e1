"""Image sets: a folder of contents and one of styles, from whose galleries a click takes a picture.

Thumbnails are made when a gallery is first opened, those of the open page first, on threads of their own; what cannot
be read is listed with its reason, and never stops the rest.
"""

import logging
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nst_explorer.errors import InputError, describe_error, suggest_name
from nst_explorer.thumbnail_cache import Thumbnail, find_thumbnail, keep_thumbnail, prune_thumbnails
from nst_explorer.view.frames import encode_jpeg
from nst_explorer.widgets.dashboard import Dashboard
from nst_explorer.widgets.set_gallery import PAGE_SIZE, SetGallery

THUMBNAIL_SIDE = 176  # as samples have it, for the larger cells
MOST_THREADS = 4
FOLDER_VARIABLES = {"content": "NST_EXPLORER_CONTENT_FOLDER", "style": "NST_EXPLORER_STYLE_FOLDER"}
"""Folders for dashboards that name none; `nst-explorer lab` sets them."""
SYSTEM_FILES = ("thumbs.db", "desktop.ini")
logger = logging.getLogger(__name__)


class ImageSets:
    """The dashboard's folders of pictures.

    Args:
        dashboard: Whose galleries show them.
        folders: By role, for those that have one.
    """

    def __init__(self, dashboard: Dashboard, folders: Mapping[str, Path]) -> None:
        self._dashboard = dashboard
        self._folders = dict(folders)
        self._names: dict[str, tuple[str, ...]] = {}
        self._turned: dict[str, int] = {}
        self._is_closed = False

    def toggle(self, role: str) -> threading.Thread | None:
        """Opens a gallery in the place of any other, or closes it; returns the thread that fills it the first time."""
        images = self._dashboard.images
        is_opening = images.opened_set != role
        images.show_set(role if is_opening else None)
        if not is_opening or role in self._turned:
            return None
        self._turned[role] = 0
        thread = threading.Thread(target=self._fill, args=(role,), name=f"nst-explorer-{role}-set", daemon=True)
        thread.start()
        return thread

    def turn(self, role: str, page: int) -> None:
        """Shows another page of a gallery; its thumbnails are made next."""
        self._turned[role] = page
        self._gallery(role).show_page(page)

    def find(self, role: str, name: str) -> Path:
        """Returns the file of that name.

        Raises:
            InputError: The set has no such picture.
        """
        names = self._names.get(role, ())
        if name not in names:
            raise InputError(f'The {role} folder has no picture "{name}"' + suggest_name(name, names))
        return self._folders[role] / name

    def close(self) -> None:
        """Makes no more thumbnails."""
        self._is_closed = True

    def _gallery(self, role: str) -> SetGallery:
        return self._dashboard.images.sets[role]

    def _fill(self, role: str) -> None:
        try:
            names = list_pictures(self._folders[role])
        except OSError as error:
            reason = error.strerror or error
            self._dashboard.show_error("images", f"The {role} folder cannot be read ({reason}); check its permissions.")
            return
        self._names[role] = names
        with self._dashboard.lock:
            self._gallery(role).show_names(names)
        with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1), "nst-explorer-thumbnail") as makers:
            waiting = _Waiting(names)
            for _ in range(makers._max_workers):
                makers.submit(self._make_all, role, waiting)
        prune_thumbnails()

    def _make_all(self, role: str, waiting: "_Waiting") -> None:
        while not self._is_closed and (name := waiting.take(self._turned[role])) is not None:
            path = self._folders[role] / name
            try:
                thumbnail = make_thumbnail(path)
            except InputError as error:
                self._leave_out(role, name, str(error).replace(str(path), name))
            except Exception as error:
                logger.exception("the thumbnail of %s could not be made", path)
                self._leave_out(role, name, f"Its thumbnail could not be made ({describe_error(error)}).")
            else:
                with self._dashboard.lock:
                    self._gallery(role).show_picture(name, thumbnail.jpeg, thumbnail.width, thumbnail.height)

    def _leave_out(self, role: str, name: str, reason: str) -> None:
        with self._dashboard.lock:
            self._names[role] = tuple(each for each in self._names[role] if each != name)
            self._gallery(role).show_unreadable(name, reason)


class _Waiting:
    """Names whose thumbnails are still to be made: those of the page that is looked at, and then the others."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = dict.fromkeys(names)
        self._order = names
        self._lock = threading.Lock()

    def take(self, page: int) -> str | None:
        """Returns the next name, or None after the last."""
        with self._lock:
            name = next(self._list_next(page), None)
            if name is not None:
                del self._names[name]
            return name

    def _list_next(self, page: int) -> Iterator[str]:
        looked_at = self._order[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
        yield from (name for name in looked_at if name in self._names)
        yield from self._names


def require_folder(role: str, given: str | os.PathLike[str] | None) -> Path | None:
    """Returns a folder of pictures, checked; without one, that of the environment variable, or None.

    Raises:
        InputError: There is no such folder.
    """
    given = given or os.environ.get(FOLDER_VARIABLES[role])
    if not given:
        return None
    folder = Path(given).expanduser()
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise InputError(f'The {role} folder "{given}" {what}, but it must be a folder of pictures; check the path.')
    return folder.absolute()


def require_folders(given: Mapping[str, str | os.PathLike[str] | None]) -> dict[str, Path]:
    """Returns the folders that there are, by role, as `require_folder` finds them.

    Raises:
        InputError: There is no such folder.
    """
    return {role: folder for role, each in given.items() if (folder := require_folder(role, each))}


def set_folders(folders: Mapping[str, Path | None]) -> None:
    """Has dashboards of programs that are started from here show these folders, by role.

    Raises:
        InputError: There is no such folder.
    """
    for role, given in folders.items():
        if given is not None:
            os.environ[FOLDER_VARIABLES[role]] = str(require_folder(role, given))


def list_pictures(folder: Path) -> tuple[str, ...]:
    """Returns the names of a folder's files, those that are hidden and those of folders left out, in their order."""
    names = (entry.name for entry in os.scandir(folder) if not entry.name.startswith(".") and entry.is_file())
    return tuple(sorted((name for name in names if name.lower() not in SYSTEM_FILES), key=str.casefold))


def make_thumbnail(picture: Path) -> Thumbnail:
    """Returns a picture's thumbnail, from the cache where it was made before.

    Raises:
        InputError: The picture cannot be read.
    """
    from nst_explorer.core.reduced import load_square

    kept = find_thumbnail(picture, THUMBNAIL_SIDE)
    if kept is None:
        square, width, height = load_square(picture, THUMBNAIL_SIDE)
        kept = Thumbnail(encode_jpeg(square), width, height)
        keep_thumbnail(picture, THUMBNAIL_SIDE, kept)
    return kept
