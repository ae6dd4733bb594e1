"""The one file that needs TensorFlow itself: gradients, compilation and devices.

Everything else in `core` is written with `keras.ops`, so another backend of Keras would need another version of this
file only.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import cache, partial
from typing import Any

import tensorflow as tf

from nst_explorer.checks import require_choice
from nst_explorer.core.tensors import Tensor
from nst_explorer.errors import InputError
from nst_explorer.recipe import DEVICES


class Compiled:
    """A function that is traced once for each set of shapes and Python values, and then runs as a graph."""

    def __init__(self, function: Callable[..., Any]) -> None:
        # TensorFlow counts traces by the code that is traced, and warns of many, though each is of another objective;
        # what has no code of its own it counts alone.
        # Without XLA: on a CPU, jit_compile took 1.27 times the processor's time with the slim network at 256², 1.13
        # times with full VGG19, whose first step then came after 43 s.
        self._function = tf.function(partial(function))

    def __call__(self, *arguments: Any) -> Any:
        """Runs the function, and traces it first where these shapes are new."""
        return self._function(*arguments)

    @property
    def trace_count(self) -> int:
        """How often it was traced: a number that must not grow when only values change."""
        return self._function.experimental_get_tracing_count()


def compile_value_and_gradient(function: Callable[..., tuple[Tensor, Any]]) -> Compiled:
    """Compiles a function and its gradient.

    Args:
        function: Takes the image first, then any tensors; returns `(value, extra)` with a scalar value.

    Returns:
        A function of the same arguments that returns `(value, extra, gradient)`, the gradient of the value with
        respect to the first argument and of its shape. One forward and one backward pass.
    """

    def evaluate(image: Tensor, *arguments: Any) -> tuple[Tensor, Any, Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(image)
            value, extra = function(image, *arguments)
        return value, extra, tape.gradient(value, image)

    return Compiled(evaluate)


def recompute_for_gradient(function: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the function, of tensors, with the same values and gradients, which keeps nothing of what it computes.

    On the way back it is computed once more. Gradients reach its arguments only, not what it refers to.
    """
    return tf.recompute_grad(function)


@cache
def prepare_devices() -> tuple[str, ...]:
    """Sets up what must be set before a GPU's first use, once: growing memory, and float32 without TF32.

    Returns:
        The names of the GPUs, such as `("NVIDIA H100 80GB HBM3",)`; empty where there is none.
    """
    tf.config.experimental.enable_tensor_float_32_execution(False)
    names = []
    for device in tf.config.list_physical_devices("GPU"):
        # Where a notebook used the GPU before, its memory is as it was set then, and cannot be set any more.
        with suppress(RuntimeError):
            tf.config.experimental.set_memory_growth(device, True)
        details = tf.config.experimental.get_device_details(device)
        names.append(str(details.get("device_name", device.name.removeprefix("/physical_device:"))))
    return tuple(names)


def find_compute_capability(name: str) -> tuple[int, int] | None:
    """Returns the compute capability of a GPU such as `GPU:0`, or None where it does not tell."""
    details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[int(name[4:])])
    return details.get("compute_capability")


def list_devices() -> tuple[str, ...]:
    """Returns the devices that TensorFlow sees: `("CPU",)`, or `("CPU", "GPU:0 NVIDIA H100 80GB HBM3")`."""
    return ("CPU", *(f"GPU:{number} {name}" for number, name in enumerate(prepare_devices())))


def choose_device(wanted: str) -> str:
    """Returns TensorFlow's name of the device to compute on.

    Args:
        wanted: `auto` (the first GPU, else the CPU), `cpu` or `gpu`.

    Raises:
        InputError: There is no such device, or a GPU is wanted and TensorFlow sees none.
    """
    require_choice("device", wanted, DEVICES)
    has_gpu = bool(prepare_devices())
    if wanted == "gpu" and not has_gpu:
        raise InputError(
            'The device is "gpu", but TensorFlow sees none; use "cpu", or run nst-explorer doctor for how to get one.'
        )
    return "GPU:0" if has_gpu and wanted != "cpu" else "CPU:0"


def on_device(name: str) -> AbstractContextManager[None]:
    """Returns a context in which tensors are made and functions run on that device."""
    return tf.device(name)
