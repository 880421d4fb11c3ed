"""Builds the images of `deploy/` where no Docker engine runs, and runs what is in them.

    python tools/container_images.py FOLDER [service|web ...]

buildah follows the Dockerfiles; debootstrap makes the base image, of the Debian that
this machine has. FOLDER keeps the images. Needs root, the Debian packages buildah,
debootstrap and iproute2, and 3 GB.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
NEEDED = ("buildah", "debootstrap", "unshare", "nsenter", "chroot", "ip")
BASE = "localhost/mimika-base"
BASE_PACKAGES = "python3,python3-venv,ca-certificates"
BALLAST = ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man")
USER = "10001:10001"

# The root is read-only but for what the images declare as volume and a place for
# temporary files, and the network is the container's own.
START = """
set -e
root=$1; shift
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs -o uid=10001,gid=10001 tmpfs "$root/var/lib/mimika"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
ip link set lo up
exec "$@"
"""


class Images:
    """Images in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        """Takes a folder, which is made where it is not there."""
        self._folder = folder

    def build(self, name: str) -> None:
        """Builds `deploy/NAME.Dockerfile`, and the base image before the first."""
        if not self._buildah("images", "--quiet", "--filter", f"reference={BASE}"):
            self._make_base()
        file = ROOT / "deploy" / f"{name}.Dockerfile"
        arguments = ["--build-arg", f"BASE_IMAGE={BASE}", "--file", str(file)]
        how = ["--format", "docker", "--layers=false", *self._pip_settings()]
        tag = ["--tag", self._tag(name), str(ROOT)]
        self._buildah("bud", "--quiet", *how, *arguments, *tag)

    def remove(self) -> None:
        """Deletes all images and the folder; they take 3 GB."""
        self._buildah("rmi", "--all", "--force")
        shutil.rmtree(self._folder)

    def config(self, name: str) -> Mapping[str, Any]:
        """What the image says of itself: user, command, health check, labels."""
        text = self._buildah("inspect", "--type", "image", self._tag(name))
        found: Mapping[str, Any] = json.loads(text)["Docker"]["config"]
        return found

    def megabytes(self, name: str) -> float:
        """Size of the image on the disk."""
        text = self._buildah("images", "--json", self._tag(name))
        return _bytes(json.loads(text)[0]["size"]) / 1e6

    @contextmanager
    def started(self, name: str, environment: Mapping[str, str]) -> Iterator["Started"]:
        """A container that runs the image's own command, ended with SIGTERM.

        Args:
            name: of the image.
            environment: besides the image's own.
        """
        container = self._buildah("from", self._tag(name))
        root = self._buildah("mount", container)
        config = self.config(name)
        own = dict(line.split("=", 1) for line in config["Env"])
        env = [f"{key}={value}" for key, value in (own | environment).items()]
        within = [
            "env",
            "-i",
            *env,
            str(shutil.which("chroot")),
            f"--userspec={USER}",
            root,
        ]
        program = shutil.which(config["Cmd"][0], path=f"{root}{own['PATH']}")
        command = [str(program).removeprefix(root), *config["Cmd"][1:]]
        begin = ["unshare", "--mount", "--net", "sh", "-c", START, "sh", root]
        process = subprocess.Popen([*begin, *within, *command])
        try:
            yield Started(process, within, config)
        finally:
            process.terminate()
            process.wait(20)
            self._buildah("umount", container)
            self._buildah("rm", container)

    def _tag(self, name: str) -> str:
        return f"localhost/mimika-{name}"

    def _make_base(self) -> None:
        root = self._folder / "base"
        release, mirror = _debian()
        how = ["--variant=minbase", f"--include={BASE_PACKAGES}"]
        _run("debootstrap", *how, release, str(root), mirror)
        for place in BALLAST:
            shutil.rmtree(root / place)
            (root / place).mkdir()
        container = self._buildah("from", "scratch")
        self._buildah("add", "--quiet", container, str(root), "/")
        self._buildah("commit", "--quiet", container, BASE)
        self._buildah("rm", container)
        shutil.rmtree(root)

    def _pip_settings(self) -> list[str]:
        """This machine's settings of pip for the build, as read-only mounts."""
        lines = _run(sys.executable, "-m", "pip", "config", "list").splitlines()
        settings = dict(line.split("=", 1) for line in lines)
        values = {k.rpartition(".")[2]: shlex.split(v)[0] for k, v in settings.items()}
        file = self._folder / "pip.conf"
        file.write_text(
            "[global]\n" + "".join(f"{k} = {v}\n" for k, v in values.items())
        )
        words = {word for value in values.values() for word in value.split()}
        places = [path for word in sorted(words) if (path := _local(word))]
        mounts = [(file, Path("/etc/pip.conf")), *((path, path) for path in places)]
        return [
            word
            for source, target in mounts
            for word in ("--volume", f"{source}:{target}:ro")
        ]

    def _buildah(self, *arguments: str) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        places = [f"--root={self._folder}/store", f"--runroot={self._folder}/run"]
        return _run("buildah", *places, *arguments)


class Started:
    """A running container.

    Attributes:
        process: what its command became.
    """

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        within: Sequence[str],
        config: Mapping[str, Any],
    ) -> None:
        """Takes a process over; `within` runs a command in its root."""
        self.process = process
        self._config = config
        self._within = list(within)

    def is_well(self) -> bool:
        """Runs the image's own health check, as an engine does."""
        kind, program, *rest = self._config["Healthcheck"]["Test"]
        path = dict(line.split("=", 1) for line in self._config["Env"])["PATH"]
        command = [*self._within, f"{path}/{program}", *rest]
        return kind == "CMD" and self._beside("--mount", command).returncode == 0

    def ask(self, code: str, *arguments: str) -> str:
        """Runs Python code of this machine in the container's network.

        Returns:
            What it wrote to its standard output.
        """
        done = self._beside(None, [sys.executable, "-c", code, *arguments])
        if done.returncode:
            raise RuntimeError(f"the code ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def _beside(
        self, more: str | None, command: Sequence[str]
    ) -> "subprocess.CompletedProcess[str]":
        enter = ["nsenter", f"--target={self.process.pid}", "--net"]
        enter += [more] if more else []
        return subprocess.run(
            [*enter, *command], capture_output=True, text=True, check=False
        )


def missing() -> list[str]:
    """What this machine lacks for it."""
    lacks = [name for name in NEEDED if shutil.which(name) is None]
    return lacks if os.geteuid() == 0 else [*lacks, "root"]


def _debian() -> tuple[str, str]:
    """This machine's release and the mirror that its packages come from."""
    release = _run("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME")
    targets = _run("apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)")
    for line in targets.splitlines():
        codename, mirror = line.split()
        if codename == release:
            return release, mirror
    raise RuntimeError(f"apt knows no packages of {release}")


def _local(word: str) -> Path | None:
    """The file or folder of this machine that a setting of pip names."""
    path = Path(word.removeprefix("file://"))
    if not path.is_absolute() or not path.exists():
        return None
    return path.parent if word.startswith("file://") else path  # an index names files


def _bytes(size: str) -> float:
    """`372 MB` in bytes."""
    number, unit = size.split()
    return float(number) * {"KB": 1e3, "MB": 1e6, "GB": 1e9}[unit]


def _run(*command: str) -> str:
    """The standard output of a program that has to succeed."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "BUILDAH_ISOLATION": "chroot"},
    )
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {said}")
    return done.stdout.strip()


def main() -> None:
    """Builds images and says how large they are."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=["service", "web"])
    asked = parser.parse_args()
    if missing():
        parser.error(f"this machine lacks {', '.join(missing())}")
    images = Images(asked.folder.absolute())
    for name in asked.names:
        images.build(name)
        sys.stdout.write(f"{name}: {images.megabytes(name):.0f} MB\n")


if __name__ == "__main__":
    main()
