"""What a class page is served with: where, to how many, for how long, and what they may do."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from nst_explorer.checks import require_integer, require_number
from nst_explorer.limits import Limits

LOCAL_HOST = "localhost"


@dataclass(frozen=True)
class PageOptions:
    """How a page is served.

    Attributes:
        host: The name or address to listen at; others than this computer's own let everyone in who can reach it.
        port: The port, 0 for one that is free.
        visitors: How many may be there at once; each has a process of about 1 GB.
        idle_minutes: After how many minutes without use a visit ends.
        largest_size: Longest side of a run's pictures in pixels.
        most_steps: The last step that a run may come to.
        upload_mb: Size of an uploaded file in megabytes.
        content_folder: Pictures to choose from as the content, or None.
        style_folder: Pictures to choose from as the style, or None.
        opens_browser: Whether the page is opened here.

    Raises:
        InputError: A number is none that it can be.
    """

    host: str = LOCAL_HOST
    port: int = 8866
    visitors: int = 8
    idle_minutes: float = 20
    largest_size: int = 512
    most_steps: int = 1000
    upload_mb: float = 20
    content_folder: Path | None = None
    style_folder: Path | None = None
    opens_browser: bool = True

    def __post_init__(self) -> None:
        require_integer("port", self.port, 0, 65_535, unit="", example="8866")
        require_integer("number of visitors", self.visitors, 1, 1000, unit="", example="8")
        require_number("idle time in minutes", self.idle_minutes, "a number above 0", lambda x: x > 0, "20")

    @property
    def is_local(self) -> bool:
        """Whether only this computer can reach the page."""
        if self.host == LOCAL_HOST:
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def limits(self) -> Limits:
        """What a visitor may do.

        Raises:
            InputError: A limit is none that it can be.
        """
        return Limits(
            largest_size=self.largest_size,
            most_steps=self.most_steps,
            upload_mb=self.upload_mb,
            may_read_paths=False,
            may_write_files=False,
            may_download=False,
            note=(
                f"A visit ends when the page is closed, or after {self.idle_minutes:g} minutes without use. Nothing is "
                "kept: your pictures and runs are gone then, so save what you want to keep."
            ),
        )
