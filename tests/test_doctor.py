import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nst_explorer.doctor import (
    LAB_EXTENSIONS,
    examine,
    examine_devices,
    examine_imagenet,
    examine_kernel,
    examine_lab_extensions,
    examine_packages,
    examine_python,
)
from nst_explorer.errors import InputError
from nst_explorer.gpu_advice import explain_missing_gpu

REQUIREMENTS = [
    "tensorflow<3,>=2.18",
    "ipykernel!=7.0.*,<8,>=6.29",
    "tqdm<5,>=4.66",
    'pytest<10,>=8.3; extra == "test"',
]
FINE = {"tensorflow": "2.21.0", "ipykernel": "7.4.0", "tqdm": "4.67.1"}


def examine_versions(**versions: str | None):
    return examine_packages(REQUIREMENTS, (FINE | versions).get, shown=("ipykernel", "tensorflow"))


def test_packages_in_range_are_listed_in_the_order_asked_for_and_the_others_kept_quiet():
    findings = examine_versions()
    assert [(each.subject, each.is_ok, each.text) for each in findings] == [
        ("ipykernel", True, "7.4.0"),
        ("tensorflow", True, "2.21.0"),
    ]


def test_a_package_that_is_too_old_is_told_with_the_command_that_helps():
    [_, tensorflow] = examine_versions(tensorflow="2.10.1")
    assert not tensorflow.is_ok
    assert tensorflow.text == (
        '2.10.1 is installed, but NST Explorer needs >=2.18,<3; run pip install "tensorflow>=2.18,<3".'
    )


def test_a_version_that_is_left_out_within_the_range_is_a_fault():
    [ipykernel, _] = examine_versions(ipykernel="7.0.1")
    assert not ipykernel.is_ok
    assert "7.0.1 is installed" in ipykernel.text


def test_a_missing_package_is_a_fault_even_if_it_is_not_among_the_listed_ones():
    tqdm = examine_versions(tqdm=None)[-1]
    assert (tqdm.subject, tqdm.is_ok) == ("tqdm", False)
    assert tqdm.text == 'It is not installed, but NST Explorer needs >=4.66,<5; run pip install "tqdm>=4.66,<5".'


def test_a_release_candidate_counts_as_a_version():
    assert examine_versions(tensorflow="2.22.0rc1")[1].is_ok


def test_an_old_python_is_told_with_what_to_do():
    assert examine_python("3.13.1", ">=3.11", "/bin/python").is_ok
    old = examine_python("3.10.2", ">=3.11", "/bin/python")
    assert not old.is_ok
    assert "3.10.2 (/bin/python) runs, but NST Explorer needs >=3.11; make an environment" in old.text


def test_a_missing_gpu_is_no_fault_but_comes_with_the_way_to_one():
    on_cpu = examine_devices(["CPU"], "linux")
    assert on_cpu.is_ok
    assert on_cpu.text == f"CPU. {explain_missing_gpu('linux')}"
    assert examine_devices(["CPU", "GPU:0 NVIDIA H100"], "linux").text == "CPU, GPU:0 NVIDIA H100"


@pytest.mark.parametrize(
    ("platform", "remedy"), [("linux", "tensorflow[and-cuda]"), ("win32", "WSL2"), ("darwin", "tensorflow-metal")]
)
def test_the_advice_for_a_gpu_is_that_of_the_platform(platform, remedy):
    assert remedy in explain_missing_gpu(platform)


def test_weights_that_were_not_fetched_are_no_fault():
    missing = examine_imagenet(Path("vgg19.h5"), False, raise_damaged)
    assert missing.is_ok
    assert "nst-explorer weights fetch" in missing.text


def test_weights_in_the_cache_are_named_if_whole_and_a_fault_if_damaged():
    assert examine_imagenet(Path("vgg19.h5"), True, lambda: None).text == "in the cache (vgg19.h5)"
    damaged = examine_imagenet(Path("vgg19.h5"), True, raise_damaged)
    assert (damaged.is_ok, damaged.text) == (False, "The file has another MD5; have it replaced.")


def raise_damaged() -> None:
    raise InputError("The file has another MD5; have it replaced.")


def test_a_missing_lab_extension_is_told_by_name_with_the_package_that_brings_it(tmp_path):
    of_user, of_environment = tmp_path / "user", tmp_path / "environment"
    for number, name in enumerate(LAB_EXTENSIONS):
        folder = (of_user, of_environment)[number % 2] / name
        folder.mkdir(parents=True)
        (folder / "package.json").write_text("{}")
    [complete] = examine_lab_extensions([of_user, of_environment])
    assert complete.is_ok

    (of_user / "@jupyter-widgets/jupyterlab-manager" / "package.json").unlink()
    [finding] = examine_lab_extensions([of_user, of_environment])
    assert not finding.is_ok
    assert "@jupyter-widgets/jupyterlab-manager is not among them" in finding.text
    assert "jupyterlab_widgets" in finding.text


@pytest.mark.parametrize("program", ["python", "python3", sys.executable, str(Path(sys.executable).parent / "python3")])
def test_a_kernel_of_this_environment_is_fine(program):
    assert examine_kernel([program, "-m", "ipykernel_launcher"], sys.executable).is_ok


@pytest.mark.parametrize("command", [None, [], ["/opt/other/bin/python"], [os.path.realpath(sys.executable)]])
def test_a_kernel_of_another_environment_or_none_is_told_with_the_command_that_repairs_it(command, tmp_path):
    executable = tmp_path / "bin" / "python"
    executable.parent.mkdir()
    executable.symlink_to(os.path.realpath(sys.executable))
    finding = examine_kernel(command, str(executable))
    assert not finding.is_ok
    assert f"run {executable} -m ipykernel install --sys-prefix" in finding.text


def test_the_environment_that_the_tests_run_in_is_fine():
    findings = {each.subject: each for each in examine()}
    assert {"Python", "tensorflow", "ipycanvas", "Devices", "Precision", "JupyterLab extensions", "Kernel"} <= set(
        findings
    )
    assert findings["Devices"].text.startswith("CPU")
    assert [each for each in findings.values() if not each.is_ok and each.subject != "Kernel"] == []


PROGRAM = """
import dataclasses, json, sys
if sys.argv[1] == "broken":
    sys.modules["tensorflow"] = None  # importing it raises ImportError
from nst_explorer.doctor import examine
print(json.dumps([dataclasses.asdict(finding) for finding in examine()]))
"""


@pytest.mark.parametrize(
    ("state", "backend", "subject", "words"),
    [
        ("whole", "jax", "Keras backend", "KERAS_BACKEND=tensorflow"),
        ("broken", "tensorflow", "TensorFlow", "pip install --force-reinstall tensorflow"),
    ],
)
def test_a_tensorflow_that_cannot_be_used_is_a_finding_beside_the_others(state, backend, subject, words):
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, state],
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    findings = {each["subject"]: each for each in json.loads(answer.stdout)}
    assert not findings[subject]["is_ok"]
    assert words in findings[subject]["text"]
    assert {"Python", "Kernel"} <= set(findings)
