"""Suites of other recorders: those that are recorded here, and small ones that tests write."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from pytest_bill.cli import main

DATA = Path(__file__).parent / "data"
API = "https://gateway.stage.bill.com/connect"
NO_CACHE = ("-p", "no:cacheprovider")


class Suites:
    """A folder with a suite, which is migrated and then run without a network."""

    def __init__(self, folder: Path, capsys) -> None:
        self.folder = folder
        self._capsys = capsys

    def copy(self, name: str) -> None:
        """Begin with one that is recorded here."""
        shutil.copytree(DATA / name, self.folder, dirs_exist_ok=True)
        shutil.copy(DATA / "acme.py", self.folder)
        self.write("pytest.ini", "[pytest]\n")

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def cassette(self, name: str, *paths: str, host: str = API, **fields: object) -> Path:
        """A cassette of vcrpy's with GETs of these paths, as JSON, which is YAML too."""
        interactions = [
            {
                "request": {
                    "method": "GET",
                    "uri": host + path,
                    "body": None,
                    "headers": {},
                    **fields,
                },
                "response": {
                    "status": {"code": 200, "message": "OK"},
                    "headers": {"Content-Type": ["application/json"]},
                    "body": {"string": json.dumps({"path": path})},
                },
            }
            for path in paths
        ]
        text = json.dumps({"version": 1, "interactions": interactions}, indent=1)
        return self.write(name, text)

    def migrate(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, standard output and standard error of ``pytest-bill migrate``."""
        status = main(["migrate", *arguments])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err

    def planned(self, *arguments: str) -> dict:
        """The report as JSON."""
        _, out, _ = self.migrate("--json", *arguments)
        return json.loads(out)

    def replay(self, *arguments: str) -> tuple[int, str]:
        """Run the suite offline, without other recorders; gives the exit status and the output."""
        command = [sys.executable, "-m", "pytest", *NO_CACHE, "-p", "no:recording"]
        done = subprocess.run(
            [*command, "-p", "no:xdist", "--bill-block-network", "-W", "ignore", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def files(self) -> dict[str, bytes]:
        """All files of the suite, less what Python keeps."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
