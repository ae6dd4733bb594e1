"""The README's pictures, links and commands: all there, all described, none heavy."""

import ast
import re
from pathlib import Path

import click
import pytest

from nst_explorer.cli import cli

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
PAGES = ("README.md", "docs/performance.md")
MOST_KILOBYTES, MOST_KILOBYTES_IN_ALL = 250, 1500
LEAST_WORDS = 8


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def find_pictures(text: str) -> dict[str, str]:
    """Path of each picture on a page to its words for those who do not see it."""
    shown = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
    shown += [(words, path) for path, words in re.findall(r'<img src="([^"]+)" alt="([^"]*)"', text)]
    return {path: words for words, path in shown}


def test_every_picture_is_shown_once_described_and_modest():
    pictures = find_pictures(read("README.md"))
    assert {Path(path).name for path in pictures} == {path.name for path in PICTURES.iterdir()}
    assert len(re.findall(r"<img ", read("README.md"))) + read("README.md").count("![") == len(pictures)
    assert [path for path, words in pictures.items() if len(words.split()) < LEAST_WORDS] == []
    kilobytes = {path.name: path.stat().st_size / 1000 for path in PICTURES.iterdir()}
    assert max(kilobytes.values()) < MOST_KILOBYTES
    assert sum(kilobytes.values()) < MOST_KILOBYTES_IN_ALL


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_is_there(page):
    text = read(page)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        place, _, heading = link.partition("#")
        if not place.startswith("http"):
            target = (ROOT / page).parent / place if place else ROOT / page
            assert target.exists(), link
            if heading:
                anchors = [
                    re.sub(r"[^\w\- ]", "", line).strip().lower().replace(" ", "-") for line in list_headings(target)
                ]
                assert heading in anchors, link


def list_headings(page: Path) -> list[str]:
    return [line.lstrip("#") for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("#")]


def test_python_on_the_page_can_be_read_by_python():
    blocks = re.findall(r"```python\n(.*?)```", read("README.md"), re.DOTALL)
    assert len(blocks) >= 4
    for block in blocks:
        ast.parse(block)


def test_commands_and_targets_on_the_page_exist():
    text = read("README.md")
    for name, sub in set(re.findall(r"nst-explorer (\w+)(?: (\w+))?", text)):
        command = cli.commands.get(name)
        assert command is not None, name
        if isinstance(command, click.Group) and sub:
            assert sub in command.commands, f"{name} {sub}"
    targets = re.findall(r"^(\w+):", read("Makefile"), re.MULTILINE)
    for target in set(re.findall(r"`make (\w+)", text)) | set(re.findall(r"^make (\w+)", text, re.MULTILINE)):
        assert target in targets, target
