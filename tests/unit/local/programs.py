"""Programs for tests: small servers that answer, and some that do not."""

import sys

from local.ports import free_port
from local.processes import Program

_SERVER = """
import http.server, subprocess, sys, signal
if "{extra}" == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
"""


def server(name: str = "server", extra: str = "", port: int | None = None, version: str = "") -> Program:
    """Answers every GET; `stubborn` ignores SIGTERM."""
    port = port or free_port()
    code = _SERVER.format(port=port, extra=extra)
    return Program(
        name=name, command=(sys.executable, "-c", code), port=port, version=version, start_seconds=20
    )


def broken(name: str = "broken") -> Program:
    """Says why, and ends."""
    code = "import sys; print('no disk left'); sys.exit(3)"
    return Program(name=name, command=(sys.executable, "-c", code), port=free_port(), start_seconds=20)


def silent(name: str = "silent") -> Program:
    """Lives, and answers nobody."""
    code = "import time; time.sleep(60)"
    return Program(name=name, command=(sys.executable, "-c", code), port=free_port(), start_seconds=0.5)
