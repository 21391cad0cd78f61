"""Cassette files: vcrpy's format, whole or not at all."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import vcr
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_bill import real_files
from pytest_bill.cassettes import reader, store, vcr_yaml, writer
from pytest_bill.exceptions import CassetteError, SecretFound
from pytest_bill.interaction import Interaction

INTERACTION = Interaction(
    "POST",
    "https://gateway.stage.bill.com/connect/v3/vendors?max=1",
    {"Content-Type": "application/json", "X-Many": "a"},
    b'{"name": "\xc3\xbc"}',
    201,
    "Created",
    {"Content-Type": ["application/json"], "Set-Cookie": ["a=1", "b=2"]},
    b'{"id": "009"}',
)
TEXT = writer.write([INTERACTION], {})


def nothing_found(text: str) -> None:
    return None


def saved(path: Path, *interactions: Interaction, **metadata: object) -> Path:
    store.save(path, store.Recording(list(interactions), dict(metadata)), nothing_found)
    return path


def test_what_is_saved_is_loaded(tmp_path):
    binary = Interaction("GET", INTERACTION.url, {}, b"", 200, "OK", {}, b"\xff\x00\x89")
    path = saved(tmp_path / "a/b.yaml", INTERACTION, binary, pytest_bill={"environment": "local"})
    loaded = store.load(path)
    assert loaded.interactions == [INTERACTION, binary]
    assert loaded.metadata == {"pytest_bill": {"environment": "local"}}


BODIES = st.binary(max_size=60) | st.text(max_size=60).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
HEADERS = st.text(st.characters(max_codepoint=255), max_size=20)


@given(BODIES, BODIES, HEADERS, st.text(max_size=20))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_and_letters_come_back(tmp_path, body, answer, value, reason):
    interaction = replace(INTERACTION, body=body, answer_body=answer, headers={"X": value})
    interaction = replace(interaction, answer_headers={"X": [value, ""]}, reason=reason)
    assert store.load(saved(tmp_path / "a.yaml", interaction)).interactions == [interaction]


def test_a_cassette_damaged_anywhere_is_an_error_that_names_it_or_still_one(tmp_path):
    path = saved(tmp_path / "a.yaml", INTERACTION, replace(INTERACTION, answer_body=b"\xff\x00"))
    text = path.read_text()
    for start in range(0, len(text), 3):
        for damaged in (text[:start], text[:start] + text[start + 7 :]):
            path.write_text(damaged)
            try:
                store.load(path)
            except CassetteError as error:
                assert "a.yaml" in str(error)  # noqa: PT017


def test_plain_vcrpy_replays_what_is_saved(tmp_path):
    path = saved(tmp_path / "a.yaml", INTERACTION, pytest_bill={"environment": "local"})
    with vcr.use_cassette(str(path), record_mode="none", match_on=["method", "uri", "body"]):
        answer = requests.post(INTERACTION.url, data=INTERACTION.body, timeout=5)
    assert (answer.status_code, answer.json()) == (201, {"id": "009"})
    assert answer.cookies.get_dict() == {"a": "1", "b": "2"}


def test_what_plain_vcrpy_records_is_loaded(tmp_path, server):
    url = f"{server().origin}/connect/v3/vendors"
    path = tmp_path / "a.yaml"
    with vcr.use_cassette(str(path)) as cassette:
        cassette.get_metadata("clock", "noon")
        requests.post(url, json={"a": 1}, timeout=5)
    recording = store.load(path)
    (interaction,) = recording.interactions
    assert (interaction.method, interaction.url, interaction.status) == ("POST", url, 200)
    assert interaction.body == b'{"a": 1}'
    assert interaction.answer_body == b'{"results": []}'
    assert recording.metadata == {"clock": "noon"}


def test_the_shape_in_which_older_versions_recorded_httpx(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "interactions:\n- request: {body: '', headers: {}, method: GET, uri: https://x/y}\n"
        "  response: {status_code: 200, headers: {a: b}, content: text}\nversion: 1\n"
    )
    (interaction,) = store.load(tmp_path / "a.yaml").interactions
    assert (interaction.status, interaction.answer_headers) == (200, {"a": ["b"]})
    assert interaction.answer_body == b"text"


def test_the_shape_in_which_vcrpy_records_a_redirect_that_aiohttp_followed(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "interactions:\n- request: {body: null, headers: {}, method: GET, uri: https://x/y}\n"
        "  response: {status: {code: 302, message: Found}, headers: {Location: [/z]}, body: {}}\n"
        "version: 1\n"
    )
    (interaction,) = store.load(tmp_path / "a.yaml").interactions
    assert (interaction.status, interaction.answer_body) == (302, b"")


@pytest.mark.parametrize("content", [None, b"", b" \n"])
def test_no_file_and_an_empty_one_are_no_cassette(tmp_path, content):
    if content is not None:
        (tmp_path / "a.yaml").write_bytes(content)
    assert store.load(tmp_path / "a.yaml") is None


@pytest.mark.parametrize(
    "content",
    [
        b"interactions:\n- request: {",
        b"just text",
        b"[]",
        b"version: 1",
        b"interactions: [7]",
        b"interactions: []\nmetadata: text\nversion: 1",
        b"interactions: [{request: {method: GET}}]",
        b"interactions:\n- !!python/object/apply:os.system [id]",
        b"\xff\xfe",
    ],
)
def test_a_damaged_file_is_named(tmp_path, content):
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(CassetteError, match=r"a\.yaml"):
        store.load(path)


@pytest.mark.skipif(os.name != "posix", reason="POSIX has these")
def test_what_is_no_file_is_not_opened_and_said_to_be_none(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "below").symlink_to(saved(tmp_path / "a.yaml", INTERACTION) / "b.yaml")
    bound = socket.socket(socket.AF_UNIX)
    monkey = os.getcwd()
    os.chdir(tmp_path)  # the path of a socket may not be long
    bound.bind("socket")
    os.chdir(monkey)
    for name in ("zero", "full", "random"):
        (tmp_path / name).symlink_to(f"/dev/{name}")
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    said = {
        "fifo": "it is a FIFO",
        "folder": "it is a folder",
        "socket": "it is a socket",
        **dict.fromkeys(("zero", "full", "random"), "it is a device, not a file"),
        "gone": "it is a link to nowhere",
        "loop": "Too many levels",
        "below": "Not a directory",
        "x" * 300: "File name too long",
    }
    for name, what in said.items():
        with pytest.raises(CassetteError, match=f"{name} cannot be read: {what}") as refused:
            store.load(tmp_path / name)
        assert len(str(refused.value).splitlines()) == 2
    bound.close()


def test_one_without_leave_to_read_is_said_so(tmp_path, monkeypatch):
    path = saved(tmp_path / "a.yaml", INTERACTION)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(real_files._System, "open", refuse)
    with pytest.raises(CassetteError, match=r"Permission denied\.\nGive this user leave to"):
        store.load(path)


def test_what_is_too_large_is_neither_read_nor_written(tmp_path, monkeypatch):
    path = saved(tmp_path / "a.yaml", INTERACTION)
    before = path.read_bytes()
    monkeypatch.setattr(store, "MOST_BYTES", len(before) - 1)
    with pytest.raises(CassetteError, match=f"it has {len(before)} bytes, and {len(before) - 1}"):
        store.load(path)
    with pytest.raises(CassetteError, match=r"are the most\.\nLet its test ask BILL for less"):
        saved(path, INTERACTION)
    assert path.read_bytes() == before


def test_a_large_file_of_another_kind_is_refused_before_it_is_taken_in(tmp_path):
    path = tmp_path / "a.yaml"
    with path.open("wb") as file:
        file.truncate(40 * 2**20)
    with pytest.raises(CassetteError, match="not the shape that vcrpy writes"):
        store.load(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (TEXT.encode("utf-16"), r"a\.yaml:1 is damaged .*it is UTF-16.*\nSave it as UTF-8\."),
        (TEXT.replace("max=1", "max=\xfc").encode("latin-1"), r"a\.yaml:10 is damaged .*not UTF-8"),
        (b"PK\3\4\xff\xfe", r"a\.yaml:1 is damaged .*it is not UTF-8"),
    ],
)
def test_another_encoding_is_said_to_be_one(tmp_path, content, what):
    (tmp_path / "a.yaml").write_bytes(content)
    with pytest.raises(CassetteError, match=what):
        store.load(tmp_path / "a.yaml")


def test_a_mark_before_the_text_is_read_past(tmp_path):
    (tmp_path / "a.yaml").write_bytes(TEXT.encode("utf-8-sig").replace(b"\n", b"\r\n"))
    assert store.load(tmp_path / "a.yaml").interactions == [INTERACTION]


def test_a_secret_in_the_text_writes_nothing(tmp_path):
    path = saved(tmp_path / "a.yaml", INTERACTION)
    before = path.read_bytes()
    recording = store.Recording([INTERACTION, INTERACTION])
    with pytest.raises(SecretFound, match="PLACEHOLDER_X"):
        store.save(path, recording, lambda text: "PLACEHOLDER_X" if "009" in str(text) else None)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.yaml"]


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_crash_while_writing_leaves_the_old_file(tmp_path, monkeypatch, step):
    path = saved(tmp_path / "a.yaml", INTERACTION)
    before = path.read_bytes()

    def crash(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(real_files._System, step, crash)
        with pytest.raises(CassetteError, match="No space left"):
            saved(path, INTERACTION, INTERACTION)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.yaml"]


def test_a_folder_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CassetteError, match="cannot be written"):
        saved(tmp_path / "file/a.yaml", INTERACTION)


def test_files_are_as_readable_as_any_other(tmp_path):
    (tmp_path / "other").write_text("")
    path = saved(tmp_path / "a.yaml", INTERACTION)
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
@pytest.mark.parametrize("text", ["interactions: " + "[" * 2_000, "interactions:\n" + "- " * 2_000])
def test_what_is_nested_without_end_is_damaged(tmp_path, monkeypatch, loader, text):
    monkeypatch.setattr(vcr_yaml, "_Loader", loader)
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(CassetteError, match="damaged or not a cassette"):
        store.load(tmp_path / "a.yaml")


def test_what_stands_beside_vcrs_own_is_read_quickly_and_plain_vcrpy_replays_it(tmp_path):
    interaction = Interaction(
        *("GET", "https://gateway.stage.bill.com/connect/v3/vendors", {}, b""),
        *(200, "OK", {"content-type": ["application/json"]}, b'{"results": []}'),
        *("local", "gzip", "HTTP/1.0", "2026-11-29T11:07:31Z"),
    )
    path = tmp_path / "a.yaml"
    store.save(path, store.Recording([interaction, interaction]), lambda _: None)
    assert "- answered_by: local\n" in path.read_text()
    assert "\n  recorded_at: 2026-11-29T11:07:31Z\n  request:\n" in path.read_text()
    read = reader.read(path.read_text())
    assert read is not None
    assert read[0] == [interaction, interaction]
    with vcr.use_cassette(str(path), record_mode="none") as cassette:
        assert requests.get(interaction.url, timeout=9).json() == {"results": []}
    assert cassette.play_count == 1
