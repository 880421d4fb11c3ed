"""A person without a browser: registers and sends pictures over HTTP."""

from collections.abc import Sequence
from pathlib import Path

import requests

PASSWORD = "correct horse battery"  # noqa: S105  of people in tests only
LIMIT_S = 60


class Visitor:
    """Somebody with a cookie of their own."""

    def __init__(self, address: str, name: str = "ada") -> None:
        """Registers.

        Args:
            address: of the web application.
            name: a new user name.
        """
        self.address = address
        self.session = requests.Session()
        password = dict.fromkeys(("password1", "password2"), PASSWORD)
        person = {"username": name, "email": f"{name}@example.org", **password}
        answer = self._post("/accounts/register/", person)
        assert f"Welcome, {name}" in answer.text

    def get(self, path: str) -> requests.Response:
        """A page."""
        answer = self.session.get(self.address + path, timeout=LIMIT_S)
        answer.raise_for_status()
        return answer

    def send(self, pictures: Sequence[Path]) -> None:
        """Sends pictures through the form and ends on the page after it."""
        files = [("pictures", (path.name, path.read_bytes())) for path in pictures]
        answer = self._post("/analyses/new/", {}, files)
        assert answer.url != f"{self.address}/analyses/new/", answer.text

    def _post(
        self,
        path: str,
        fields: dict[str, str],
        files: list[tuple[str, tuple[str, bytes]]] | None = None,
    ) -> requests.Response:
        self.get(path)  # for the cookie with the token
        answer = self.session.post(
            self.address + path,
            {**fields, "csrfmiddlewaretoken": self.session.cookies["csrftoken"]},
            files=files,
            timeout=LIMIT_S,
        )
        answer.raise_for_status()
        return answer
