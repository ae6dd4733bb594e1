"""The page for a class: visitors at once, what they may not do, and that nothing is left of them."""

import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.browser.class_page_server import ClassPageServer, run_class_page
from tests.browser.explorer_page import wait_for_step
from tests.browser.notebook_page import KNOWN_NOISE, Dashboard
from tests.explorer_fixtures import wait_until

SCRIPT = '<img src=x onerror="window.wasRun=1">'
PAINT_MILLISECONDS = 90_000


@pytest.fixture(scope="module")
def server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClassPageServer]:
    folder = tmp_path_factory.mktemp("page")
    contents = folder / "contents"
    contents.mkdir()
    noise = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    Image.fromarray(noise).save(contents / "noise.png")
    (contents / f"{SCRIPT.replace('/', '')}.txt").write_text("no picture")
    limits = ("--visitors=2", "--largest-size=128", "--most-steps=5", "--upload-mb=1", "--idle=30")
    with run_class_page(folder, *limits, f"--content-folder={contents}") as server:
        yield server


class Visitor:
    """A browser of its own with the page open."""

    def __init__(self, chromium: Browser, server: ClassPageServer, **context: Any) -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.connections = 0
        self.page: Page = chromium.new_context(**context).new_page()
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda asked: self._note(asked.url, server.url))
        self.page.on("websocket", lambda _: self._count_connection())
        self.page.goto(server.url)

    def _note(self, url: str, own: str) -> None:
        if url.startswith("http") and not url.startswith(own):
            self.outside.append(url)

    def _count_connection(self) -> None:
        self.connections += 1

    def open(self) -> Dashboard:
        root = self.page.locator(".nst")
        expect(root).to_be_visible(timeout=PAINT_MILLISECONDS)
        dashboard = Dashboard(root)
        wait_for_step(dashboard, 0)
        return dashboard

    @property
    def kernel(self) -> str:
        return json.loads(self.page.locator("#jupyter-config-data").text_content() or "")["kernelId"]

    def upload(self, dashboard: Dashboard, role: str, name: str, content: bytes) -> None:
        with self.page.expect_file_chooser() as chooser:
            dashboard.root.get_by_role("button", name=re.compile(f"Upload a {role} image")).click()
        chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": content})


@pytest.mark.parametrize(
    "path",
    [
        "/voila/files/index.ipynb",
        "/voila/files/../../../etc/passwd",
        "/voila/files/%2e%2e/%2e%2e/etc/passwd",
        "/voila/templates/lab/static/../../../../../../../etc/passwd",
        "/voila/templates/lab/static/%2e%2e/%2e%2e/%2e%2e/conf.json",
        "/voila/templates/../static/etc/passwd",
        "/voila/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/voila/labextensions/%2e%2e/%2e%2e/%2e%2e/pyvenv.cfg",
        "/voila/api/themes/%2e%2e/%2e%2e/voila.json",
        "/etc/passwd",
        "/index.ipynb",
        "/../etc/passwd",
        "/voila/render/index.ipynb",
        "/voila/tree",
        "/voila/api/contents",
        "/voila/execution/00000000-0000-0000-0000-000000000000",
        "/api/kernels",
        "/api/kernels/00000000-0000-0000-0000-000000000000",
        "/api/contents",
        "/api/sessions",
        "/api/terminals",
        "/tree",
        "/lab",
    ],
)
def test_no_file_no_list_and_no_code_is_reached_by_address(server, path):
    status, content = server.ask(path)
    assert status in (400, 403, 404), path
    assert b"root:" not in content
    assert b"open_visit" not in content
    assert server.list_visits() == []


def test_kernels_are_neither_begun_nor_deleted_by_a_request(server):
    kernel = "/api/kernels/00000000-0000-0000-0000-000000000000"
    assert [server.ask("/api/kernels", "POST")[0], server.ask(kernel, "DELETE")[0]] == [404, 405]
    assert server.list_kernels() == []


def test_a_strangers_page_that_points_its_name_here_is_refused(server):
    assert server.ask("/", Host="stranger.example")[0] == 403
    assert server.list_kernels() == []


def test_visitors_are_served_within_limits_and_leave_nothing(server, chromium):
    log_before = len(server.log)
    first = Visitor(chromium, server)
    second = Visitor(chromium, server, color_scheme="dark", viewport={"width": 500, "height": 900})
    dashboards = [first.open(), second.open()]
    assert first.kernel != second.kernel
    expect(second.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")

    # The limits are told, and a run ends at its last step.
    one, other = dashboards
    one.wait_for_text("Allowed here: pictures of up to 128 px; 5 steps a run; uploads of up to 1 MB.")
    one.button("Play").click()
    one.wait_for_text("a run may only come to step 5 here")
    other.button("Step").click()
    wait_for_step(other, 1)
    wait_for_step(one, 5)

    # No third visitor finds a place.
    third = chromium.new_context().new_page()
    answer = third.goto(server.url)
    assert answer is not None
    assert answer.status == 503
    expect(third.get_by_role("heading")).to_have_text("NST Explorer is full")
    expect(third.locator("p")).to_contain_text("2 visitors are here")
    third.context.close()

    _try_pictures(first, one)
    _try_to_run_code(first, server)
    assert first.page.evaluate("window.wasRun") is None
    for visitor in (first, second):
        assert visitor.outside == []
        assert visitor.connections == 1  # one that breaks is begun again, and what was said meanwhile is lost
        assert [error for error in visitor.errors if not KNOWN_NOISE.search(error) and "<rect>" not in error] == []

    # One leaves by closing the page; the other's process dies.
    assert (len(server.list_kernels()), len(server.list_visits())) == (2, 2)
    second.page.close(run_before_unload=False)
    wait_until(lambda: len(server.list_kernels()) == 1)
    wait_until(lambda: len(server.list_visits()) == 1)
    server.list_kernels()[0].kill()
    expect(first.page.get_by_role("alert").filter(has_text="This visit has ended")).to_be_visible(timeout=30_000)
    wait_until(lambda: server.list_visits() == [])
    first.page.context.close()
    assert not list((server.folder / "home").rglob("*.nst"))
    assert "Traceback" not in server.log[log_before:]


def _try_pictures(visitor: Visitor, dashboard: Dashboard) -> None:
    """Uploads that are too large, or have a script for a name; a path; and a folder's picture."""
    alert = visitor.page.locator("#page-alert")
    visitor.upload(dashboard, "content", f"{SCRIPT}.png", bytes(5_000_000))
    expect(alert).to_contain_text(f'The file "{SCRIPT}.png" has 5 MB, but at most 1 MB are allowed on this page')
    alert.get_by_role("button", name="Dismiss").click()
    expect(alert).to_be_hidden()

    visitor.upload(dashboard, "content", f"{SCRIPT}.png", b"no picture")
    dashboard.wait_for_text("is not an image, but it must be")
    visitor.upload(dashboard, "content", f"{SCRIPT}.png", _draw_picture())
    expect(dashboard.input("Content image")).to_have_value(f"{SCRIPT}.png")
    wait_for_step(dashboard, 0)

    dashboard.input("Content image").fill("../../../../etc/passwd")
    dashboard.input("Content image").press("Enter")
    dashboard.wait_for_text("no path is read on this page; choose a sample, or upload a file")

    dashboard.button("Content folder").click()
    dashboard.wait_for_text("1 file cannot be read")
    dashboard.root.locator("summary").filter(has_text="cannot be read").click()
    dashboard.wait_for_text("is not an image")
    thumbnail = dashboard.root.get_by_title(re.compile("^Content image")).and_(dashboard.root.locator("img"))
    before = thumbnail.get_attribute("src") or ""
    dashboard.button("noise.png").click()
    expect(thumbnail).not_to_have_attribute("src", before, timeout=30_000)
    expect(dashboard.input("Content image")).to_have_value("noise.png")
    dashboard.button("Step").click()
    wait_for_step(dashboard, 1)


def _draw_picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(buffer, "PNG")
    return buffer.getvalue()


def _try_to_run_code(visitor: Visitor, server: ClassPageServer) -> None:
    """Sends a kernel what a page never would, in both of the protocols; the answer to the last comes after all."""
    marks = [server.folder / f"was-run-{number}" for number in range(3)]
    address = f"{server.url.replace('http', 'ws')}/api/kernels/{visitor.kernel}/channels?session_id=stranger"
    with connect(address) as socket:
        for mark, channel in zip(marks, ("shell", "control"), strict=False):
            socket.send(json.dumps(_write_request(mark, channel)))
        socket.send(json.dumps({**_write_request(marks[0], "control"), "header": _write_header("shutdown_request")}))
        socket.send(json.dumps({**_write_request(marks[0], "shell"), "header": _write_header("kernel_info_request")}))
        _wait_for_info(socket)
    with connect(address, subprotocols=[Subprotocol("v1.kernel.websocket.jupyter.org")]) as socket:
        socket.send(_write_binary(_write_request(marks[2], "shell")))
        socket.send(
            _write_binary({**_write_request(marks[2], "shell"), "header": _write_header("kernel_info_request")})
        )
        while b"kernel_info_reply" not in socket.recv(30, decode=False):
            pass
    assert not any(mark.exists() for mark in marks)
    with connect(address) as socket:
        socket.send("no message at all")
        with pytest.raises(Exception, match="1003"):
            while True:
                socket.recv(30)


def _wait_for_info(socket: Any) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        said = socket.recv(30)
        if isinstance(said, str) and json.loads(said)["msg_type"] == "kernel_info_reply":
            return
    raise AssertionError("the kernel did not answer")


def _write_header(kind: str) -> dict[str, str]:
    return {"msg_id": kind, "msg_type": kind, "session": "stranger", "username": "", "version": "5.3", "date": ""}


def _write_request(mark: Path, channel: str) -> dict[str, Any]:
    code = {"code": f"open({str(mark)!r}, 'w').close()", "silent": False, "store_history": False}
    return {
        "header": _write_header("execute_request"),
        "parent_header": {},
        "metadata": {},
        "content": {**code, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True},
        "channel": channel,
        "buffers": [],
    }


def _write_binary(message: dict[str, Any]) -> bytes:
    """Writes a message as `v1.kernel.websocket.jupyter.org` has it: offsets, the channel, and the parts."""
    names = ("header", "parent_header", "metadata", "content")
    parts = [message["channel"].encode(), *(json.dumps(message[name]).encode() for name in names)]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    numbers = [len(offsets), *offsets]
    return b"".join([*(number.to_bytes(8, "little") for number in numbers), *parts])
