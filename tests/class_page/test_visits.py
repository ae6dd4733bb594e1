"""Visits: places, and when they end; kernels are pretended here, and real in the browser's test."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from nst_explorer.class_page.visits import FullError, VisitorKernelManager


class Pretended:
    """A manager whose kernels are pretended."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.started: list[dict[str, Any]] = []
        self.kernels: dict[str, SimpleNamespace] = {}
        monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", self._start)
        monkeypatch.setattr(AsyncMappingKernelManager, "shutdown_kernel", self._shut_down)
        self.manager = VisitorKernelManager(
            visits_folder=str(folder), most_visitors=2, idle_seconds=60, leave_seconds=0.0, check_seconds=3600
        )
        monkeypatch.setattr(self.manager, "get_kernel", self.kernels.__getitem__)
        monkeypatch.setattr(VisitorKernelManager, "__contains__", lambda _, kernel_id: kernel_id in self.kernels)

    async def _start(self, **given: Any) -> str:
        await asyncio.sleep(0)
        self.started.append(given)
        name = f"kernel-{len(self.started)}"

        async def is_alive() -> bool:
            return self.kernels[name].lives

        self.kernels[name] = SimpleNamespace(last_activity=datetime.now(UTC), is_alive=is_alive, lives=True)
        self.connect(name, 1)
        return name

    async def _shut_down(self, kernel_id: str, **given: Any) -> None:
        del self.kernels[kernel_id]

    def connect(self, name: str, count: int) -> None:
        self.manager._kernel_connections[name] = count


class Page:
    """A pretended connection."""

    def __init__(self) -> None:
        self.is_closed = False

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        assert (code, reason) == (1000, "The visit has ended.")
        self.is_closed = True


def run(scenario: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        pretended = Pretended(folder, monkeypatch)
        try:
            await scenario(pretended)
        finally:
            pretended.manager._watcher.stop()

    # A thread of its own: where a browser's tests ran before, this one has a loop that runs already.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, play()).result()


def test_two_who_come_at_once_do_not_share_the_last_place(tmp_path, monkeypatch):
    async def scenario(pretended: Pretended) -> None:
        starts = [pretended.manager.start_kernel(env={}) for _ in range(3)]
        results = await asyncio.gather(*starts, return_exceptions=True)
        assert [type(each) for each in results] == [str, str, FullError]
        assert pretended.manager.is_full
        assert len(pretended.started) == len(list(tmp_path.iterdir())) == 2

    run(scenario, tmp_path, monkeypatch)


def test_each_visitors_files_go_into_a_folder_of_their_own(tmp_path, monkeypatch):
    async def scenario(pretended: Pretended) -> None:
        for _ in range(2):
            await pretended.manager.start_kernel(env={"PATH": "/bin"})
        first, second = (each["env"] for each in pretended.started)
        assert first["PATH"] == "/bin"
        for name in ("NST_EXPLORER_DATA", "IPYTHONDIR", "TMPDIR"):
            assert Path(first[name]).is_relative_to(tmp_path)
            assert first[name] != second[name]

    run(scenario, tmp_path, monkeypatch)


def test_a_visit_goes_on_while_its_page_is_used(tmp_path, monkeypatch):
    async def scenario(pretended: Pretended) -> None:
        await pretended.manager.start_kernel(env={})
        await pretended.manager.end_visits()
        assert list(pretended.kernels) == ["kernel-1"]

    run(scenario, tmp_path, monkeypatch)


@pytest.mark.parametrize("reason", ["left", "idle", "died", "gone"])
def test_a_visit_that_is_over_frees_its_place_and_its_folder(tmp_path, monkeypatch, reason):
    async def scenario(pretended: Pretended) -> None:
        await pretended.manager.start_kernel(env={})
        await pretended.manager.end_visits()
        kernel = pretended.kernels["kernel-1"]
        loaded_again, present = Page(), Page()
        for page in (loaded_again, present):
            pretended.manager.connect("kernel-1", page)
        pretended.manager.disconnect("kernel-1", loaded_again)
        if reason == "left":
            pretended.connect("kernel-1", 0)
        elif reason == "idle":
            kernel.last_activity -= timedelta(seconds=61)
        elif reason == "died":
            kernel.lives = False
        else:
            del pretended.kernels["kernel-1"]
        await asyncio.sleep(0.01)
        await pretended.manager.end_visits()
        assert pretended.kernels == {}
        assert (loaded_again.is_closed, present.is_closed) == (False, True)
        assert list(tmp_path.iterdir()) == []
        assert not pretended.manager.is_full

    run(scenario, tmp_path, monkeypatch)


def test_a_kernel_that_does_not_start_takes_no_place(tmp_path, monkeypatch):
    async def scenario(pretended: Pretended) -> None:
        async def fail(*_: Any, **__: Any) -> str:
            raise OSError("no memory")

        monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", fail)
        for _ in range(3):
            with pytest.raises(OSError, match="no memory"):
                await pretended.manager.start_kernel(env={})
        assert list(tmp_path.iterdir()) == []

    run(scenario, tmp_path, monkeypatch)
