"""The settings of the tests: nothing of the person's own state is read or written."""

import tempfile
from pathlib import Path

from mimika.web.logs import logging_config
from mimika.web.settings.base import *  # noqa: F403  settings are meant to be layered

HOME = Path(tempfile.gettempdir()) / "mimika-tests"  # tests replace MEDIA_ROOT
MEDIA_ROOT = HOME / "media"
SECRET_KEY = "only for tests"  # noqa: S105  signs nothing that outlives a test
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEBUG = False
MIMIKA_SERVICE_URL = "http://127.0.0.1:9"  # the discard port: nobody answers
MIMIKA_SERVICE_TIMEOUT_S = 1.0
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
LOGGING = logging_config("INFO", None)
TIME_ZONE = "UTC"
WHITENOISE_AUTOREFRESH = True  # finds a file when it is asked for, not all at start
