"""What a container allows, read from made-up control groups, and what this machine has."""

from pathlib import Path

import pytest

from nst_explorer.session.available_memory import measure_available_bytes, measure_resident_bytes, read_group_room


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_a_limit_of_version_2_leaves_what_is_not_used_and_what_gives_way(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/box\n",
            "sys/fs/cgroup/box/memory.max": "1000\n",
            "sys/fs/cgroup/box/memory.current": "700\n",
            "sys/fs/cgroup/box/memory.stat": "anon 500\ninactive_file 200\n",
        },
    )
    assert list(read_group_room(tmp_path)) == [500]


def test_the_groups_around_it_limit_too(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/outer/inner\n",
            "sys/fs/cgroup/outer/inner/memory.max": "max\n",
            "sys/fs/cgroup/outer/inner/memory.current": "10\n",
            "sys/fs/cgroup/outer/memory.max": "300\n",
            "sys/fs/cgroup/outer/memory.current": "100\n",
        },
    )
    assert list(read_group_room(tmp_path)) == [200]


def test_a_limit_of_version_1_is_read_where_the_container_shows_it_as_its_root(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/cgroup": "9:cpu:/\n4:memory:/docker/abc\n0::/\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "1000\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "900\n",
            "sys/fs/cgroup/memory/memory.stat": "cache 400\ntotal_inactive_file 50\n",
        },
    )
    assert list(read_group_room(tmp_path)) == [150]


def test_a_group_over_its_limit_has_no_room(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/\n",
            "sys/fs/cgroup/memory.max": "100\n",
            "sys/fs/cgroup/memory.current": "120\n",
        },
    )
    assert list(read_group_room(tmp_path)) == [0]


@pytest.mark.parametrize("cgroup", ["", "0::/box\n", "4:memory:/box\n"])
def test_where_nothing_is_limited_there_is_no_bound(tmp_path, cgroup):
    write(tmp_path, {"proc/self/cgroup": cgroup})
    assert list(read_group_room(tmp_path)) == []


def test_a_system_without_control_groups_has_no_bound(tmp_path):
    assert list(read_group_room(tmp_path)) == []


def test_this_machine_has_memory_and_this_process_takes_some():
    assert measure_available_bytes() > 0
    assert measure_resident_bytes() > 10_000_000
