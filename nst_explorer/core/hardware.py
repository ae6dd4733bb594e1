"""Hardware: whether the device that computes has units for bfloat16, and what to say of it.

Without such a unit bfloat16 is float32 with conversions before and after, which saves nothing. Processors have it as
avx512_bf16 or AMX, NVIDIA's GPUs from compute capability 8.0 on.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nst_explorer.core.differentiate import find_compute_capability

CPU_UNITS = ("amx_bf16", "avx512_bf16")
LEAST_CAPABILITY = (8, 0)
CPU_INFO = Path("/proc/cpuinfo")
COMPARE = "compare the steps per second of both"


@dataclass(frozen=True)
class Bfloat16Support:
    """What is known of bfloat16 on a device.

    Attributes:
        helps: Whether it makes a step faster; None where that is not known.
        sentence: That, and why, for a person.
    """

    helps: bool | None
    sentence: str


@cache
def find_bfloat16_support(device: str) -> Bfloat16Support:
    """Finds out about a device, `CPU:0` or `GPU:0`."""
    if device.startswith("GPU"):
        return judge_gpu(find_compute_capability(device))
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0":
        return _deny("TensorFlow's fast kernels are switched off (TF_ENABLE_ONEDNN_OPTS=0)")
    if sys.platform == "darwin":
        return judge_mac(_ask_mac())
    if sys.platform.startswith("linux") and CPU_INFO.is_file():
        return judge_cpu(CPU_INFO.read_text(encoding="utf-8", errors="replace"))
    return _doubt("this system does not tell what its processor can")


def judge_cpu(cpu_info: str) -> Bfloat16Support:
    """Judges a Linux machine by the text of `/proc/cpuinfo`."""
    lines = (line.partition(":") for line in cpu_info.splitlines())
    names = next((value.split() for key, _, value in lines if key.strip() in ("flags", "Features")), None)
    if names is None:
        return _doubt("this system does not tell what its processor can")
    units = [unit for unit in CPU_UNITS if unit in names]
    if units:
        return Bfloat16Support(True, f"bfloat16 helps here: the processor has {' and '.join(units)}.")
    if "bf16" in names:  # an ARM processor's name for it
        return _doubt("the processor has bf16, but nobody has measured whether TensorFlow uses it")
    return _deny("the processor has neither avx512_bf16 nor AMX")


def judge_mac(answer: str) -> Bfloat16Support:
    """Judges a Mac by what `sysctl -n hw.optional.arm.FEAT_BF16` answers: 1, 0, or nothing on one by Intel."""
    if answer == "1":
        return _doubt("the processor has FEAT_BF16, but nobody has measured whether TensorFlow uses it")
    return _deny("the processor has no unit for it")


def judge_gpu(capability: tuple[int, int] | None) -> Bfloat16Support:
    """Judges a GPU by its compute capability, such as (8, 6); None where it does not tell."""
    if capability is None:
        return _doubt("the GPU does not tell its compute capability")
    number = ".".join(map(str, capability))
    if capability >= LEAST_CAPABILITY:
        return Bfloat16Support(True, f"bfloat16 helps here: the GPU has compute capability {number}.")
    return _deny(f"the GPU has compute capability {number}, and units for it come with 8.0")


def _deny(reason: str) -> Bfloat16Support:
    return Bfloat16Support(
        False, f"bfloat16 will not help here: {reason}, so that a step takes no less time; choose float32."
    )


def _doubt(reason: str) -> Bfloat16Support:
    return Bfloat16Support(None, f"Whether bfloat16 helps here is not known: {reason}; {COMPARE}.")


def _ask_mac() -> str:
    command = ["/usr/sbin/sysctl", "-n", "hw.optional.arm.FEAT_BF16"]
    # It fails where there is no such name, as on a processor by Intel.
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
