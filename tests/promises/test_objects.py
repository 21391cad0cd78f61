"""No public object tells a secret, whatever it is asked for."""

import copy
import dataclasses
import gc
import json
import pickle
from functools import partial

import pytest

import pytest_bill
from pytest_bill import BillError, exceptions
from pytest_bill.credentials.env_file import EnvFile, Variables, read_env_file
from pytest_bill.credentials.environ import BillEnviron
from pytest_bill.credentials.kinds import KINDS, known_secrets, load_credential
from pytest_bill.hiding.text import TextHider
from pytest_bill.interaction import Interaction
from pytest_bill.sandbox import LocalSandbox
from pytest_bill.scan.body_values import assignments, values_of_body
from pytest_bill.scan.fix import Fixer
from pytest_bill.scan.rules import by_field
from pytest_bill.scan.scanner import Scanner
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.stand_ins import StandIns, derived_key
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.session import (
    BillConsoleSession,
    BillPartnerSession,
    BillSession,
    BillSpendClient,
)
from pytest_bill.sessions.transport import sign_in_network


@pytest.fixture(scope="module")
def sandbox():
    with LocalSandbox(rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def objects(sandbox, recorder, tmp_path):
    """Everything that a test, a traceback or a debugger may get hold of, all signed in."""
    (tmp_path / ".env").write_text(
        "\n".join(f"{name}='{value}'" for name, value in sandbox.variables.items())
    )
    env_file = read_env_file(tmp_path / ".env")
    variables = Variables(dict(sandbox.variables), env_file)
    from pytest_bill.environments import at_origin

    it = recorder(
        at_origin(sandbox.origin, "local"), SecretRegistry(known_secrets(variables)), live=True
    )
    found = [it, it.registry, variables, env_file, env_file.values, variables.environ]
    for kind in KINDS:
        access = Access(
            kind,
            load=lambda kind=kind: load_credential(kind, variables),
            recorder=it,
            network=sign_in_network(it),
            sign_in_use=lambda: None,
        )
        console = partial(BillConsoleSession, access_to=lambda _, access=access: access)
        for session_class in (BillSession, BillSpendClient, BillPartnerSession, console):
            session = session_class(access, it)
            response = session.get("/v3/vendors")
            headers = session.credential_headers()
            found += [session, response, response.request, headers, dict(vars(session))]
            found += [BillError(400, (), "GET", "/x", response), session.adapters]
        found += [access, access._real, access._real.credential, access._real.credential.values]
    environ = BillEnviron(it.environment, variables, lambda: True, lambda: True)
    assert environ["password"] == sandbox.variables["BILL_PASSWORD"]
    found += [it, environ]
    return found


def secrets_of(sandbox, objects):
    secrets = dict(sandbox.variables)
    for each in objects:
        if isinstance(each, Access):
            secrets |= {
                f"{each.kind.key} {name}": str.__str__(value)
                for name, value in each.real_headers().items()
            }
    return secrets


def described(each):
    """All that can be asked of an object without asking for the secret itself."""
    yield repr(each)
    yield f"{each!r:>10}"
    yield repr([each]) + repr({"a": each}) + repr((each,))
    if not isinstance(each, dict):
        yield str(each)
        yield f"{each}"
        yield f"{each:}"
    if hasattr(each, "__dict__"):
        yield repr(vars(each))
        yield repr(each.__dict__)
    if dataclasses.is_dataclass(each):
        try:
            yield repr(dataclasses.asdict(each))
        except TypeError:
            yield "refused"
    for export in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
        if isinstance(each, dict) or "Mapping" in type(each).__name__:
            break
        try:
            exported = export(each)
        except Exception as error:
            yield f"{error} {error!r}"
            continue
        yield exported.decode("latin-1") if isinstance(exported, bytes) else repr(exported)


def test_no_object_tells(sandbox, objects):
    secrets = secrets_of(sandbox, objects)
    assert len(secrets) > 20
    told = []
    for each in objects:
        for text in described(each):
            told += [(type(each).__name__, n) for n, value in secrets.items() if value in text]
    assert sorted(set(told)) == []


@pytest.mark.parametrize("export", [pickle.dumps, copy.copy, copy.deepcopy])
def test_what_holds_a_secret_refuses_to_be_copied(objects, export):
    refused = set()
    for each in objects:
        if isinstance(each, BillSession | Access | SecretRegistry | EnvFile | Variables):
            with pytest.raises(TypeError, match="holds secrets"):
                export(each)
            refused.add(type(each).__name__)
    assert len(refused) == 8


SECRET = "of-this-module-alone-0123"


@pytest.fixture
def at_work(recorder, use, tmp_path):
    """Recording, showing, scanning and fixing, in the middle of it, with a secret in every place.

    Gives what keeps their objects alive.
    """
    registry = SecretRegistry([("PLACEHOLDER_X", SECRET)])
    key = derived_key(SECRET)
    choice = StandInChoice.from_config(True)
    it = recorder(registry=registry, stand_ins=StandIns(key), stand_in_choice=choice)
    url = f"https://gateway.stage.bill.com/connect/v3/{SECRET}?q={SECRET}"
    body = json.dumps({"a": SECRET, "sessionId": SECRET, "email": "ada@love.org"}).encode()
    headers = {"X-Own": SECRET, SECRET: "1"}
    answer_headers = {"X-Own": [SECRET], SECRET: [SECRET]}
    interaction = Interaction("POST", url, headers, body, 200, SECRET, answer_headers, body)
    with it.using(use()) as opened:
        it.serve(interaction, lambda: interaction)
    hider = TextHider(registry)
    hider(f"a {SECRET}...")
    raw = json.dumps(
        {
            "version": 1,
            "interactions": [
                {
                    "request": {"method": "GET", "uri": url, "body": body.decode(), "headers": {}},
                    "response": {"status": {"code": 200, "message": "OK"}, "headers": {}}
                    | {"body": {"string": body.decode()}},
                }
            ],
        }
    )
    scanned = Scanner().scan(raw.encode())
    assert scanned.hits
    fixer = Fixer(SecretRegistry(), key)
    fixer.learn(tmp_path / "a.json", raw.encode(), scanned.hits)
    values = [*values_of_body(raw, "application/json", by_field), *assignments(f"devKey={SECRET}")]
    return opened, hider, scanned, fixer, values


def telling(*kept) -> set[str]:
    """The types of the package whose objects show the secret now, wherever they are."""
    objects = [*gc.get_objects(), *kept]
    ours = [each for each in objects if str(type(each).__module__).startswith("pytest_bill.")]
    assert len({type(each) for each in ours}) > 30
    return {type(each).__qualname__ for each in ours if SECRET in repr(each)}


def test_no_repr_of_any_object_of_the_package_shows_a_secret(at_work):
    *_, values = at_work
    assert telling(*values) - {"_Form"} == set()


def test_no_repr_of_a_form_that_is_searched_for_shows_a_secret(at_work):
    assert "_Form" not in telling()


def test_every_public_name_is_looked_at():
    names = set(pytest_bill.__all__)
    # An error of pytest-bill is the text that it was made with.
    messages = {name for name in names if hasattr(exceptions, name)} - {"BillError"}
    assert names - messages == {
        "BillEnviron",
        "BillError",
        "BillConsoleSession",
        "BillPartnerSession",
        "BillSecrets",
        "BillSession",
        "BillSpendClient",
        "BillWebhook",
        "Notification",
        "__version__",
        "verify_signature",
    }


@pytest.mark.parametrize("value", ["a-token-that-went-astray", "TOKEN0123", "correct-horse"])
def test_a_secret_in_the_wrong_variable_is_not_shown(pytester, monkeypatch, value):
    from pytest_bill.exceptions import SettingsError
    from pytest_bill.settings import load_settings

    for name in ("BILL_ENVIRONMENT", "BILL_SYNC_SIGN_IN"):
        with pytest.raises(
            SettingsError, match=rf"{name} \(the environment\) is something else"
        ) as refused:
            load_settings(pytester.parseconfig(), {name: value})
        assert value.lower() not in str(refused.value).lower()
