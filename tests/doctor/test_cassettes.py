"""What lies in a folder of cassettes: counted, dated, and the damaged ones named."""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.cassettes import store
from pytest_bill.doctor.cassettes import cassettes_in
from tests.helpers.recorded import recorded

ONE = recorded("GET", "/v3/vendors", {"results": []})
OF_OTHERS = """\
interactions:
- request:
    body: null
    headers: {}
    method: GET
    uri: https://gateway.stage.bill.com/connect/v3/vendors
  response:
    body: {string: '{}'}
    headers: {}
    status: {code: 200, message: OK}
version: 1
"""


def write(path, **changes) -> None:
    store.save(path, store.Recording([replace(ONE, **changes)]), lambda _: None)


def test_no_folder(tmp_path):
    seen = cassettes_in(tmp_path / "cassettes")
    assert (seen["files"], seen["bytes"], seen["oldest"]) == (0, 0, None)
    assert not seen["findings"]


def test_what_is_there(tmp_path):
    write(tmp_path / "a.yaml", answered_by="local", recorded_at="2026-03-01T12:00:00Z")
    write(tmp_path / "b/c.yaml", answered_by="sandbox", recorded_at="2026-02-01T12:00:00Z")
    write(tmp_path / "b/d.yaml", answered_by="sandbox", recorded_at="")
    (tmp_path / "b/e.yml").write_text(OF_OTHERS)
    (tmp_path / "b/ci.yaml").write_text("on: push\n")
    (tmp_path / "empty.yaml").touch()
    (tmp_path / "notes.txt").write_text("interactions:\n")
    (tmp_path / ".unproven").mkdir()
    (tmp_path / ".unproven/f.yaml").write_text("interactions: 3\n")
    seen = cassettes_in(tmp_path)
    assert seen["files"] == 4
    assert seen["others"] == 2
    assert seen["answered_by"] == {"local": 1, "sandbox": 2, "unknown": 1}
    assert seen["oldest"] == "2026-02-01T12:00:00Z"
    sizes = [path.stat().st_size for path in tmp_path.rglob("*.y*ml")]
    assert 0 < seen["bytes"] < sum(sizes)
    assert not seen["findings"]


def test_an_older_one_says_it_of_the_whole_file(tmp_path):
    for number, said in enumerate(("local", "custom", "mixed", "\\e[2J")):
        about = f'metadata: {{pytest_bill: {{environment: "{said}"}}}}\n'
        (tmp_path / f"{number}.yaml").write_text(OF_OTHERS + about)
    assert cassettes_in(tmp_path)["answered_by"] == {"local": 1, "other": 1, "unknown": 2}


def test_damaged_ones_are_named(tmp_path):
    for number in range(7):
        (tmp_path / f"{number}.yaml").write_text("interactions: 3\n")
    (tmp_path / "good.yaml").write_text(OF_OTHERS)
    seen = cassettes_in(tmp_path)
    assert seen["files"] == 1
    told = [each["what"] for each in seen["findings"]]
    assert f"The cassette {tmp_path / '0.yaml'}:1 is damaged or not a cassette" in told[0]
    assert told[5] == "2 more cannot be read."
    assert "Restore it from version control" in seen["findings"][0]["then"]


def test_what_is_no_file_and_no_folder(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nothing")
    (finding,) = cassettes_in(tmp_path)["findings"]
    assert "link.yaml" in finding["what"]
    (finding,) = cassettes_in(tmp_path / "link.yaml")["findings"] or [None]
    assert finding is None
    (tmp_path / "cassettes").touch()
    (finding,) = cassettes_in(tmp_path / "cassettes")["findings"]
    assert "is no folder" in finding["what"]
