"""What to do where TensorFlow sees no GPU: one sentence a platform, for `nst-explorer doctor` and the dashboard.

Nothing is wrong without a GPU: the dashboard then runs on the CPU, more slowly.
"""

import sys


def explain_missing_gpu(platform: str = sys.platform) -> str:
    """Says why there may be no GPU here, and how to get one.

    Args:
        platform: As `sys.platform` names it; WSL2 counts as Linux.

    Returns:
        One or two sentences.

    Example:
        >>> "WSL2" in explain_missing_gpu("win32")
        True
    """
    if platform == "darwin":
        return (
            "On macOS TensorFlow runs on the CPU here: Apple's plug-in tensorflow-metal lags behind "
            "the TensorFlow that NST Explorer needs."
        )
    if platform == "win32":
        return (
            "On Windows TensorFlow runs on the CPU; for an NVIDIA GPU install and start NST Explorer inside WSL2, "
            'with pip install "tensorflow[and-cuda]".'
        )
    return (
        "TensorFlow sees no GPU; for one by NVIDIA install NVIDIA's driver, "
        'then pip install "tensorflow[and-cuda]", and start again.'
    )
