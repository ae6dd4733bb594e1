"""A notebook in a browser's page, with the gestures that tests need: run, reload, find a control by its name.

Every wait is for a condition; nothing sleeps.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.browser.jupyter_server import JupyterServer

OPEN_SECONDS = 60
RUN_SECONDS = 120
ANSWER_SECONDS = 20

KNOWN_NOISE = re.compile(r"<rect> attribute (width|height): A negative value is not valid.*/extensions/bqplot/")
"""bqplot 0.13 draws once before it has a size, and says so; nothing follows from it."""

IS_OPEN = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const kernel = panel?.sessionContext?.session?.kernel;
  return panel?.context?.isReady && kernel?.connectionStatus === "connected"
    && ["idle", "busy"].includes(kernel.status);
}"""
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
  .flatMap(cell => cell.outputs ?? []).filter(output => output.output_type === "error")
  .map(output => `${output.ename}: ${output.evalue}\\n${output.traceback.join("\\n")}`)"""


@dataclass(frozen=True)
class Dashboard:
    """One dashboard on the page; controls are found by the names that a screen reader reads out.

    Attributes:
        root: Its outermost element.
    """

    root: Locator

    def button(self, name: str) -> Locator:
        """Finds a button by its whole name: "Step" is not "Step back"."""
        return self.root.get_by_role("button", name=name, exact=True)

    def input(self, name: str) -> Locator:
        """Finds a field, list or box to tick by its whole label."""
        return self.root.get_by_label(name, exact=True)

    def tab(self, name: str) -> Locator:
        """Finds a tab by its whole name."""
        return self.root.get_by_role("tab", name=name, exact=True)

    def wait_for_text(self, text: str | re.Pattern[str], seconds: float = ANSWER_SECONDS) -> None:
        """Waits until the dashboard says so: `wait_for_text("step 5")`; text is matched as a part, spaces as one."""
        expect(self.root).to_contain_text(text, timeout=seconds * 1000)


@dataclass
class NotebookPage:
    """An open notebook.

    Attributes:
        page: Playwright's page, for what is not here.
        console_errors: What the page reported as errors so far, without `KNOWN_NOISE`.
        outside_requests: Addresses beyond this computer's JupyterLab that the page asked for.
    """

    page: Page
    server: JupyterServer
    console_errors: list[str] = field(default_factory=list)
    outside_requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.console_errors.append(str(error)))
        self.page.on("request", self._note_request)
        self.page.on("dialog", lambda dialog: dialog.accept())  # "Leave this page?" must not hold up a reload

    def open(self, name: str) -> None:
        """Opens the server's notebook of that name and waits until its kernel is there."""
        self.page.goto(f"{self.server.locate_notebook(name)}?token={self.server.token}")
        self._wait_until_open()

    def run_all(self, *, is_error_expected: bool = False, seconds: float = RUN_SECONDS) -> None:
        """Runs all cells and waits until the last has ended.

        Args:
            is_error_expected: Whether a cell may raise; else its traceback fails the test.
            seconds: How long the cells may take.
        """
        self._execute("notebook:run-all-cells", seconds)
        if not is_error_expected:
            assert not self.cell_errors, "\n".join(self.cell_errors)

    def run_cell(self, index: int, seconds: float = RUN_SECONDS) -> None:
        """Runs the cell at that place from the top, of any kind, and waits until it has ended."""
        self.page.evaluate(
            """index => {
              const notebook = window.jupyterapp.shell.currentWidget.content;
              notebook.deselectAll();
              notebook.activeCellIndex = index;
            }""",
            index,
        )
        self._execute("notebook:run-cell", seconds)

    def run_code(self, code: str) -> None:
        """Runs code in the kernel, as another cell would, and waits until it has ended; its error fails the test."""
        self.page.evaluate(
            """code => {
              const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
              window.reply = null;
              kernel.requestExecute({ code }).done.then(reply => { window.reply = reply.content; });
            }""",
            code,
        )
        reply = self.page.wait_for_function("() => window.reply", timeout=RUN_SECONDS * 1000).json_value()
        assert reply["status"] == "ok", "\n".join(reply.get("traceback", [reply["status"]]))

    @property
    def cell_errors(self) -> list[str]:
        """The errors that cells have raised, with their tracebacks."""
        return self.page.evaluate(ERRORS)

    def dashboard(self, index: int = 0) -> Dashboard:
        """Returns the dashboard that stands at this place from the top, once it is visible."""
        root = self.page.locator(".nst").nth(index)
        expect(root).to_be_visible(timeout=ANSWER_SECONDS * 1000)
        return Dashboard(root)

    def run_dashboard(self, seconds: float = RUN_SECONDS) -> Dashboard:
        """Runs all cells and returns the first dashboard."""
        self.run_all(seconds=seconds)
        return self.dashboard()

    def reload(self) -> None:
        """Saves, reloads the page, and waits until as many dashboards as before are back from the living kernel."""
        count = self.page.locator(".nst").count()
        self._execute("docmanager:save", ANSWER_SECONDS)  # a page shows the outputs that the file holds
        self.page.reload()
        self._wait_until_open()
        if count:
            self.dashboard(count - 1)

    def screenshot(self, path: Path, index: int = 0) -> Path:
        """Writes a picture of the whole dashboard, also of what is scrolled out of sight."""
        size = self.page.viewport_size
        root = self.dashboard(index).root
        box = root.bounding_box()
        path.parent.mkdir(parents=True, exist_ok=True)
        if size and box:
            self.page.set_viewport_size(
                {"width": size["width"], "height": max(size["height"], int(box["height"]) + 250)}
            )
        try:
            root.screenshot(path=path, animations="disabled")
        finally:
            if size:
                self.page.set_viewport_size(size)
        return path

    def _wait_until_open(self) -> None:
        self.page.wait_for_function(IS_OPEN, timeout=OPEN_SECONDS * 1000)
        # The file browser takes a third of a narrow page; a person, too, folds it away to work.
        self.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")

    def _execute(self, command: str, seconds: float) -> None:
        self.page.evaluate(
            """command => {
              window.commandEnded = false;
              window.jupyterapp.commands.execute(command).finally(() => { window.commandEnded = true; });
            }""",
            command,
        )
        self.page.wait_for_function("() => window.commandEnded", timeout=seconds * 1000)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            text = f"{message.text} ({message.location.get('url', '')})"
            if not KNOWN_NOISE.search(text):
                self.console_errors.append(text)

    def _note_request(self, request: Request) -> None:
        if request.url.startswith("http") and not request.url.startswith(self.server.url):
            self.outside_requests.append(request.url)


class NotebookOpener:
    """Opens notebooks for one test, each in a browser context of its own; the fixture `open_notebook` is one."""

    def __init__(self, server: JupyterServer, chromium: Browser, name: str) -> None:
        self._server = server
        self._chromium = chromium
        self._name = re.sub(r"\W+", "-", name).strip("-").lower()
        self._others = server.list_kernels()
        self._count = 0
        self.notebooks: list[NotebookPage] = []

    def __call__(
        self, cells: Sequence[str], *, width: int = 1400, height: int = 1000, theme: str = "light", **context: Any
    ) -> NotebookPage:
        """Writes a notebook and opens it; nothing has run yet.

        Args:
            cells: The source of each code cell.
            width: Of the window in pixels; JupyterLab leaves the dashboard some 180 less.
            height: Of the window in pixels.
            theme: `light` or `dark`.
            context: Further options of Playwright's `Browser.new_context`, such as `reduced_motion="reduce"`.
        """
        name = f"{self._name}-{self._count}"
        self._count += 1
        self._server.write_notebook(name, cells)
        self._server.choose_theme(theme)
        page = self._chromium.new_context(viewport={"width": width, "height": height}, **context).new_page()
        notebook = NotebookPage(page, self._server)
        self.notebooks.append(notebook)
        notebook.open(name)
        return notebook

    def close(self) -> None:
        """Closes the pages, then ends their kernels; in this order no page asks whether to start one again."""
        for notebook in self.notebooks:
            notebook.page.context.close()
        self.notebooks.clear()
        self._server.shut_down_kernels(self._others)
