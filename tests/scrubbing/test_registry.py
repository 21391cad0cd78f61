"""All secrets of a run: one placeholder for each, found and hidden in texts and bodies."""

import base64
import html
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.scrubbing.registry import PlacesOnly, SecretRegistry
from pytest_bill.scrubbing.search.search import Search
from pytest_bill.secret import SecretStr

SECRET = "correct-horse/battery"
PLACEHOLDER = "PLACEHOLDER_BILL_PASSWORD"


@pytest.fixture
def registry() -> SecretRegistry:
    return SecretRegistry([(PLACEHOLDER, SECRET)])


# --- names ------------------------------------------------------------------------------------


def test_one_placeholder_per_secret_and_one_secret_per_placeholder():
    registry = SecretRegistry()
    first = registry.add("secret-number-1", "PLACEHOLDER_X")
    second = registry.add("secret-number-2", "PLACEHOLDER_X")
    assert (first, second) == ("PLACEHOLDER_X", "PLACEHOLDER_X_2")
    assert registry.add("secret-number-1", "PLACEHOLDER_Y") == "PLACEHOLDER_X"
    assert registry.hide("secret-number-2 secret-number-1") == "PLACEHOLDER_X_2 PLACEHOLDER_X"
    assert registry.known() == {
        "secret-number-1": "PLACEHOLDER_X",
        "secret-number-2": "PLACEHOLDER_X_2",
    }


def test_a_number_that_is_somebodys_own_name_is_not_given_twice():
    registry = SecretRegistry()
    wanted = ["PLACEHOLDER_X_2", "PLACEHOLDER_X", "PLACEHOLDER_X", "PLACEHOLDER_X_2"]
    given = [registry.add(f"secret-number-{n}", name) for n, name in enumerate(wanted)]
    assert len(set(given)) == 4
    assert given[:3] == ["PLACEHOLDER_X_2", "PLACEHOLDER_X", "PLACEHOLDER_X_3"]


def test_the_naming_of_the_run_is_asked_once_for_each_value():
    asked = []

    def naming(value: str, wanted: str) -> str:
        asked.append((value, wanted))
        return f"{wanted}_OF_ALL"

    registry = SecretRegistry([("PLACEHOLDER_A", SECRET)], naming)
    assert registry.add(SECRET, "PLACEHOLDER_B") == "PLACEHOLDER_A_OF_ALL"
    assert asked == [(SECRET, "PLACEHOLDER_A")]
    assert registry.hide(f"a {SECRET}") == "a PLACEHOLDER_A_OF_ALL"


@pytest.mark.parametrize("value", ["", "PLACEHOLDER_BILL_DEV_KEY", "PLACEHOLDER_X_2"])
def test_nothing_and_a_placeholder_are_no_secrets(value):
    registry = SecretRegistry()
    assert registry.add(value, "PLACEHOLDER_OTHER") == value
    assert not registry
    assert registry.known() == {}


def test_many_threads_name_and_hide_at_once():
    registry = SecretRegistry()

    def work(number: int) -> tuple[str, str]:
        secret = f"secret-number-{number % 40:02}"
        placeholder = registry.add(secret, "PLACEHOLDER_X")
        # Whatever others add meanwhile, this one is known from now on.
        return placeholder, registry.hide(f"a {secret} b")

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(work, range(400)))
    assert [hidden for _, hidden in done] == [f"a {placeholder} b" for placeholder, _ in done]
    assert len({placeholder for placeholder, _ in done}) == len(registry.known()) == 40


def test_what_is_logged_while_the_search_is_made_ready_is_hidden_too(monkeypatch, registry):
    hidden = []
    begin = Search.__init__

    def begin_and_log(self, placeholder_of):
        if not hidden:
            hidden.append("")
            hidden.append(registry.hide(f"a {SECRET} b"))
        begin(self, placeholder_of)

    monkeypatch.setattr(Search, "__init__", begin_and_log)
    in_time = ThreadPoolExecutor(1)
    assert in_time.submit(registry.hide, SECRET).result(timeout=30) == PLACEHOLDER
    assert hidden[1] == f"a {PLACEHOLDER} b"


# --- hiding -----------------------------------------------------------------------------------


def test_texts_and_bodies(registry):
    assert registry.hide(f"a {SECRET} \u20ac") == f"a {PLACEHOLDER} \u20ac"
    assert registry.hide_in(b"\xff" + SECRET.encode()) == b"\xff" + PLACEHOLDER.encode()
    assert registry.find(f"a {SECRET}") == registry.find(SECRET.encode()) == PLACEHOLDER
    assert registry.hide("half a pair: \ud83d") == "half a pair: \ud83d"
    for text in ("", "nothing"):
        assert registry.hide(text) is text
        assert registry.find(text) is None


@pytest.mark.parametrize("value", ["x", "1234567"])
def test_short_values_are_known_and_left_where_they_are(value):
    registry = SecretRegistry([(PLACEHOLDER, value)])
    assert registry
    assert registry.known() == {value: PLACEHOLDER}
    assert registry.add(value, "PLACEHOLDER_OTHER") == PLACEHOLDER
    assert registry.hide(f"a {value}") == f"a {value}"
    assert registry.find(f"a {value}") is None
    assert registry.hide_in(value.encode()) == value.encode()


def test_a_value_of_eight_is_hidden_everywhere():
    registry = SecretRegistry([(PLACEHOLDER, "12345678")])
    assert registry.hide("a12345678b") == f"a{PLACEHOLDER}b"


def test_without_secrets_nothing_is_looked_for(monkeypatch):
    monkeypatch.setattr(Search, "__init__", None)  # nobody makes one
    registry = SecretRegistry()
    assert not registry
    assert registry.hide("any \\u0041") == "any \\u0041"
    assert registry.hide_in(b"\xff") == b"\xff"
    assert registry.find(b"any") is None


def test_a_secret_that_prints_masked_is_hidden_like_any_other():
    registry = SecretRegistry([(PLACEHOLDER, SecretStr(SECRET))])
    assert registry.hide(f"a {SECRET}") == f"a {PLACEHOLDER}"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1234567890"], True),
        (["-12.5e+10"], True),
        (["a234567890", "1234567890"], True),
        (["1234567"], False),  # by place only
        (["01DEVKEY0123"], False),
        ([], False),
    ],
)
def test_whether_a_number_in_json_may_be_a_secret(values, expected):
    registry = SecretRegistry()
    for value in values:
        registry.add(value, "PLACEHOLDER_X")
    assert registry.has_numbers is expected


# --- what is remembered -----------------------------------------------------------------------


@pytest.fixture
def replaced(monkeypatch):
    """The texts that were really searched."""
    texts = []
    replace = Search.replace

    def counted(self, data):
        texts.append(data.decode())
        return replace(self, data)

    monkeypatch.setattr(Search, "replace", counted)
    return texts


def test_the_same_header_is_searched_once(registry, replaced):
    for _ in range(3):
        assert registry.hide(f"Bearer {SECRET}") == f"Bearer {PLACEHOLDER}"
        assert registry.hide("gzip, deflate") == "gzip, deflate"
    assert replaced == [f"Bearer {SECRET}", "gzip, deflate"]


def test_a_new_secret_is_hidden_in_what_was_seen_before(registry, replaced):
    assert registry.hide("session-0123456789") == "session-0123456789"
    registry.add("session-0123456789", "PLACEHOLDER_S")
    assert registry.hide("session-0123456789") == "PLACEHOLDER_S"
    registry.add("short", "PLACEHOLDER_SHORT")  # by place only: no search changes
    assert registry.hide("session-0123456789") == "PLACEHOLDER_S"
    assert replaced == ["session-0123456789"] * 2


def test_what_is_remembered_is_bounded(registry, replaced):
    long = "x" * 513
    for _ in range(2):
        registry.hide(long)
    assert replaced == [long] * 2
    for number in range(70_000):
        registry.hide(f"text number {number}")
    assert len(registry._seen) == 70_000 - 2**16


ENCODED = [str, quote, lambda text: base64.b64encode(text.encode()).decode(), html.escape]
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.text("\\&%=?+;#x Q-", max_size=6),  # what may reach over to the next text
        st.sampled_from([encode(SECRET) for encode in ENCODED]),
    ),
    max_size=8,
)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_texts_that_are_looked_at_in_one_go_are_hidden_all_the_same(texts):
    registry, other = (SecretRegistry([(PLACEHOLDER, SECRET)]) for _ in range(2))
    registry.look_at(texts)
    assert [registry.hide(text) for text in texts] == [other.hide(text) for text in texts]
    assert [registry.find(text) for text in texts] == [other.find(text) for text in texts]


def test_texts_that_are_looked_at_in_one_go_are_not_searched_again(registry, replaced):
    texts = ["gzip, deflate", "Tue, 24 Nov 2026 12:49:11 GMT", "7a3f-IAH"]
    registry.look_at(texts)
    for text in texts:
        assert registry.hide(text) == text
    assert replaced == []


# --- without telling --------------------------------------------------------------------------


def test_nothing_shows_a_secret(registry):
    assert repr(registry) == "<SecretRegistry of 1 secrets>"
    with pytest.raises(TypeError):
        vars(registry)


# --- by place only ----------------------------------------------------------------------------


def test_the_registry_behind_learns_and_what_it_knows_is_left_alone(registry):
    places = PlacesOnly(registry)
    assert places.add("session-0123456789", "PLACEHOLDER_S") == "PLACEHOLDER_S"
    assert registry.hide("session-0123456789") == "PLACEHOLDER_S"
    text = f"{SECRET} session-0123456789"
    assert places.hide(text) == text
    assert places.hide_in(text.encode()) == text.encode()
    assert places.find(text) is None


# --- placeholders -----------------------------------------------------------------------------


# --- what everyone can see -------------------------------------------------------------------

PUBLIC = ["/v3/vendors", "gateway.stage.bill.com", "Organizations", "ACCOUNTTYPE", "content-type"]


@pytest.mark.parametrize("value", PUBLIC)
def test_what_everyone_can_see_is_replaced_by_place_only(value):
    registry = SecretRegistry([(PLACEHOLDER, value)])
    assert registry.hide(f"in {value} and {value.lower()}") == f"in {value} and {value.lower()}"
    assert registry.find(value) is None
    assert registry.public() == [PLACEHOLDER]
    assert registry.add(value, "PLACEHOLDER_OTHER") == PLACEHOLDER


@pytest.mark.parametrize("known_first", [True, False])
def test_a_text_can_become_public_before_and_after_the_secret_is_known(known_first):
    registry = SecretRegistry([(PLACEHOLDER, "Ada.Lovelace")] if known_first else ())
    assert registry.hide("Ada.Lovelace") == (PLACEHOLDER if known_first else "Ada.Lovelace")
    registry.make_public("/home/ada.lovelace/suite/cassettes")
    registry.add("Ada.Lovelace", PLACEHOLDER)
    assert registry.hide("Ada.Lovelace") == "Ada.Lovelace"
    assert registry.known_by_value() == {}
    registry.add("another-secret", "PLACEHOLDER_X")
    assert registry.hide("another-secret") == "PLACEHOLDER_X"


def test_a_secret_with_a_public_word_in_it_is_found():
    registry = SecretRegistry([(PLACEHOLDER, "vendors-4711")])
    registry.make_public("/suite/test_vendors.py")
    assert registry.hide("/v3/vendors-4711") == f"/v3/{PLACEHOLDER}"
    assert registry.public() == []
