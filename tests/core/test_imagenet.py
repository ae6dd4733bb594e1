import hashlib

import pytest

from nst_explorer.core import imagenet
from nst_explorer.core.imagenet import is_imagenet_cached, locate_imagenet, verify_imagenet
from nst_explorer.errors import InputError

CONTENT = b"not ImageNet's weights"
MD5 = hashlib.md5(CONTENT).hexdigest()


def test_the_file_is_where_keras_keeps_it(monkeypatch, tmp_path):
    name = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_HOME", raising=False)
    assert locate_imagenet() == tmp_path / ".keras" / "models" / name
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "elsewhere"))
    assert locate_imagenet() == tmp_path / "elsewhere" / "models" / name


def test_a_file_that_is_missing_says_how_to_get_it(keras_home):
    assert not is_imagenet_cached()
    with pytest.raises(InputError) as error:
        verify_imagenet()
    assert str(error.value) == (
        f'ImageNet\'s weights are not on this machine, there is no "{locate_imagenet()}"; '
        "get them with nst-explorer weights fetch (80 MB), or choose the built-in network."
    )


def test_another_file_in_its_place_is_told_by_both_hashes(keras_home):
    locate_imagenet().parent.mkdir(parents=True)
    locate_imagenet().write_bytes(CONTENT)
    assert is_imagenet_cached()
    with pytest.raises(InputError) as error:
        verify_imagenet()
    assert str(error.value) == (
        f'"{locate_imagenet()}" has the MD5 {MD5}, but ImageNet\'s weights have 253f8cb515780f3b799900260a226db6; '
        "have it replaced by nst-explorer weights fetch, or choose the built-in network."
    )


def test_the_right_file_passes(keras_home, monkeypatch):
    monkeypatch.setattr(imagenet, "IMAGENET_MD5", MD5)
    locate_imagenet().parent.mkdir(parents=True)
    locate_imagenet().write_bytes(CONTENT)
    verify_imagenet()


def test_a_file_that_cannot_be_read_is_said_to_be(keras_home, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    locate_imagenet().parent.mkdir(parents=True)
    locate_imagenet().touch()
    monkeypatch.setattr(imagenet.pooch, "file_hash", refuse)  # root, who runs the tests in a container, may read all
    with pytest.raises(
        InputError, match=r"cannot be read \(Permission denied\); allow it, or choose the built-in network"
    ):
        verify_imagenet()
