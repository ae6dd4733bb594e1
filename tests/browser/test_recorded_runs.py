"""Recorded runs as a person meets them: a killed run is offered, goes on, and is found in the list."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.explorer_page import SMALL, open_run, wait_for_step

KILLED = """
import subprocess, sys
program = '''
import os, signal
from nst_explorer import Recipe, Session
from nst_explorer.samples import open_source
session = Session(open_source("content", "Grace Hopper"), open_source("style", "Brush strokes"),
                  Recipe(size=64, weights={weights!r}))
session.start_journal(name="<i>killed</i>")
session.advance(5)
session.journal.flush()
os.kill(os.getpid(), signal.SIGKILL)
'''
subprocess.run([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
"""


def test_a_killed_run_is_offered_goes_on_and_is_found_in_the_list(open_notebook, slim_weights: Path):
    weights = str(slim_weights)
    notebook = open_notebook([KILLED.format(weights=weights), SMALL.format(weights=weights)])
    notebook.run_all()
    dashboard = open_run(notebook)
    dashboard.wait_for_text(re.compile(r"Last run: “<i>killed</i>”, .*, step 5; its kernel ended\."))
    dashboard.button("Resume").focus()
    notebook.page.keyboard.press("Enter")
    wait_for_step(dashboard, 5)
    expect(dashboard.button("Resume")).to_have_count(0)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 6)
    dashboard.button("Runs").click()
    card = dashboard.root.locator(".nst-run", has_text="<i>killed</i>")
    expect(card).to_contain_text("open now")
    card.get_by_role("button", name="Rename").click()
    dashboard.input("New name").fill("brought back")
    dashboard.button("Save the name").click()
    card = dashboard.root.locator(".nst-run", has_text="brought back")
    expect(card.locator("img")).to_be_visible()
    expect(card.get_by_role("button", name="Delete")).to_be_disabled()
    notebook.reload()
    wait_for_step(notebook.dashboard(), 6)
    expect(notebook.dashboard().root.locator(".nst-run", has_text="brought back")).to_be_visible()
    assert notebook.cell_errors == []
    assert notebook.console_errors == []
