"""What a team does with this package, in the environment whose Python runs this file.

Its suite is recorded from the local sandbox and proven, then replayed without a network, alone and
by two workers. Nothing is left behind, plain vcrpy plays a cassette, a failure shows no secret.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RECORD = ("--bill-environment=local", "--bill-record-mode=once", "--bill-strict")
REPLAY = ("--disable-socket", "--allow-unix-socket", "-W", "ignore", "--bill-strict")
SECRET = "01SECRETSECRETSECRET0"
SHOWN = (
    *("pytest", "pytest-xdist", "vcrpy", "requests", "urllib3", "python-dotenv", "PyYAML"),
    *("filelock", "pytest-recording", "pytest-vcr", "cassetter", "pytest-django"),
)
OF_OTHERS = {
    "pytest-recording": ("--record-mode=once",),
    "cassetter": ("--record-mode=once",),
    "pytest-vcr": ("--vcr-record=once",),
}
"""How the plugin beside ours is told to record."""
PLAYED = """
import sys, urllib.request, vcr
by = ["method", "path", "query"]
with vcr.use_cassette(sys.argv[1], record_mode="none", match_on=by) as tape:
    request = tape.requests[0]
    assert urllib.request.urlopen(request.uri).status == 200
"""


class Downstream:
    """A copy of a suite, and runs of it."""

    def __init__(self, folder: Path, suite: str) -> None:
        self._temporary = folder / "temporary"
        self._temporary.mkdir()
        self.folder = folder / suite
        shutil.copytree(HERE / suite, self.folder)
        (self.folder / ".env").write_text(f'BILL_SPEND_API_TOKEN="{SECRET}" # quoted\n')
        self._environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BILL_", "PYTEST_", "CI", "GITHUB_"))
        }
        self._environ |= {"TMPDIR": str(self._temporary), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *args: str, expected: int = 0) -> str:
        """What a run prints; it ends as expected, or this process ends."""
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *args]
        command += ["--bill-report=report.json", f"--basetemp={self._temporary}/pytest/base"]
        self._temporary.joinpath("pytest").mkdir(exist_ok=True)
        self._temporary.joinpath("pytest/secret.txt").write_text(SECRET)
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode != expected:
            fail(f"{' '.join(args)}: exit status {done.returncode}", done.stdout)
        return done.stdout

    def set(self, **variables: str) -> None:
        """Set environment variables of the runs."""
        self._environ |= variables

    def counts(self) -> dict[str, Any]:
        """The report of the latest run."""
        report = json.loads((self.folder / "report.json").read_text())
        return {name: report[name] for name in ("requests", "recorded", "replayed", "notices")}

    def cassettes(self) -> dict[str, bytes]:
        """Each cassette by its path, of the other plugin's too."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("cassettes/**/*"))
            if path.is_file()
        }

    def left(self) -> list[str]:
        """What the runs left in the folder for temporary files, and beside the cassettes."""
        left = [path.name for path in self._temporary.glob("pytest-bill-*")]
        return left + [str(path) for path in (self.folder / "cassettes").rglob(".*")]

    def play_with_vcrpy(self) -> None:
        """Play a cassette with vcrpy alone."""
        path = self.folder / "cassettes/lists/vendors.yaml"
        if path.exists():
            subprocess.run(
                [sys.executable, "-W", "ignore", "-c", PLAYED, str(path)], cwd="/", check=True
            )


def fail(what: str, output: str) -> None:
    """End, with what was wrong."""
    sys.exit(f"{output}\nFailed: {what}")


def check(suite: str, plugin: str, folder: Path) -> None:
    """Record, replay, look at what is there."""
    downstream = Downstream(folder, suite)
    with another_host() as (url, asked):
        downstream.set(OTHER_URL=url)
        downstream.run(*RECORD, *OF_OTHERS.get(plugin, ()))
        recorded = downstream.counts()
        if plugin and not asked:
            fail("nothing asked the other host", "")
    if not recorded["recorded"] or recorded["recorded"] != recorded["requests"]:
        fail("not all that was asked was recorded", json.dumps(recorded))
    before = downstream.cassettes()
    for workers in ((), ("-n2",)):
        downstream.run(*REPLAY, *workers)
        replayed = downstream.counts()
        # Each worker sets up a fixture of its own, and asks once more for it.
        if not recorded["requests"] <= replayed["requests"] == replayed["replayed"]:
            fail(f"not all was replayed {workers}", json.dumps([recorded, replayed]))
    if downstream.cassettes() != before:
        fail("a replay changed a cassette", "")
    if any(SECRET.encode() in text for text in before.values()):
        fail("a secret is in a cassette", "")
    if downstream.left():
        fail("something was left behind", "\n".join(downstream.left()))
    downstream.play_with_vcrpy()
    if suite == "suite":
        shown = downstream.run("shows_secrets.py", *RECORD[:2], "--showlocals", expected=1)
        if SECRET in shown or shown.count("PLACEHOLDER_") < 3:
            fail("a failure shows a secret, or nothing", shown.replace(SECRET, "<the secret>"))
    print(f"{len(before)} cassettes, {recorded['requests']} requests: recorded, replayed")


@contextmanager
def another_host() -> Iterator[tuple[str, list[str]]]:
    """The block in which a server answers that is not BILL's, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"42")

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    """Run it for the suite, and the plugin beside ours, that are named."""
    suite, plugin = [*sys.argv[1:], ""][:2]
    versions = {name: version_of(name) for name in SHOWN}
    shown = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    print(f"Python {sys.version.split()[0]}, {shown}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        check(suite, plugin, Path(folder))


def version_of(name: str) -> str:
    """The installed version; empty where there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main()
