"""The browser that the tests drive: one that is installed already; Playwright's own is never downloaded."""

import shutil
from collections.abc import Mapping
from typing import NoReturn

import pytest

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_chromium() -> str | None:
    """Returns the path of an installed Chromium or Chrome, or None."""
    return next((path for program in PROGRAMS if (path := shutil.which(program))), None)


def report_missing_chromium(environment: Mapping[str, str]) -> NoReturn:
    """Skips the test, or fails it where `CI` is set: there nobody would notice that the dashboard was not tried."""
    reason = "NO BROWSER: the dashboard was NOT tried; install Chromium (Debian: apt-get install chromium)"
    if environment.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
