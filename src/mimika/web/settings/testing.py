"""The settings of the tests: nothing of the person's own state is read or written."""

import os
import tempfile
from pathlib import Path

from mimika.web.logs import logging_config
from mimika.web.settings.base import *  # noqa: F403  settings are meant to be layered
from mimika.web.settings.base import env
from mimika.web.settings.databases import sqlite

HOME = Path(tempfile.gettempdir()) / "mimika-tests"  # tests replace MEDIA_ROOT
HOME.mkdir(exist_ok=True)
MEDIA_ROOT = HOME / "media"
SECRET_KEY = "only for tests"  # noqa: S105  signs nothing that outlives a test
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEBUG = False
MIMIKA_SERVICE_URL = "http://127.0.0.1:9"  # the discard port: nobody answers
MIMIKA_SERVICE_TIMEOUT_S = 1.0
# A file, as in life: threads of one test do not share a database in memory.
FILE = HOME / f"test-{os.getpid()}.sqlite3"
DATABASES = {
    "default": env.db_url("MIMIKA_TEST_DATABASE_URL")
    if env.str("MIMIKA_TEST_DATABASE_URL", "")
    else {**sqlite(FILE), "TEST": {"NAME": FILE}}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
LOGGING = logging_config("INFO", None)
TIME_ZONE = "UTC"
WHITENOISE_AUTOREFRESH = True  # finds a file when it is asked for, not all at start
