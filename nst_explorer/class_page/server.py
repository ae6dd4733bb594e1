"""The server: of Voilà only what the page needs, and all of its ways to files and code left out.

What is served is listed, so that a newer Voilà cannot add to it: the page, its scripts and styles, the state of a
visitor's own kernel, the messages of its widgets, and its end. There are no files, no tree of notebooks, no list of
kernels, no other templates and themes by query, and no settings of the user's are read.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from jupyter_server.utils import url_path_join
from traitlets.config import Config
from voila.app import Voila

from nst_explorer.class_page.handlers import (
    WIDGET_MESSAGES,
    KernelStateHandler,
    PageHandler,
    TemplateFileHandler,
    WidgetMessagesHandler,
)
from nst_explorer.class_page.options import PageOptions
from nst_explorer.class_page.visits import VisitorKernelManager
from nst_explorer.limits import BYTES_PER_MEGABYTE

TEMPLATES = Path(__file__).parent / "templates"
TITLE = "NST Explorer"
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "bqplot",
    "bqscales",
    "ipycanvas",
)
"""Of JupyterLab's extensions only those that the dashboard's widgets are drawn by."""
_KERNEL = r"/api/kernels/(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
_TEMPLATES = "/voila/templates/"
_SERVED = ("/voila/static/", "/voila/labextensions/", "/voila/api/themes/", "/voila/api/shutdown/")


class ClassPage(Voila):
    """Voilà, for one page."""

    name = "nst-explorer-app"

    def setup_template_dirs(self) -> None:
        """Puts the page's templates before Voilà's."""
        super().setup_template_dirs()
        voilas: Any = self.template_paths
        self.template_paths = [str(TEMPLATES), *voilas]

    def init_settings(self) -> Any:
        """Lets no message but those of widgets through to a kernel."""
        settings = super().init_settings()
        self.kernel_manager.allowed_message_types = list(WIDGET_MESSAGES)
        return settings

    def init_handlers(self) -> Any:
        """Lists what is served."""
        voilas: Any = super().init_handlers()
        found = [each for each in voilas if any(part in each[0] for part in _SERVED)]
        root = str(self.server_url)
        page = {
            "notebook_path": Path(str(self.notebook_path)).name,
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return [
            (url_path_join(root, f"{_TEMPLATES}(.*)"), TemplateFileHandler),
            *found,
            (url_path_join(root, _KERNEL), KernelStateHandler),
            (url_path_join(root, f"{_KERNEL}/channels"), WidgetMessagesHandler),
            (root, PageHandler, page),
        ]


def run_server(options: PageOptions, variables: Mapping[str, str]) -> None:
    """Serves the page until it is interrupted, and ends every visit then.

    Args:
        options: How.
        variables: Further environment variables of the visitors' kernels.
    """
    with tempfile.TemporaryDirectory(prefix="nst-explorer-app-", ignore_cleanup_errors=True) as folder:
        notebook = Path(folder) / "page" / "index.ipynb"
        notebook.parent.mkdir()
        write_notebook(notebook, options)
        ClassPage.launch_instance(argv=[], config=configure(options, Path(folder), notebook, variables))


def configure(options: PageOptions, folder: Path, notebook: Path, variables: Mapping[str, str]) -> Config:
    """Returns the settings of Voilà and Jupyter's server."""
    kept = Path(folder) / "visits"
    kept.mkdir()
    config = Config()
    config.Voila.notebook_path = str(notebook)
    config.Voila.root_dir = str(notebook.parent)
    config.Voila.connection_dir_root = str(folder)
    config.Voila.config_file_paths = []
    config.Voila.ip = options.host
    config.Voila.port = options.port
    config.Voila.port_retries = 0
    config.Voila.open_browser = options.opens_browser
    config.Voila.token = ""
    config.Voila.log_level = "ERROR"
    config.Voila.tornado_settings = {
        # A little more than an upload: the file's name and the rest of its message.
        "websocket_max_message_size": int(options.upload_mb * BYTES_PER_MEGABYTE) + 200_000,
        # Of a page on this computer no other name is answered, under which a stranger's page could reach it.
        "allow_remote_access": not options.is_local,
        "local_hostnames": ["localhost"],
        # In milliseconds. A computer that was closed is noticed; the answer to a ping is looked for at the next one, so
        # that a limit of one interval would end every connection at its first.
        "ws_ping_interval": 10_000,
        "ws_ping_timeout": 25_000,
    }
    page = config.VoilaConfiguration
    page.multi_kernel_manager_class = VisitorKernelManager
    page.allow_template_override = page.allow_theme_override = "NO"
    page.file_allowlist = []
    page.file_denylist = [".*"]
    page.extension_allowlist = list(EXTENSIONS)
    page.resources = {"upload_mb": options.upload_mb}
    visits = config.VisitorKernelManager
    visits.most_visitors = options.visitors
    visits.idle_seconds = options.idle_minutes * 60
    visits.visits_folder = str(kept)
    visits.visitor_variables = dict(variables)
    # The states of all widgets go in one message, beyond which the limit would drop what the page needs to be drawn.
    config.ZMQChannelsWebsocketConnection.limit_rate = False
    config.KernelManager.autorestart = False  # a visitor's kernel that died has no page any more
    return config


def write_notebook(file: Path, options: PageOptions) -> None:
    """Writes the page's notebook: one cell that shows the dashboard within the limits."""
    given = {
        "limits": vars(options.limits),
        "content_folder": None if options.content_folder is None else str(options.content_folder),
        "style_folder": None if options.style_folder is None else str(options.style_folder),
    }
    source = f"from nst_explorer.class_page.visit import open_visit\nopen_visit({json.dumps(given)!r})"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source)], metadata={"kernelspec": kernel, "title": TITLE}
    )
    nbformat.write(notebook, file)
