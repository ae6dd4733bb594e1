"""What a class page is asked for is checked, and what it means is said, before anything is served."""

import socket
from pathlib import Path

import pytest

from nst_explorer.class_page import server, serving
from nst_explorer.class_page.options import PageOptions
from nst_explorer.class_page.serving import serve_page
from nst_explorer.cli import cli
from nst_explorer.errors import InputError


@pytest.fixture
def served(monkeypatch) -> list[tuple]:
    """What would have been served, and is not."""
    calls: list[tuple] = []
    monkeypatch.setattr(server, "run_server", lambda *given: calls.append(given))
    return calls


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_page_is_of_this_computer_alone_unless_it_is_told_otherwise(served):
    said: list[str] = []
    serve_page(PageOptions(port=free_port(), visitors=3), said.append)
    assert PageOptions().host == "localhost"
    assert "for up to 3 visitors" in said[0]
    assert said[1] == "Allowed here: pictures of up to 512 px; 1,000 steps a run; uploads of up to 20 MB."
    assert len(said) == 2
    assert len(served) == 1


def test_serving_to_others_is_told_with_what_it_means(served):
    said: list[str] = []
    serve_page(PageOptions(host="0.0.0.0", port=free_port()), said.append)
    assert said[-1] == (
        "Everyone who can reach this computer over the network can use the page: it asks for no password, and what is "
        "sent is not encrypted."
    )


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("my.pc", False)],
)
def test_only_loopback_is_this_computer_alone(host, is_local):
    assert PageOptions(host=host).is_local is is_local


def test_a_missing_voila_is_one_sentence_with_the_remedy(monkeypatch, served):
    monkeypatch.setattr(serving, "find_spec", lambda name: None)
    with pytest.raises(InputError) as error:
        serve_page(PageOptions(), lambda line: None)
    assert str(error.value) == (
        'Serving the dashboard needs Voilà, which is not installed; run pip install "nst-explorer[app]".'
    )
    assert served == []


def test_a_port_that_is_taken_is_told_before_anything_starts(served):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"cannot be served at 127\.0\.0\.1:{port} \(.*\); choose another --port"):
            serve_page(PageOptions(host="127.0.0.1", port=port), lambda line: None)
    assert served == []


def test_a_folder_that_is_none_is_told_before_anything_starts(served, tmp_path):
    with pytest.raises(InputError, match=r"The content folder .* does not exist"):
        serve_page(PageOptions(port=free_port(), content_folder=tmp_path / "gone"), lambda line: None)
    assert served == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"visitors": 0}, "The number of visitors is 0, but it must be a whole number from 1"),
        ({"port": 70_000}, "The port is 70000, but it must be a whole number from 0"),
        ({"idle_minutes": 0}, "The idle time in minutes is 0, but it must be a number above 0"),
    ],
)
def test_a_number_that_cannot_be_is_refused(given, sentence):
    with pytest.raises(InputError) as error:
        PageOptions(**given)
    assert str(error.value).startswith(sentence)


def test_visitors_may_neither_read_nor_write_nor_fetch():
    limits = PageOptions(idle_minutes=7).limits
    assert not (limits.may_read_paths or limits.may_write_files or limits.may_download)
    assert "after 7 minutes without use" in limits.describe()


def test_the_commands_defaults_are_those_of_the_options():
    command = cli.commands["app"]
    given = command.make_context("app", []).params
    assert PageOptions(**given) == PageOptions()


def test_what_is_configured_has_no_files_no_other_templates_and_no_settings_of_the_user(tmp_path):
    config = server.configure(PageOptions(upload_mb=2), tmp_path, Path(tmp_path / "index.ipynb"), {})
    page = config.VoilaConfiguration
    assert (page.file_allowlist, page.file_denylist) == ([], [".*"])
    assert (page.allow_template_override, page.allow_theme_override) == ("NO", "NO")
    assert config.Voila.config_file_paths == []
    assert config.Voila.tornado_settings["allow_remote_access"] is False
    assert 2_000_000 < config.Voila.tornado_settings["websocket_max_message_size"] < 3_000_000
