"""Fixtures for tests in a real browser: `open_notebook`, and below it one JupyterLab and one Chromium for all."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from tests.browser.chromium import FLAGS, find_chromium, report_missing_chromium
from tests.browser.explorer_page import SMALL
from tests.browser.jupyter_server import JupyterServer, run_jupyter_lab
from tests.browser.notebook_page import ANSWER_SECONDS, NotebookOpener, NotebookPage

HERE = Path(__file__).parent
expect.set_options(timeout=ANSWER_SECONDS * 1000)  # several browsers may share two cores


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    of_browser = [item for item in items if HERE in item.path.parents]
    for item in of_browser:
        item.add_marker("browser")
    # They come last: Playwright keeps an asyncio loop running in this thread, under which other tests' loops refuse
    # to start, and what is quick should fail first.
    items[:] = [item for item in items if HERE not in item.path.parents] + of_browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        report_missing_chromium(os.environ)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def jupyter_server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    # It asks for the browser so that no server starts where there is none.
    with run_jupyter_lab(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture
def open_notebook(
    jupyter_server: JupyterServer, chromium: Browser, request: pytest.FixtureRequest
) -> Iterator[NotebookOpener]:
    opener = NotebookOpener(jupyter_server, chromium, request.node.name)
    yield opener
    opener.close()


@pytest.fixture
def notebook(open_notebook: NotebookOpener, slim_weights: Path) -> NotebookPage:
    """A page with an explorer that takes many steps a second."""
    notebook = open_notebook([SMALL.format(weights=str(slim_weights))])
    notebook.run_all()
    return notebook


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not report.failed or call.when == "teardown":
        return report
    opener = getattr(item, "funcargs", {}).get("open_notebook")
    for page in opener.notebooks if isinstance(opener, NotebookOpener) else ():
        picture = page.server.folder / f"{item.name}.png"
        try:
            page.page.screenshot(path=picture)
        except Error as error:
            report.sections.append(("page", f"No picture could be taken: {error}"))
        lines = [f"The page as it was: {picture}", *page.console_errors, page.server.log[-2000:]]
        report.sections.append(("browser", "\n".join(lines)))
    return report
