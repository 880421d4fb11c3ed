"""The browser that tests and screenshots drive: the system's Chromium."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium() -> str | None:
    """Where it lies, or None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
