"""bfloat16's hardware: what each kind of processor and GPU says of itself, and what is said of that."""

import sys

import pytest

from nst_explorer.core import hardware
from nst_explorer.core.hardware import find_bfloat16_support, judge_cpu, judge_gpu, judge_mac


@pytest.fixture(autouse=True)
def ask_anew():
    find_bfloat16_support.cache_clear()
    yield
    find_bfloat16_support.cache_clear()


@pytest.mark.parametrize(
    ("flags", "helps", "words"),
    [
        ("flags\t\t: fpu avx2 avx512f avx512_bf16 fsrm", True, "the processor has avx512_bf16."),
        ("flags\t\t: avx512_bf16 amx_bf16 amx_tile", True, "the processor has amx_bf16 and avx512_bf16."),
        ("flags\t\t: fpu avx2 avx512f", False, "bfloat16 will not help here: the processor has neither avx512_bf16"),
        ("Features\t: fp asimd bf16", None, "not known: the processor has bf16, but nobody has measured"),
        ("model name\t: avx512_bf16", None, "not known: this system does not tell"),
    ],
)
def test_a_processor_is_judged_by_its_flags(flags, helps, words):
    support = judge_cpu(f"processor\t: 0\n{flags}\nbugs\t\t: none\n")
    assert support.helps is helps
    assert words in support.sentence


@pytest.mark.parametrize(
    ("capability", "helps", "words"),
    [
        ((8, 0), True, "compute capability 8.0"),
        ((9, 0), True, "compute capability 9.0"),
        ((7, 5), False, "will not help here: the GPU has compute capability 7.5, and units for it come with 8.0"),
        (None, None, "not known: the GPU does not tell its compute capability"),
    ],
)
def test_a_gpu_is_judged_by_its_compute_capability(capability, helps, words):
    support = judge_gpu(capability)
    assert support.helps is helps
    assert words in support.sentence


def test_a_mac_is_told_apart_by_its_answer():
    assert judge_mac("1").helps is None
    assert "nobody has measured" in judge_mac("1").sentence
    assert judge_mac("0").helps is judge_mac("").helps is False
    assert "the processor has no unit for it" in judge_mac("").sentence


def test_the_present_processor_is_asked(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    info = tmp_path / "cpuinfo"
    info.write_text("flags : sse2\n")
    monkeypatch.setattr(hardware, "CPU_INFO", info)
    assert find_bfloat16_support("CPU:0").helps is False
    find_bfloat16_support.cache_clear()
    monkeypatch.setattr(sys, "platform", "win32")
    assert find_bfloat16_support("CPU:0").helps is None


def test_switched_off_kernels_are_told(monkeypatch):
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    assert "fast kernels are switched off (TF_ENABLE_ONEDNN_OPTS=0)" in find_bfloat16_support("CPU:0").sentence


def test_a_gpu_is_asked_by_its_number(monkeypatch):
    monkeypatch.setattr(hardware, "find_compute_capability", {"GPU:0": (7, 0), "GPU:1": (8, 9)}.get)
    assert find_bfloat16_support("GPU:0").helps is False
    assert find_bfloat16_support("GPU:1").helps is True
