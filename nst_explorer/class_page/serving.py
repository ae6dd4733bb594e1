"""Serving the dashboard to a class: what is asked for is checked, what it means is said, and then it is served."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

from nst_explorer.class_page.options import PageOptions
from nst_explorer.errors import InputError
from nst_explorer.image_sets import require_folder
from nst_explorer.thumbnail_cache import FOLDER_VARIABLE, locate_thumbnails


def serve_page(options: PageOptions, say: Callable[[str], None]) -> None:
    """Serves the dashboard until it is interrupted.

    Args:
        options: How.
        say: Called with a line for whoever serves it.

    Raises:
        InputError: Voilà is missing, a folder of pictures is none, or the page cannot listen there.
    """
    if find_spec("voila") is None:
        raise InputError(
            'Serving the dashboard needs Voilà, which is not installed; run pip install "nst-explorer[app]".'
        )
    folders = {
        "content_folder": require_folder("content", options.content_folder),
        "style_folder": require_folder("style", options.style_folder),
    }
    require_port(options)
    address = f"http://{options.host}:{options.port}/"
    say(f"NST Explorer is at {address} for up to {options.visitors} visitors; Ctrl-C ends it.")
    say(options.limits.describe().partition(" A visit ends")[0])
    if not options.is_local:
        say(
            "Everyone who can reach this computer over the network can use the page: it asks for no password, and what "
            "is sent is not encrypted."
        )
    # Thumbnails of the folders are made once for all visitors.
    variables = {FOLDER_VARIABLE: str(locate_thumbnails())}
    from nst_explorer.class_page.server import run_server

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    run_server(replace(options, **folders), variables)


def require_port(options: PageOptions) -> None:
    """Checks that the page can listen where it was asked to.

    Raises:
        InputError: The port is taken or needs a right, or the host is none of this computer's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            options.host or None, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"The page cannot be served at {options.host}:{options.port} ({reason}); choose another --port, such as "
            f"{options.port + 1}, or another --host, such as localhost."
        ) from error
