import subprocess
import sys


def test_importing_the_server_reads_no_settings() -> None:
    code = (
        "import mimika.web.server, django.conf\n"
        "assert not django.conf.settings.configured\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
