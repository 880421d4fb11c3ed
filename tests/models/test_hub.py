"""Published weights, fetched from a server of our own and from caches."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from huggingface_hub import constants

from mimika.core.errors import ModelError
from mimika.models.hub import Published, fetch

CONTENT = b"the weights"
COMMIT = "0" * 40


class Answers(BaseHTTPRequestHandler):
    """As the hub answers, for one repository and one file of torch's kind."""

    def do_HEAD(self):
        self._answer(with_body=False)

    def do_GET(self):
        self._answer(with_body=True)

    def _answer(self, with_body):
        self.server.asked.append(self.path)
        status = self.server.status.get(self.path.split("?")[0], 404)
        self.send_response(status)
        if status == 200:
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{hashlib.sha256(CONTENT).hexdigest()}"')
            self.send_header("Content-Length", str(len(CONTENT)))
        elif status == 404 and "nobody" not in self.path:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.end_headers()
        if with_body and status == 200:
            self.wfile.write(CONTENT)

    def log_message(self, *_):
        """Keeps the log off the screen."""


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server in the place of the hub, with empty caches."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "*")
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        running.asked, running.status = [], {}
        running.address = f"http://127.0.0.1:{running.server_port}"
        pretend(monkeypatch, running.address)
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def pretend(monkeypatch, address):
    """Puts the hub at another address."""
    template = address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


def of(repository):
    return Published(origin=repository, licence=None, repository=repository)


def test_a_file_of_the_hub_is_fetched_once(server):
    server.status["/a/net/resolve/main/model.safetensors"] = 200
    path = fetch(of("a/net"))
    assert path.read_bytes() == CONTENT
    assert path.name == "model.safetensors"
    asked = len(server.asked)
    assert fetch(of("a/net")) == path
    assert len(server.asked) == asked


def test_the_older_kind_of_file_and_a_revision_are_found(server):
    server.status["/a/net/resolve/v2/pytorch_model.bin"] = 200
    assert fetch(of("a/net@v2")).name == "pytorch_model.bin"


def test_a_repository_without_weights_is_named(server):
    with pytest.raises(ModelError, match="a/net: the repository holds neither"):
        fetch(of("a/net"))


@pytest.mark.parametrize("repository", ["a/nobody", "a/b c"])
def test_a_repository_that_is_not_there_is_named(server, repository):
    with pytest.raises(ModelError, match=f"{repository}: the hub does not give"):
        fetch(of(repository))


def test_a_file_of_torch_is_fetched_once_and_checked(server):
    digest = hashlib.sha256(CONTENT).hexdigest()[:8]
    server.status[f"/net-{digest}.pth"] = 200
    server.status["/net-00000000.pth"] = 200
    good, bad = (
        Published("net", None, url=f"{server.address}/net-{part}.pth")
        for part in (digest, "00000000")
    )
    path = fetch(good)
    assert path.read_bytes() == CONTENT
    assert fetch(good) == path
    assert len(server.asked) == 1
    with pytest.raises(ModelError, match="invalid hash value"):
        fetch(bad)
    missing = Published("net", None, url=f"{server.address}/none.pth")
    with pytest.raises(ModelError, match=r"net: the hub does not give .* 404"):
        fetch(missing)


@pytest.mark.parametrize(
    "weights", [of("a/net"), Published("net", None, url="http://127.0.0.1:9/net.pth")]
)
def test_without_a_network_one_line_says_what_to_do(
    weights, monkeypatch, tmp_path, caplog
):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    pretend(monkeypatch, "http://127.0.0.1:9")
    with pytest.raises(ModelError) as caught:
        fetch(weights)
    message = str(caught.value)
    assert "\n" not in message
    assert f"{weights.origin}: not on this machine" in message
    assert "Connection refused" in message
    assert 'weights=PATH, or train with strategy = "scratch"' in message
    assert caplog.records == []


def test_where_the_hub_is_switched_off_the_line_is_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"cannot be reached .*offline mode"):
        fetch(of("a/net"))
