"""How much of a video file plays that was not written to its end."""

from pathlib import Path

import av


def playable_s(path: Path) -> float | None:
    """Seconds of the pictures that can be read.

    Reads the file to its end, since a part of one has no index.

    Returns:
        Time at which the last whole picture begins; None where not even the first one
        can be decoded.
    """
    last_s = None
    try:
        with av.open(str(path)) as container:
            first = next(container.decode(video=0), None)
            if first is None:
                return None
            last_s = first.time or 0.0
            for packet in container.demux(video=0):
                if packet.pts is not None and not packet.is_corrupt:
                    last_s = max(last_s, float(packet.pts * packet.time_base))
    except (av.FFmpegError, OSError, IndexError):  # such as an end in a packet
        return last_s
    return last_s
