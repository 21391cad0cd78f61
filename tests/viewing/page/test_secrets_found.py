"""What a scan finds is known where files are shown."""

from __future__ import annotations

from pytest_bill.cassettes import store
from pytest_bill.viewing.page.secrets_found import SecretsFound
from tests.helpers.recorded import recorded

TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def found_in(tmp_path, *interactions, **metadata) -> SecretsFound:
    path = tmp_path / "a.yaml"
    store.save(path, store.Recording(list(interactions), metadata), lambda _: None)
    found = SecretsFound()
    found.scan("a.yaml", path.read_bytes())
    return found


def test_a_secret_is_hidden_in_any_text(tmp_path):
    clean = recorded("GET", "/v3/vendors", {})
    found = found_in(tmp_path, clean, recorded("GET", "/v3/vendors", {"note": TOKEN}))
    assert [value for _, value in found.known] == [TOKEN]
    assert found.hide(f"of {TOKEN}") == f"of {found.known[0][0]}"
    assert found.is_in("a.yaml", 2)
    assert not found.is_in("a.yaml", 1)
    assert not found.is_in("b.yaml", 2)


def test_a_short_one_is_hidden_where_it_stands_alone(tmp_path):
    found = found_in(tmp_path, recorded("GET", "/v3/vendors", {"accountNumber": "8812345"}))
    assert list(found.whole_values("a.yaml")) == ["8812345"]
    assert found.whole_values("b.yaml") == {}


def test_what_is_made_up_is_shown(tmp_path):
    about = {"stand_ins": {"kinds": ["bank"]}}
    answer = recorded("GET", "/v3/vendors", {"accountNumber": "8812345"})
    assert found_in(tmp_path, answer, pytest_bill=about).known == []
