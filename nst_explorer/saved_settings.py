"""A saved picture given as an image: its run's settings are offered, and nothing is done unasked.

Somebody who drops one may want to paint it over, or to have its run's settings back; only they know which. Like
`opening.py`, this reaches `core` only inside functions.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nst_explorer.opening import Source

if TYPE_CHECKING:
    from nst_explorer.explorer import Explorer


def offer_settings(explorer: "Explorer", role: str, source: Source) -> bool:
    """Asks what to do with an image that holds a run's record; returns whether it does."""
    from nst_explorer.core.records import find_record

    record = find_record(source.value)
    if record is None:
        return False
    gestures, messages = explorer.dashboard.gestures, explorer.dashboard.images.messages
    messages.show_note(
        describe_offer(source.name, record),
        ("Use its settings", lambda: gestures.use_settings(record)),
        (f"Use it as {role} image", lambda: gestures.take_image(role, source.name, source.value)),
        ("Neither", messages.clear_note),
    )
    explorer.show_choices()
    return True


def describe_offer(name: str, record: Mapping[str, Any]) -> str:
    """Returns what a saved picture tells of its run, a sentence or two; the record may come from anywhere."""
    facts = []
    if isinstance(record.get("step"), int):
        facts.append(f"step {record['step']}")
    weights = record.get("weights")
    if isinstance(weights, dict) and isinstance(weights.get("name"), str):
        facts.append(f"weights {weights['name'][:60]}")
    told = f" ({', '.join(facts)})" if facts else ""
    changes = record.get("changes")
    is_changed = isinstance(changes, list) and any(isinstance(each, dict) and "recipe" in each for each in changes)
    last = " They were changed on the way, and these are the last ones." if is_changed else ""
    return f"“{name}” was saved by NST Explorer with its run's settings{told}, for a new run of the images here.{last}"
