"""Whether this computer can run NST Explorer, in findings that each say "fine" or what to do.

What is examined is handed to the `examine_…` functions as values, so that each answer can be tested without breaking
a computer. TensorFlow, and `core` with it, is imported only inside the functions that ask for devices and weights: a
TensorFlow that cannot be loaded is the first thing a doctor has to survive, and to tell.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_core.paths import jupyter_path
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from nst_explorer.errors import InputError
from nst_explorer.gpu_advice import explain_missing_gpu

if TYPE_CHECKING:
    from nst_explorer.core.hardware import Bfloat16Support

DISTRIBUTION = "nst-explorer"
SHOWN_PACKAGES = ("tensorflow", "keras", "numpy", "pillow", "jupyterlab", "ipywidgets", "ipycanvas", "bqplot")
"""Packages that are listed when they are fine, too; the others only when they are not."""
LAB_EXTENSIONS = {
    "@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets",
    "bqplot": "bqplot",
    "bqscales": "bqscales",
    "ipycanvas": "ipycanvas",
}
"""Folders of JupyterLab's extensions that draw our widgets, and the packages that bring them."""
KERNEL = "python3"


@dataclass(frozen=True)
class Finding:
    """One thing that was examined.

    Attributes:
        subject: What was examined, in a word or two.
        is_ok: Whether it needs nothing done.
        text: What was found, and what to do where something is.
    """

    subject: str
    is_ok: bool
    text: str


def examine() -> tuple[Finding, ...]:
    """Examines this computer; takes the seconds that TensorFlow needs to load.

    Returns:
        Findings from the ground up: Python, packages, TensorFlow and its devices, weights, JupyterLab.
    """
    return (*_examine_installation(), *_examine_tensors(), *_examine_jupyter())


def examine_python(version: str, required: str, executable: str) -> Finding:
    """Tells whether Python's version is within the range that the package asks for.

    Args:
        version: Such as `3.11.7`.
        required: A range such as `>=3.11`; empty allows all.
        executable: The path of the Python that runs.
    """
    if SpecifierSet(required).contains(version, prereleases=True):
        return Finding("Python", True, f"{version} ({executable})")
    return Finding(
        "Python",
        False,
        f"{version} ({executable}) runs, but NST Explorer needs {required}; "
        "make an environment with such a Python and install NST Explorer there.",
    )


def examine_packages(
    requirements: Iterable[str], find_version: Callable[[str], str | None], shown: Sequence[str] = SHOWN_PACKAGES
) -> tuple[Finding, ...]:
    """Tells which packages are missing or outside the range that they are needed in.

    Args:
        requirements: As a package's metadata states them, such as `numpy<3,>=1.26`; those of extras are left out.
        find_version: Returns the installed version of a package, or None.
        shown: Packages to list when they are fine, too, in this order; faults of others follow.
    """
    needed = [Requirement(text) for text in requirements]
    needed = [each for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]
    order = {name: place for place, name in enumerate(shown)}
    needed.sort(key=lambda each: order.get(each.name, len(order)))
    findings = [_examine_package(each, find_version(each.name)) for each in needed]
    return tuple(each for each in findings if not each.is_ok or each.subject in order)


def _examine_package(needed: Requirement, version: str | None) -> Finding:
    allowed = ",".join(sorted(map(str, needed.specifier), reverse=True))
    if version is not None and needed.specifier.contains(version, prereleases=True):
        return Finding(needed.name, True, version)
    found = "It is not installed" if version is None else f"{version} is installed"
    wanted = f"NST Explorer needs {allowed}" if allowed else "NST Explorer needs it"
    return Finding(needed.name, False, f'{found}, but {wanted}; run pip install "{needed.name}{allowed}".')


def examine_devices(devices: Sequence[str], platform: str = sys.platform) -> Finding:
    """Tells what TensorFlow can compute on. A missing GPU is no fault; how to get one is said all the same.

    Args:
        devices: Such as `("CPU", "GPU:0 NVIDIA H100")`.
        platform: As `sys.platform` names it.
    """
    has_gpu = any(device.startswith("GPU") for device in devices)
    text = ", ".join(devices)
    return Finding("Devices", True, text if has_gpu else f"{text}. {explain_missing_gpu(platform)}")


def examine_precision(support: "Bfloat16Support") -> Finding:
    """Tells whether the precision bfloat16 makes steps faster; where it does not, nothing is wrong."""
    return Finding("Precision", True, support.sentence)


def examine_imagenet(file: Path, is_cached: bool, verify: Callable[[], None]) -> Finding:
    """Tells whether ImageNet's weights are at hand and whole. They are optional; damaged ones are a fault.

    Args:
        file: Where they are, or would be.
        is_cached: Whether there is such a file.
        verify: Raises an `InputError` where the file is not the one that Keras publishes.
    """
    if not is_cached:
        return Finding(
            "ImageNet weights",
            True,
            "not fetched, and not needed; whoever wants them runs nst-explorer weights fetch (80 MB).",
        )
    try:
        verify()
    except InputError as error:
        return Finding("ImageNet weights", False, str(error))
    return Finding("ImageNet weights", True, f"in the cache ({file})")


def examine_lab_extensions(folders: Iterable[Path]) -> tuple[Finding, ...]:
    """Tells which of the extensions that draw the widgets JupyterLab would not find.

    Args:
        folders: Where JupyterLab looks for extensions.
    """
    folders = tuple(folders)
    missing = [
        name for name in LAB_EXTENSIONS if not any((folder / name / "package.json").is_file() for folder in folders)
    ]
    if not missing:
        return (Finding("JupyterLab extensions", True, ", ".join(LAB_EXTENSIONS)),)
    return tuple(
        Finding(
            "JupyterLab extensions",
            False,
            f"{name} is not among them, so a part of the dashboard would stay blank; "
            f"run pip install --force-reinstall --no-deps {LAB_EXTENSIONS[name]}, and reload JupyterLab's page.",
        )
        for name in missing
    )


def examine_kernel(command: Sequence[str] | None, executable: str) -> Finding:
    """Tells whether a notebook's cells would run under this Python, where NST Explorer is installed.

    Args:
        command: What Jupyter starts for a notebook of the kernel `python3`, or None where it knows no such kernel.
        executable: The path of the Python that runs.
    """
    repair = f"run {executable} -m ipykernel install --sys-prefix, and start JupyterLab again."
    if not command:
        return Finding("Kernel", False, f"Jupyter knows no kernel {KERNEL}; {repair}")
    program = command[0]
    # Jupyter, too, reads these names as the Python that it runs under itself, whatever stands first on PATH.
    if program in ("python", "python3", f"python3.{sys.version_info.minor}"):
        return Finding("Kernel", True, f"{KERNEL} runs {executable}")
    found = shutil.which(program)
    # A folder's links are followed, the program's are not: each environment's python is a link to the same file.
    if found and os.path.realpath(Path(found).parent) == os.path.realpath(Path(executable).parent):
        return Finding("Kernel", True, f"{KERNEL} runs {program}")
    return Finding(
        "Kernel",
        False,
        f"A notebook's cells would run under {program}, but NST Explorer is installed for {executable}; {repair}",
    )


def _examine_installation() -> tuple[Finding, ...]:
    version = ".".join(map(str, sys.version_info[:3]))
    try:
        installed = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return (
            examine_python(version, "", sys.executable),
            Finding("NST Explorer", False, "It runs without being installed; in its folder, run pip install -e ."),
        )
    return (
        examine_python(version, installed.metadata["Requires-Python"] or "", sys.executable),
        Finding("NST Explorer", True, f"{installed.version} ({Path(__file__).parent})"),
        *examine_packages(installed.requires or (), _find_version),
    )


def _find_version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _examine_tensors() -> tuple[Finding, ...]:
    try:
        from nst_explorer.core.quiet_loading import load_tensorflow

        load_tensorflow()
        from nst_explorer.core.differentiate import choose_device, list_devices
        from nst_explorer.core.hardware import find_bfloat16_support
        from nst_explorer.core.imagenet import is_imagenet_cached, locate_imagenet, verify_imagenet
    except InputError as error:
        return (Finding("Keras backend", False, str(error)),)
    except (ImportError, OSError) as error:
        return (
            Finding(
                "TensorFlow",
                False,
                f"It cannot be loaded ({error}); run pip install --force-reinstall tensorflow, and this again.",
            ),
        )
    return (
        Finding("Keras backend", True, "tensorflow"),
        examine_devices(list_devices()),
        examine_precision(find_bfloat16_support(choose_device("auto"))),
        examine_imagenet(locate_imagenet(), is_imagenet_cached(), verify_imagenet),
    )


def _examine_jupyter() -> tuple[Finding, ...]:
    try:
        command = KernelSpecManager().get_kernel_spec(KERNEL).argv
    except NoSuchKernel:
        command = None
    return (
        *examine_lab_extensions(Path(folder) for folder in jupyter_path("labextensions")),
        examine_kernel(command, sys.executable),
    )
