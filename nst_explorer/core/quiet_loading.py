"""Loading TensorFlow without its greetings.

Its native side writes hints about this machine to standard error, whatever the log level, before its log is set up.
In a terminal they would hide the one sentence that matters, and under a notebook's dashboard they would look like
errors. Everything else that is written meanwhile is passed on.
"""

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

GREETING = re.compile(
    rb"^(WARNING: All log messages before absl::|To enable the following instructions"
    rb"|[IW]\d{4} \d\d:\d\d:|E\d{4} .*failed call to cuInit)"
)


_loading = threading.Lock()


def load_tensorflow() -> None:
    """Loads TensorFlow and looks for devices, once; later calls do nothing, and calls meanwhile wait.

    Two dashboards may begin at the same moment, and two threads that import one package from two of its ends can each
    get the other's half-made modules.
    """
    with _loading:
        if "nst_explorer.core.differentiate" in sys.modules:
            return
        with _filter_native_log():
            from nst_explorer.core.differentiate import prepare_devices  # here: loading it is what is wrapped

            prepare_devices()


@contextmanager
def _filter_native_log() -> Iterator[None]:
    sys.stderr.flush()
    with tempfile.TemporaryFile() as written:
        kept = os.dup(2)
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            written.seek(0)
            for line in written:
                if not GREETING.match(line):
                    os.write(kept, line)
            os.close(kept)
