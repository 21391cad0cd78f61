"""What the tests of a run's parts share."""

from __future__ import annotations

import pytest

from pytest_bill.run import remote_worker
from pytest_bill.run.remote_controller import RemoteWorker
from pytest_bill.run.remote_files import SharedFiles
from pytest_bill.run.run import Run
from tests.helpers.channels import channel_pair
from tests.helpers.settings_of_run import settings_in


@pytest.fixture
def made(tmp_path):
    """Make runs that are closed at the end."""
    runs = []

    def made(bill_config=None, shared_folder=None, **changes) -> Run:
        settings = settings_in(tmp_path, **changes)
        runs.append(Run(settings, bill_config or {}, shared_folder))
        return runs[-1]

    yield made
    for run in runs:
        run.close()


class Here:
    """The controller's side: its folder, its cassettes, and what it tells first."""

    def __init__(self, tmp_path) -> None:
        self.folder = tmp_path / "of-all"
        self.folder.mkdir()
        self.cassette_dir = tmp_path / "here" / "cassettes"
        self.hello = {"rootdir": "", "variables": {"BILL_DEV_KEY": "a-key"}, "sandbox": b"{}"}


@pytest.fixture
def here(tmp_path):
    return Here(tmp_path)


@pytest.fixture
def worker(here, pytester):
    """Start workers on other machines, each with a folder of its own."""
    begun = []

    def worker():
        ours, theirs = channel_pair()
        files = SharedFiles(here.folder, here.cassette_dir)
        remote = RemoteWorker(ours, files, lambda: here.hello)
        remote.listen()
        config = pytester.parseconfig()
        here.hello["rootdir"] = here.hello["rootdir"] or config.rootpath.name
        config.workerinput = {"bill_channel": theirs}
        begun.append(remote_worker.begin(config))
        begun[-1].given = config.workerinput
        begun[-1].channel, begun[-1].remote = theirs, remote
        begun[-1].config = config
        return begun[-1]

    yield worker
    for each in begun:
        each.close()
