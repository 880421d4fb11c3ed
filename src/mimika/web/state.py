"""The folder that holds all state: database, pictures, logs and the secret key."""

import os
import secrets
import tempfile
from pathlib import Path

from mimika.core.errors import ConfigError

FOLDERS = ("logs", "media")
SECRET_FILE = "secret_key"  # noqa: S105  the name of the file, not what is in it


def prepare_home(home: Path) -> None:
    """Makes the folder and those inside it, and checks that files can be written.

    Raises:
        ConfigError: they cannot be.
    """
    try:
        for folder in (home, *(home / name for name in FOLDERS)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
    except OSError as error:
        raise ConfigError(
            f"cannot write to the state folder {home} ({error.strerror}: "
            f"{error.filename}); set MIMIKA_HOME to a folder that you may write to"
        ) from error


def stored_secret(home: Path) -> str:
    """The secret key of this installation, made on the first call.

    The file is readable by its owner only. Two processes that start at once agree on
    one key: the file is linked into place, which fails for the second.

    Raises:
        ConfigError: it can be neither read nor written, or it is empty.
    """
    path = home / SECRET_FILE
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(50))
        secret = path.read_text("ascii").strip()
    except (OSError, UnicodeError) as error:
        raise ConfigError(
            f"cannot read or make the secret key {path} ({error}); set MIMIKA_HOME to "
            "a folder that you may write to, or MIMIKA_SECRET_KEY"
        ) from error
    if not secret:
        raise ConfigError(f"the secret key {path} is empty; delete the file")
    return secret


def _write_once(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
        Path(path).hardlink_to(name)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        Path(name).unlink()
