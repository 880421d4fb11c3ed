"""Which cameras there are, and why one cannot be had. Only Linux tells.

V4L2 shows every device as `/dev/videoN`, with its name under `/sys`. A camera often has
a second device for what it tells about its pictures, which gives none itself.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CameraFolders:
    """Where Linux shows its cameras; tests have folders of their own.

    Attributes:
        devices: with a file `videoN` for each.
        names: with a folder `videoN` for each, and its name in a file `name` in it.
    """

    devices: Path = Path("/dev")
    names: Path = Path("/sys/class/video4linux")

    @property
    def are_known(self) -> bool:
        """Whether this system shows its cameras this way."""
        return sys.platform == "linux"

    def device(self, number: int) -> Path:
        """The file of a camera, which need not exist."""
        return self.devices / f"video{number}"

    def is_gone(self, number: int) -> bool:
        """Whether it is known that there is no such camera (any more)."""
        return self.are_known and not self.device(number).exists()

    def found(self) -> str:
        """The cameras that there are, in words."""
        if not self.are_known:
            return "which cameras there are is not known here"
        numbers = (p.name.removeprefix("video") for p in self.devices.glob("video*"))
        cameras = sorted(int(number) for number in numbers if number.isdecimal())
        listed = ", ".join(self._described(number) for number in cameras)
        return f"cameras found: {listed or 'none'}"

    def _described(self, number: int) -> str:
        try:
            name = (self.names / f"video{number}" / "name").read_text().strip()
        except OSError:
            return str(number)
        return f"{number} ({name})"


def why_not_opened(number: int, folders: CameraFolders) -> str:
    """One line: a camera that could not be opened, the cause and the next step."""
    device = folders.device(number)
    if folders.is_gone(number):
        return (
            f"no camera {number}: there is no {device}; {folders.found()}. Connect "
            "one, or name a camera, a file, a folder or an address with --source"
        )
    if folders.are_known and not os.access(device, os.R_OK | os.W_OK):
        return (
            f"no permission for camera {number} ({device}); become a member of the "
            "group that owns it (mostly: sudo usermod -aG video $USER) and log in again"
        )
    return (
        f"camera {number} cannot be opened; another program may be using it, or the "
        f"system does not allow it; {folders.found()}. Close other programs that show "
        "the camera, or name another one with --source"
    )
