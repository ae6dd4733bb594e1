"""ImageNet's weights: one file, which Keras publishes and keeps in its cache.

It is the same file at the same place as `keras.applications.VGG19(include_top=False)` uses, so that whoever has worked
with VGG19 in Keras before has it already. It is fetched only on request, and kept only if its MD5 is the published one.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import pooch
import requests

from nst_explorer.core.part_files import keep_part, open_part
from nst_explorer.errors import InputError

IMAGENET_FILE = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
IMAGENET_URL = f"https://storage.googleapis.com/tensorflow/keras-applications/vgg19/{IMAGENET_FILE}"
IMAGENET_MD5 = "253f8cb515780f3b799900260a226db6"
TIMEOUT_SECONDS = 30.0
"""How long the server may be silent, before its answer and within it."""
CHUNK_BYTES = 1 << 16
"""Bytes between two reports of progress, about 1,200 reports for the whole file."""


def locate_imagenet() -> Path:
    """Returns where the file is, or would be: in `$KERAS_HOME/models`, or else in `~/.keras/models`."""
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras")
    return home.expanduser() / "models" / IMAGENET_FILE


def is_imagenet_cached() -> bool:
    """Whether the file is on this machine; its content is checked by `verify_imagenet`."""
    with suppress(OSError):  # a folder that may not be looked into holds nothing for us
        return locate_imagenet().is_file()
    return False


def verify_imagenet() -> None:
    """Checks the file in the cache against its MD5, which takes about 0.2 s.

    Raises:
        InputError: The file is missing, cannot be read, or is not the one that Keras publishes.
    """
    path = locate_imagenet()
    if not is_imagenet_cached():
        raise InputError(
            f'ImageNet\'s weights are not on this machine, there is no "{path}"; '
            "get them with nst-explorer weights fetch (80 MB), or choose the built-in network."
        )
    try:
        found = pooch.file_hash(path, alg="md5")
    except OSError as error:
        raise InputError(
            f'"{path}" cannot be read ({error.strerror}); allow it, or choose the built-in network.'
        ) from error
    if found != IMAGENET_MD5:
        raise InputError(
            f'"{path}" has the MD5 {found}, but ImageNet\'s weights have {IMAGENET_MD5}; '
            "have it replaced by nst-explorer weights fetch, or choose the built-in network."
        )


def fetch_imagenet(
    on_progress: Callable[[int, int], None] | None = None, url: str = IMAGENET_URL, md5: str = IMAGENET_MD5
) -> Path:
    """Downloads ImageNet's weights into Keras' cache, unless the right file is there.

    Args:
        on_progress: Called with the bytes received and the bytes in total, 0 where the server does not say how many.
            What it raises (no OSError, which would read as a failure) ends the download, leaves nothing behind and
            reaches the caller.
        url: Where to download from, Keras' own address or a mirror of it.
        md5: What the file's MD5 must be, as hexadecimal digits.

    Returns:
        The path of the file.

    Raises:
        InputError: It could not be downloaded or kept. Trying again is always safe.
    """
    path = locate_imagenet()
    server = urlsplit(url).hostname or url
    try:
        if path.is_file() and pooch.file_hash(path, alg="md5") == md5:
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_part(path) as part:
            _download(url, part, on_progress or _ignore_progress)
            _require_md5(Path(part.name), md5, server)
            keep_part(part, path)
    # requests' exceptions are OSErrors too, so theirs come first.
    except requests.RequestException as error:
        raise InputError(
            f"ImageNet's weights could not be fetched from {server}: {_describe_failure(error)}; "
            "check the internet connection and try again, or choose the built-in network."
        ) from error
    except OSError as error:
        raise InputError(
            f'ImageNet\'s weights could not be kept in "{path.parent}" ({error.strerror or error}); make the folder '
            "writable with 80 MB free, or set KERAS_HOME to another one."
        ) from error
    return path


class _Progress:
    """What pooch drives in place of a progress bar; its protocol asks for `total` and three methods."""

    def __init__(self, report: Callable[[int, int], None]) -> None:
        self.total = 0
        self._received = 0
        self._report = report

    def update(self, size: int) -> None:
        # pooch counts the last chunk as a whole one, and at the end fills the bar once more.
        received = min(self._received + size, self.total) if self.total else self._received + size
        if received > self._received:
            self._received = received
            self._report(received, self.total)

    def reset(self) -> None:
        """Does nothing: pooch empties the bar before it fills it at the end."""

    def close(self) -> None:
        """Does nothing: there is no bar to close."""


def _download(url: str, part: BinaryIO, on_progress: Callable[[int, int], None]) -> None:
    download = pooch.HTTPDownloader(
        progressbar=_Progress(on_progress),  # pyright: ignore[reportArgumentType] (any such object, say pooch's docs)
        chunk_size=CHUNK_BYTES,
        timeout=TIMEOUT_SECONDS,
    )
    download(url, part, None)


def _ignore_progress(received: int, total: int) -> None:
    pass


def _require_md5(part: Path, md5: str, server: str) -> None:
    found = pooch.file_hash(part, alg="md5")
    if found != md5:
        raise InputError(
            f"What {server} sent has the MD5 {found}, but ImageNet's weights have {md5}, so it was "
            "thrown away; try again, or choose the built-in network."
        )


def _describe_failure(error: requests.RequestException) -> str:
    match error:
        case requests.HTTPError(response=requests.Response() as answer):
            return f"it answered {answer.status_code} {answer.reason}"
        case requests.Timeout():
            return f"it did not answer within {TIMEOUT_SECONDS:g} s"
        case requests.exceptions.ChunkedEncodingError():
            return "the download was cut off"
        case requests.exceptions.SSLError():
            return "the connection is not secure"
        case requests.ConnectionError():
            return "there is no connection, or it fell silent"
        case ValueError():
            return "this is no address to download from"
        case _:
            return f"{error}"
