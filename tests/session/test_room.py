"""The room that all recorded runs take: what is beyond the limit, and who has to go first."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from nst_explorer.session.journal.room import find_excess
from nst_explorer.session.journal.summaries import RunSummary

EVENING = datetime(2026, 1, 2, 18, tzinfo=UTC)


def make_run(name: str, hours: int, megabytes: float, **changes) -> RunSummary:
    touched = EVENING + timedelta(hours=hours)
    return RunSummary(Path(f"{name}.nst"), name, touched, megabytes=megabytes, **changes)


def test_within_the_limit_there_is_nothing_to_say():
    assert find_excess([], 10) is None
    assert find_excess([make_run("a", 0, 6), make_run("b", 1, 4)], 10) is None


def test_as_few_as_suffice_have_to_go_the_oldest_first_and_never_one_that_is_open():
    runs = [make_run("newest", 3, 900), make_run("open", 0, 400, is_open=True), make_run("old", 2, 500)]
    excess = find_excess([*runs, make_run("older", 1, 300)], 1500)
    assert excess is not None
    assert [run.name for run in excess.oldest] == ["older", "old"]
    assert str(excess) == (
        "Recorded runs take 2,100 MB of 1,500 MB. The 2 oldest are “older”, “old”, 800 MB; nothing is deleted unless "
        "you say so."
    )


def test_many_are_counted_and_one_is_called_by_its_name():
    runs = [make_run(f"run {place}", place, 100) for place in range(6)]
    assert "The 5 oldest are “run 0”, “run 1”, “run 2” and 2 more, 500 MB" in str(find_excess(runs, 100))
    assert "The oldest is “run 0”, 100 MB" in str(find_excess(runs, 500))


def test_where_all_are_open_none_is_named():
    assert str(find_excess([make_run("a", 0, 600, is_open=True)], 500)) == (
        "Recorded runs take 600 MB of 500 MB. All of them are open, so none can be deleted; close one, or set a higher "
        "limit."
    )
