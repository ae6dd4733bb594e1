import errno
import hashlib
import socket
import threading

import numpy as np
import pytest

from nst_explorer.core import imagenet, part_files
from nst_explorer.core.imagenet import fetch_imagenet, locate_imagenet
from nst_explorer.errors import InputError

CONTENT = np.random.default_rng(0).bytes(200_000)
MD5 = hashlib.md5(CONTENT).hexdigest()
ADVICE = "check the internet connection and try again, or choose the built-in network."


@pytest.fixture
def server(serve, keras_home):
    return serve(CONTENT)


def fetch(server, behavior, on_progress=None):
    return fetch_imagenet(on_progress, server.address(behavior), MD5)


def refusal_of(server, behavior):
    """The sentence with which fetching fails; nothing is left behind, and trying again works."""
    with pytest.raises(InputError) as error:
        fetch(server, behavior)
    assert list(locate_imagenet().parent.iterdir()) == []
    assert fetch(server, "complete").read_bytes() == CONTENT
    return str(error.value)


def test_fetching_puts_the_whole_file_in_its_place(server):
    path = fetch(server, "complete")
    assert path == locate_imagenet()
    assert path.read_bytes() == CONTENT
    assert list(path.parent.iterdir()) == [path]


def test_progress_grows_to_the_total(server):
    reports = []
    fetch(server, "complete", lambda *report: reports.append(report))
    assert reports == [(65_536, 200_000), (131_072, 200_000), (196_608, 200_000), (200_000, 200_000)]


def test_progress_comes_while_the_file_is_still_on_its_way(server):
    reports = []

    def go_on(received, total):
        reports.append(received)
        server.go_on.set()  # the server sends the second part only after the first was reported

    assert fetch(server, "slow", go_on).read_bytes() == CONTENT
    assert reports[0] <= 120_000


def test_a_server_that_names_no_length_is_reported_with_a_total_of_0(server):
    reports = []
    assert fetch(server, "unmeasured", lambda *report: reports.append(report)).read_bytes() == CONTENT
    assert {total for _, total in reports} == {0}
    assert reports[-1][0] >= 200_000


def test_a_file_that_is_there_is_not_fetched_again(server):
    fetch(server, "complete")
    fetch(server, "complete")
    assert server.paths == ["/complete"]


def test_a_damaged_file_is_replaced(server):
    locate_imagenet().parent.mkdir(parents=True)
    locate_imagenet().write_bytes(CONTENT[:1000])
    assert fetch(server, "complete").read_bytes() == CONTENT


def test_a_wrong_file_is_told_by_both_hashes_and_not_kept(server):
    other = hashlib.md5(CONTENT[::-1]).hexdigest()
    assert refusal_of(server, "other-content") == (
        f"What 127.0.0.1 sent has the MD5 {other}, but ImageNet's weights have {MD5}, so it was thrown away; "
        "try again, or choose the built-in network."
    )


@pytest.mark.parametrize(
    ("behavior", "reason"),
    [
        ("cut-off", "the download was cut off"),
        ("missing", "it answered 404 Not Found"),
        ("silent", "it did not answer within 0.3 s"),
        ("halfway-silent", "there is no connection, or it fell silent"),
    ],
)
def test_a_failing_server_is_told_in_a_sentence(server, monkeypatch, behavior, reason):
    monkeypatch.setattr(imagenet, "TIMEOUT_SECONDS", 0.3)
    assert refusal_of(server, behavior) == (
        f"ImageNet's weights could not be fetched from 127.0.0.1: {reason}; {ADVICE}"
    )


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (imagenet.requests.exceptions.SSLError("certificate expired"), "the connection is not secure"),
        (imagenet.requests.TooManyRedirects("Exceeded 30 redirects."), "Exceeded 30 redirects."),
    ],
)
def test_failures_that_need_a_stranger_server_are_told_too(server, monkeypatch, error, reason):
    def fail(*_, **__):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(imagenet.requests, "get", fail)
        with pytest.raises(InputError) as refusal:
            fetch(server, "complete")
    assert str(refusal.value) == f"ImageNet's weights could not be fetched from 127.0.0.1: {reason}; {ADVICE}"


def test_a_refused_connection_is_told_in_a_sentence(server):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but nobody listens
        with pytest.raises(InputError, match=r"127\.0\.0\.1: there is no connection, or it fell silent; check"):
            fetch_imagenet(url=f"http://127.0.0.1:{unused.getsockname()[1]}/", md5=MD5)
    assert fetch(server, "complete").read_bytes() == CONTENT


def test_what_is_no_address_is_said_to_be_none(keras_home):
    with pytest.raises(InputError, match="could not be fetched from somewhere: this is no address to download from"):
        fetch_imagenet(url="somewhere")


def test_cancelling_leaves_nothing_behind_and_can_be_taken_back(server):
    def cancel(received, total):
        assert any(locate_imagenet().parent.iterdir())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(server, "complete", cancel)
    assert list(locate_imagenet().parent.iterdir()) == []
    assert fetch(server, "complete").read_bytes() == CONTENT


def test_a_full_disk_is_told_in_a_sentence(server):
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))  # stands for a disk with 100 kB left
    try:
        with pytest.raises(InputError) as error:
            fetch(server, "complete")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    folder = locate_imagenet().parent
    assert str(error.value) == (
        f'ImageNet\'s weights could not be kept in "{folder}" (File too large); make the folder writable with '
        "80 MB free, or set KERAS_HOME to another one."
    )
    assert list(folder.iterdir()) == []
    assert fetch(server, "complete").read_bytes() == CONTENT


def test_a_cache_that_cannot_be_created_is_told_in_a_sentence(server, keras_home):
    keras_home.write_text("a file where the folder should be")
    with pytest.raises(InputError, match=r"could not be kept in .* \(Not a directory\); make the folder writable"):
        fetch(server, "complete")


def test_a_read_only_cache_is_told_in_a_sentence(server, monkeypatch):
    def refuse(path):  # as the system does, but for root, who writes into read-only folders too
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(part_files, "_create_part", refuse)
    with pytest.raises(InputError, match=r"could not be kept in .* \(Permission denied\)"):
        fetch(server, "complete")


def test_several_attempts_at_once_do_no_harm(server):
    barrier, failures = threading.Barrier(4), []

    def meet(received, total):
        if received <= imagenet.CHUNK_BYTES:
            barrier.wait(10)  # all four are in the middle of their download

    def attempt():
        try:
            fetch(server, "complete", meet)
        except Exception as error:  # noqa: BLE001 (told by the assertion below, in the test's own thread)
            failures.append(error)

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert locate_imagenet().read_bytes() == CONTENT
    assert list(locate_imagenet().parent.iterdir()) == [locate_imagenet()]
