"""Debugging as a person meets it: a breakpoint stops Play and says why, and a learning rate is found and taken."""

import re

from playwright.sync_api import expect

from tests.browser.explorer_page import open_run, read_step, set_number, wait_beyond, wait_for_step


def test_a_breakpoint_stops_play_and_a_rate_is_found_and_taken(notebook):
    dashboard = open_run(notebook)
    dashboard.tab("Debug").click()
    set_number(dashboard, "Step to break at", "4")
    dashboard.button("Add breakpoint").click()
    expect(dashboard.button("Remove the breakpoint at step 4")).to_be_visible()
    dashboard.button("Play").click()
    wait_for_step(dashboard, 4)
    result = dashboard.root.locator(".nst-result")
    expect(result).to_contain_text("Stopped at step 4, as asked.")
    expect(dashboard.button("Play")).to_be_visible()
    assert read_step(dashboard) == 4
    dashboard.button("Find a learning rate").click()
    dashboard.wait_for_text("Suggested: ")
    assert read_step(dashboard) == 4
    dashboard.button("Use this rate").click()
    dashboard.wait_for_text("in force now")
    rate = re.search(r"Suggested: ([\d.]+);", dashboard.root.locator(".nst-rate-words").inner_text())
    assert rate
    expect(dashboard.input("Learning rate")).to_have_value(rate[1])
    dashboard.button("Play").click()  # goes on from the stop
    wait_beyond(dashboard, 6)
    expect(result).not_to_contain_text("Stopped at")
    dashboard.button("Pause").click()
    notebook.reload()
    expect(notebook.dashboard().button("Remove the breakpoint at step 4")).to_be_visible()
    assert notebook.cell_errors == []
    assert notebook.console_errors == []
