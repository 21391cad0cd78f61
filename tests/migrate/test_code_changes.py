"""Markers and `use_cassette` become markers of ours; the rest of a file stays byte for byte."""

from __future__ import annotations

import pytest

HEAD = "import pytest\nimport vcr\nfrom pytest import mark\n\n\n"
TEST = "def test_one():\n    pass\n"


@pytest.fixture
def turn(suites):
    """The new text of a module with this code, what is told to be left, and what is not needed."""

    def turn(code: str, *cassettes: str, head: str = HEAD, **others: str):
        suites.write("pytest.ini", "")
        suites.write("tests/test_a.py", head + code)
        for name in cassettes or ("test_a/test_one.yaml",):
            suites.cassette(f"tests/cassettes/{name}", "/v3/vendors")
        for name, text in others.items():
            suites.write(f"{name}.py", text)
        suites.migrate("--apply")
        new = suites.files()["tests/test_a.py"].decode()
        assert new.startswith(head)
        return new.removeprefix(head)

    return turn


MARKERS = (
    ("@pytest.mark.vcr\n", "@pytest.mark.bill_cassette\n"),
    ("@pytest.mark.vcr()\n", "@pytest.mark.bill_cassette\n"),
    ("@mark.vcr\n", "@mark.bill_cassette\n"),
    ("@pytest.mark.vcr  # why\n", "@pytest.mark.bill_cassette  # why\n"),
    (
        "@pytest.mark.vcr(\n    decode_compressed_response=True,\n)\n",
        "@pytest.mark.bill_cassette\n",
    ),
    (
        '@pytest.mark.vcr(match_on=["method", "path"])\n',
        '@pytest.mark.bill_cassette(match_on=["method", "path"])\n',
    ),
    (
        "é = 1; pytestmark = pytest.mark.vcr\n",
        "é = 1; pytestmark = pytest.mark.bill_cassette\n",
    ),
    ("pytestmark = [mark.block_network, mark.vcr]\n", "pytestmark = [mark.bill_cassette]\n"),
    ("@mark.vcr\n@mark.block_network(allowed_hosts=['a'])\n", "@mark.bill_cassette\n"),
    ("@mark.skip\n@mark.vcr\n", "@mark.skip\n@mark.bill_cassette\n"),
)


@pytest.mark.nightly
def test_markers(suites):
    """All in one run: each has a module of its own."""
    suites.write("pytest.ini", "")
    for number, (old, _) in enumerate(MARKERS):
        suites.write(f"tests/test_{number}.py", HEAD + old + TEST)
        suites.cassette(f"tests/cassettes/test_{number}/test_one.yaml", "/v3/vendors")
    suites.migrate("--apply")
    files = suites.files()
    turned = [files[f"tests/test_{number}.py"].decode() for number in range(len(MARKERS))]
    assert turned == [HEAD + new + TEST for _, new in MARKERS]


def test_a_file_keeps_its_line_ends_and_its_mark(suites):
    suites.write("pytest.ini", "")
    code = "pytestmark = pytest.mark.vcr; import pytest\r\n\r\ndef test_one():\r\n    pass\r\n"
    code = "\ufeffimport pytest; " + code
    path = suites.write("tests/test_a.py", "")
    path.write_bytes(code.encode())
    other = suites.write("tests/test_b.py", "")
    latin = "# coding: latin-1\nimport pytest\n# \xe4\n@pytest.mark.vcr\ndef test_two(): pass\n"
    other.write_bytes(latin.encode("latin-1"))
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    _, out, _ = suites.migrate("--apply")
    assert path.read_bytes().decode() == code.replace("mark.vcr", "mark.bill_cassette")
    assert "\\r" not in out
    assert other.read_bytes() == latin.encode("latin-1")
    assert "tests/test_b.py: vcr: it is no Python in UTF-8: put bill_cassette in by hand" in out


def test_where_a_bill_fixture_is_used_none_is_needed(turn):
    body = "def test_one(bill_dev_session):\n    pass\n"
    assert turn(f"@pytest.mark.vcr\n{body}") == body


@pytest.mark.nightly
def test_a_cassette_that_tests_share_is_named(turn):
    code = (
        '@mark.default_cassette("both")\nclass TestBoth:\n    @mark.vcr\n'
        "    def test_a(self): pass\n\n"
        "    @mark.vcr\n    def test_b(self): pass\n"
    )
    assert turn(code, "test_a/both.yaml") == (
        '@mark.bill_cassette("tests/test_a/both")\nclass TestBoth:\n'
        '    @mark.bill_cassette("tests/test_a/both")\n    def test_a(self): pass\n\n'
        '    @mark.bill_cassette("tests/test_a/both")\n    def test_b(self): pass\n'
    )


def test_cassettes_that_a_marker_adds_are_joined(suites, turn):
    turn('@mark.vcr("more.yaml")\n' + TEST, "test_a/test_one.yaml", "test_a/more.yaml")
    written = suites.files()["cassettes/tests/test_a/test_one.yaml"].decode()
    assert written.count("- request:") == 2


@pytest.mark.nightly
def test_one_cassette_that_stays_keeps_its_marker(suites, turn):
    suites.write("tests/cassettes/test_a/test_two.yaml", "broken: [")
    two = "def test_two():\n    pass\n"
    code = f"pytestmark = pytest.mark.vcr\n\n\n{TEST}\n\n{two}"
    assert turn(code) == code
    single = f"@mark.vcr\n{TEST}\n\n@mark.vcr\n{two}"
    assert turn(single) == f"@mark.bill_cassette\n{TEST}\n\n@mark.vcr\n{two}"


@pytest.mark.nightly
def test_settings_of_a_marker_that_cannot_be_turned_are_told(suites, turn):
    turn(
        f"@mark.vcr(filter_headers=['X'], record_mode='once', match_on=ON)\n{TEST}",
        head=f"{HEAD}ON = []\n",
    )
    suites.write(
        "tests/test_a.py", f"{HEAD}ON = []\n@mark.vcr(filter_headers=['X'], match_on=ON)\n{TEST}"
    )
    status, out, _ = suites.migrate()
    assert status == 1
    left = out.partition("Left to do by hand:")[2]
    assert 'tests/test_a.py:7: filter_headers: put ["X"] into bill_config["filter_headers"]' in left
    assert "tests/test_a.py:7: match_on: it is no plain list: write it by hand" in left


BLOCKS = (
    '    with vcr.use_cassette("a.yaml") as cassette:\n        assert cassette.all_played\n',
    '    with vcr.use_cassette("a.yaml"), open("b") as b:\n        b.read()\n',
    '    with vcr.use_cassette("a.yaml"): pass\n',
    '    with vcr.use_cassette("a.yaml"):\n        a = """\n        b"""\n',
    '    with vcr.use_cassette("a.yaml"):\n        a = 1\n'
    '    with vcr.use_cassette("a.yaml"):\n        a = 2\n',
)


@pytest.mark.nightly
def test_blocks_that_cannot_be_taken_out_are_told(suites):
    suites.write("pytest.ini", "")
    for number, body in enumerate(BLOCKS):
        code = body.replace("a.yaml", f"{number}.yaml")
        suites.write(f"tests/test_{number}.py", f"{HEAD}def test_one():\n{code}")
        suites.cassette(f"{number}.yaml", "/v3/vendors")
    before = suites.files()
    status, out, _ = suites.migrate("--apply")
    assert status == 1
    said = "use_cassette: cannot be taken out safely: take it out by hand, mark test_one with"
    assert {f"tests/test_{number}.py" for number in range(len(BLOCKS))} == {
        line.split(":")[0].strip() for line in out.splitlines() if said in line
    }
    after = suites.files()
    assert {name: after[name] for name in before} == before


@pytest.mark.nightly
def test_a_use_in_a_fixture_is_told(suites):
    suites.write("pytest.ini", "")
    fixture = '@pytest.fixture\ndef taped():\n    with vcr.use_cassette("a.yaml"):\n        yield\n'
    suites.write("tests/test_a.py", f"{HEAD}{fixture}\n\ndef test_one(taped):\n    pass\n")
    status, out, _ = suites.migrate()
    assert status == 1
    assert "tests/test_a.py:8: use_cassette: taped is no test: mark the tests that need it" in out


@pytest.mark.nightly
def test_a_file_outside_the_suite_is_not_changed(suites, tmp_path, monkeypatch):
    base = f"{HEAD}class Base:\n    @pytest.mark.vcr\n    def test_one(self):\n        pass\n"
    (tmp_path / "shared_base.py").write_text(base)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    suites.write("pytest.ini", "")
    suites.write(
        "tests/test_a.py", "from shared_base import Base\n\n\nclass TestA(Base):\n    pass\n"
    )
    suites.cassette("tests/cassettes/test_a/TestA.test_one.yaml", "/v3/vendors")
    status, out, _ = suites.migrate("--apply")
    assert status == 1
    assert "shared_base.py: vcr: it is not in the rootdir, and is not changed: do it by" in out
    assert (tmp_path / "shared_base.py").read_text() == base


@pytest.mark.nightly
def test_options_of_a_recorder_in_the_ini_file_are_told(suites):
    ini = "[pytest]\naddopts = -q --record-mode=none --block-network\n# --disable-vcr\n"
    suites.write("pytest.ini", ini)
    suites.write("tests/test_a.py", f"{HEAD}@pytest.mark.vcr\n{TEST}")
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    status, out, _ = suites.migrate()
    assert status == 1
    assert "pytest.ini:2: --record-mode=none: it is another recorder's option" in out
    assert "pytest.ini:2: --block-network: it is" in out
    assert "--disable-vcr:" not in out


@pytest.mark.nightly
def test_a_path_that_cannot_be_read_is_told(suites):
    suites.write("pytest.ini", "")
    code = "def test_one():\n    with vcr.use_cassette(str(1)):\n        pass\n"
    suites.write("tests/test_a.py", HEAD + code)
    status, out, _ = suites.migrate("--apply")
    assert status == 1
    assert "tests/test_a.py:7: use_cassette: its path cannot be read: put the cassette" in out
    assert suites.files()["tests/test_a.py"].decode() == HEAD + code


def test_a_use_in_a_conftest_is_told(suites):
    suites.write("pytest.ini", "")
    fixture = "@pytest.fixture\ndef taped():\n    with vcr.use_cassette('a'):\n        yield\n"
    suites.write("conftest.py", HEAD + fixture)
    suites.write("tests/test_a.py", "def test_one(taped):\n    pass\n")
    status, out, _ = suites.migrate()
    assert status == 1
    assert "conftest.py:8: use_cassette: taped is no test" in out
