"""Options, ini settings, the environment and `.env` become one object."""

from datetime import timedelta

import pytest

from pytest_bill.credentials.environ import token_url
from pytest_bill.credentials.kinds import BY_WORD, SYNC_TOKEN
from pytest_bill.environments import PRODUCTION, SANDBOX
from pytest_bill.exceptions import SettingsError
from pytest_bill.max_age import MaxAge, Stale
from pytest_bill.record_modes import RecordMode
from pytest_bill.settings import Settings, load_settings
from tests.helpers.settings_of_run import settings_in


@pytest.fixture
def load(pytester):
    """Load the settings of a run with these options, this environment, ini and `.env`."""

    def load(*options: str, environ=None, ini: str = "", env_file: str | None = None) -> Settings:
        if ini:
            pytester.makeini(f"[pytest]\n{ini}")
        if env_file is not None:
            (pytester.path / ".env").write_text(env_file)
        return load_settings(pytester.parseconfig(*options), environ or {})

    return load


def test_the_defaults(load, pytester):
    settings = load()
    assert (settings.record_mode, settings.live) == ("none", False)
    assert not settings.record_mode_is_final
    assert settings.environment_name == "sandbox"
    assert settings.remote_environment() == SANDBOX
    assert settings.cassette_dir == pytester.path / "cassettes"
    assert settings.variables.env_file.path == pytester.path / ".env"
    assert {word: settings.way_of(kind) for word, kind in BY_WORD.items()} == {
        "developer": "v3",
        "sync": "v3",
        "console": "v2",
        "spend": "token",
    }


SOURCES = {
    "record_mode": [("none", None), ("all", "ini"), ("once", "option")],
    "environment_name": [
        ("sandbox", None),
        ("production", "ini"),
        ("local", "env_file"),
        ("sandbox", "environ"),
        ("local", "option"),
    ],
    "sync_sign_in": [
        ("v3", None),
        ("v2", "ini"),
        ("v3", "env_file"),
        ("v2", "environ"),
        ("v3", "option"),
    ],
}
OPTION = {"record_mode": "bill-record-mode", "environment_name": "bill-environment"}


@pytest.mark.parametrize(
    ("name", "upto"),
    [(name, n) for name, order in SOURCES.items() for n in range(1, len(order) + 1)],
)
def test_the_strongest_source_wins(load, name, upto):
    sources = {source: value for value, source in SOURCES[name][:upto] if source}
    option = OPTION.get(name, "bill-sync-sign-in")
    short = option.removeprefix("bill-").replace("-", "_")
    settings = load(
        "--bill-allow-production",
        *([f"--{option}={sources['option']}"] if "option" in sources else []),
        ini=f"bill_{short} = {sources['ini']}" if "ini" in sources else "",
        env_file=f"BILL_{short.upper()}={sources['env_file']}" if "env_file" in sources else None,
        environ={f"BILL_{short.upper()}": sources["environ"]} if "environ" in sources else None,
    )
    value = settings.way_of(SYNC_TOKEN) if name == "sync_sign_in" else getattr(settings, name)
    assert value == SOURCES[name][upto - 1][0]


def ways(settings) -> dict[str, str]:
    return {word: settings.way_of(kind) for word, kind in BY_WORD.items()}


def test_how_each_credential_signs_in_is_said_where_one_likes(load):
    settings = load(
        "--bill-sign-in=developer=oauth, Spend = OAuth",
        "--bill-sign-in=console=v3",
        ini="bill_sign_in =\n  sync=v2\n  developer=v3",
    )
    expected = {"developer": "oauth", "sync": "v2", "console": "v3", "spend": "oauth"}
    assert ways(settings) == expected


def test_of_each_credential_the_strongest_source_counts(load):
    ini = "bill_sign_in = developer=oauth,spend=oauth,console=v3"
    file = "BILL_SIGN_IN=spend=token,sync=v2"
    assert ways(load(ini=ini, env_file=file)) == {
        "developer": "oauth",
        "sync": "v2",
        "console": "v3",
        "spend": "token",
    }
    above = {"BILL_SIGN_IN": "console=v2"}
    assert ways(load(ini=ini, env_file=file, environ=above))["console"] == "v2"
    assert ways(load("--bill-sign-in=developer=v3", ini=ini, env_file=file))["developer"] == "v3"
    assert ways(load("--bill-sign-in=sync=v3", environ={"BILL_SYNC_SIGN_IN": "v2"}))["sync"] == "v3"
    assert ways(load("--bill-sync-sign-in=v2", ini="bill_sign_in = sync=v3"))["sync"] == "v2"


@pytest.mark.parametrize(
    ("options", "keywords", "message"),
    [
        (["--bill-sign-in=develper=oauth"], {}, "--bill-sign-in names 'develper' that it does not"),
        (["--bill-sign-in=developer=saml"], {}, "--bill-sign-in names a way for developer that"),
        (["--bill-sign-in=developer"], {}, "names a way for developer that it does not know"),
        (["--bill-sign-in=oauth"], {}, "takes, with commas: developer=v3, developer=oauth, sync"),
        (["--bill-sign-in=sync=oauth"], {}, "sync=v3, sync=v2, console=v2, console=v3, spend=tok"),
        (["--bill-sign-in=console=oauth"], {}, "a way for console that it does not know"),
        (["--bill-sign-in=partner=oauth"], {}, "names 'partner' that it does not know"),
        ([], {"ini": "bill_sign_in = spend=v3"}, "bill_sign_in names a way for spend that"),
        (
            [],
            {"environ": {"BILL_SIGN_IN": "my-own-secret-value"}},
            "BILL_SIGN_IN (the environment) names something that it does not know",
        ),
        (
            ["--bill-sign-in=spend=oauth", "--bill-sign-in=spend=token"],
            {},
            "--bill-sign-in says spend=oauth and spend=token",
        ),
        (
            ["--bill-sync-sign-in=v2", "--bill-sign-in=sync=v3"],
            {},
            "--bill-sync-sign-in is v2 and --bill-sign-in says sync=v3.\nLeave --bill-sync-sign-in",
        ),
        (
            [],
            {"environ": {"BILL_SYNC_SIGN_IN": "v2"}, "env_file": "BILL_SIGN_IN=sync=v3"},
            "BILL_SYNC_SIGN_IN (the environment) is v2 and BILL_SIGN_IN (.env:1) says sync=v3",
        ),
    ],
)
def test_ways_that_do_not_exist_are_refused_with_those_that_do(load, options, keywords, message):
    with pytest.raises(SettingsError) as refused:
        load(*options, **keywords)
    assert message in str(refused.value)
    assert "my-own-secret-value" not in str(refused.value)


def test_the_two_words_may_say_the_same(load):
    settings = load("--bill-sync-sign-in=v2", "--bill-sign-in=sync=v2")
    assert settings.way_of(SYNC_TOKEN) == "v2"


def test_the_address_of_tokens_is_told_by_a_variable(load):
    told = {"environ": {"BILL_OAUTH_URL": "https://auth.bill.com/authx/token"}}
    production = load("--bill-environment=production", **told).remote_environment()
    assert token_url(production, may_send=True) == "https://auth.bill.com/authx/token"
    sandbox = load(**told).remote_environment()
    assert token_url(sandbox, may_send=False) == "https://auth.stage.bill.com/authx/token"
    with pytest.raises(
        SettingsError,
        match=r"BILL_OAUTH_URL \(the environment\) leads to BILL's production, and this",
    ):
        token_url(sandbox, may_send=True)


def test_a_mode_on_the_command_line_is_final_and_ends_live(load):
    settings = load("--bill-record-mode=none", ini="bill_live = true\n")
    assert settings.record_mode_is_final
    assert not settings.live
    assert load("--bill-live", ini="bill_record_mode = all").live


RECORDS_IN_CI = (
    r"only a record mode that is typed records there\.\nTo record, type --bill-record-mode=once"
)


@pytest.mark.parametrize("value", ["true", "1", "yes"])
def test_in_ci_a_file_does_not_record(load, value):
    with pytest.raises(
        SettingsError, match=f"bill_record_mode=once is in tox.ini, and CI.*{RECORDS_IN_CI}"
    ):
        load(ini="bill_record_mode = once\n", environ={"CI": value})


@pytest.mark.parametrize("value", ["", "0", "false", "False", " "])
def test_where_ci_is_not_set_a_file_records(load, value):
    assert load(ini="bill_record_mode = once\n", environ={"CI": value}).record_mode == "once"


def test_in_ci_what_is_typed_records(load):
    ci = {"CI": "true"}
    assert load("--bill-record-mode=once", environ=ci).record_mode == "once"
    assert load("--bill-record-mode", "all", environ=ci).record_mode == "all"
    assert load("--bill-live", environ=ci).live
    assert load("--bill-record-mode=none", ini="bill_record_mode = once\n", environ=ci)
    assert load(ini="bill_record_mode = none\n", environ=ci)


@pytest.mark.parametrize("where", ["addopts", "PYTEST_ADDOPTS"])
def test_in_ci_what_is_added_to_the_options_is_not_typed(load, monkeypatch, where):
    def add(option: str) -> str:
        if where == "addopts":
            return f"addopts = {option}\n"
        monkeypatch.setenv(where, option)
        return "\n"

    with pytest.raises(
        SettingsError, match=f"--bill-record-mode=once is in addopts or.*{RECORDS_IN_CI}"
    ):
        load(ini=add("--bill-record-mode=once"), environ={"CI": "true"})
    with pytest.raises(SettingsError, match=r"--bill-live is in addopts or .*\nType --bill-live"):
        load(ini=add("--bill-live"), environ={"CI": "true"})


def test_in_ci_a_file_does_not_go_live(load):
    with pytest.raises(
        SettingsError, match=r"bill_live is in tox.ini, and CI .*\nType --bill-live"
    ):
        load(ini="bill_live = true\n", environ={"CI": "true"})


def test_in_ci_no_fixture_and_no_marker_records(tmp_path):
    settings = settings_in(tmp_path, in_ci=True)
    with pytest.raises(SettingsError, match=f"^The bill_config fixture has .*{RECORDS_IN_CI}"):
        settings.mode_of(RecordMode.ONCE)
    with pytest.raises(SettingsError, match=f"^here has record_mode 'once'.*{RECORDS_IN_CI}"):
        settings.mode_of(RecordMode.ONCE, "here")
    assert settings.mode_of(RecordMode.NONE) == "none"
    typed = settings_in(tmp_path, in_ci=True, record_mode_is_final=True)
    assert typed.mode_of(RecordMode.ONCE) == "none"


def test_another_address(load):
    settings = load(env_file="BILL_BASE_URL=http://127.0.0.1:1/")
    assert settings.remote_environment().gateway == "http://127.0.0.1:1/connect"
    settings = load("--bill-environment=sandbox", env_file="BILL_BASE_URL=http://127.0.0.1:1/")
    assert settings.remote_environment() == SANDBOX


def test_local_cassettes_replay_with_bills_own_addresses(load):
    assert load("--bill-environment=local").remote_environment() == SANDBOX


def test_folders_and_files_lie_below_the_rootdir(load, pytester):
    (pytester.path / "secrets.env").write_text("BILL_DEV_KEY=x")
    settings = load("--bill-cassette-dir=a/b", "--bill-env-file=secrets.env")
    assert settings.cassette_dir == pytester.path / "a/b"
    assert settings.variables.get("BILL_DEV_KEY") == "x"


@pytest.mark.parametrize(
    ("options", "keywords", "message"),
    [
        (["--bill-live", "--bill-record-mode=once"], {}, "Give one of the two"),
        ([], {"environ": {"BILL_ENVIRONMENT": "staging"}}, "sandbox, production, local"),
        ([], {"environ": {"BILL_SYNC_SIGN_IN": "v4"}}, "v3, v2"),
        (["--bill-env-file=absent.env"], {}, "no such file"),
        (["--bill-live"], {"environ": {"BILL_BASE_URL": "nowhere"}}, "BILL_BASE_URL"),
    ],
)
def test_what_cannot_be_used_is_explained(load, options, keywords, message):
    with pytest.raises(SettingsError, match=message):
        load(*options, **keywords)


@pytest.mark.parametrize(
    "keywords",
    [
        {"environ": {"BILL_ENVIRONMENT": "production"}},
        {"environ": {"BILL_BASE_URL": "https://gateway.prod.bill.com"}},
        {"environ": {"BILL_BASE_URL": "https://API.bill.com/"}},
    ],
)
@pytest.mark.parametrize("option", ["--bill-live", "--bill-record-mode=new_episodes"])
def test_production_is_asked_with_leave_only(load, keywords, option):
    with pytest.raises(SettingsError, match="--bill-allow-production"):
        load(option, **keywords)
    assert load(option, "--bill-allow-production", **keywords)


def test_production_may_be_replayed(load):
    settings = load(environ={"BILL_ENVIRONMENT": "production"})
    assert settings.remote_environment() == PRODUCTION


def test_the_local_sandbox_is_started_to_record_only(tmp_path):
    local = settings_in(tmp_path, environment_name="local")
    assert not local.wants_sandbox(RecordMode.NONE)
    assert local.wants_sandbox(RecordMode.ONCE)
    assert settings_in(tmp_path, environment_name="local", live=True).wants_sandbox(RecordMode.NONE)
    assert not settings_in(
        tmp_path, environment_name="local", base_url="http://[::1]"
    ).wants_sandbox(RecordMode.ALL)


def test_a_verifying_run_replays_whatever_a_file_says(load):
    settings = load("--bill-verify", ini="bill_record_mode = all\nbill_live = true")
    assert (settings.record_mode, settings.record_mode_is_final) == ("none", True)
    assert (settings.live, settings.verify, settings.verify_unsafe) == (False, True, False)
    assert settings.mode_of(RecordMode.ALL) is RecordMode.NONE
    assert load("--bill-verify", "--bill-record-mode=none").verify


def test_a_verifying_run_starts_the_local_sandbox(load):
    settings = load("--bill-verify", "--bill-environment=local")
    assert settings.wants_sandbox(settings.record_mode)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--bill-verify", "--bill-live"], "--bill-live does not"),
        (["--bill-verify", "--bill-record-mode=once"], "--bill-record-mode=once does not"),
        (["--bill-verify-unsafe"], "Give it with --bill-verify"),
        (["--bill-verify", "--bill-environment=production"], "--bill-verify would send requests"),
    ],
)
def test_what_a_verifying_run_cannot_be(load, options, message):
    with pytest.raises(SettingsError, match=message):
        load(*options)


def test_unsafe_requests_are_asked_again_only_where_that_is_typed(load):
    typed = ["--bill-verify", "--bill-verify-unsafe"]
    assert load(*typed).verify_unsafe
    with pytest.raises(SettingsError, match="counts where it is typed"):
        load("--bill-verify", ini="addopts = --bill-verify-unsafe")


def test_pruning_counts_where_it_is_typed(load):
    assert load("--bill-prune").record_mode is RecordMode.NONE
    with pytest.raises(SettingsError, match="--bill-prune is in addopts"):
        load(ini="addopts = --bill-prune")


@pytest.mark.parametrize(
    ("options", "ini", "doing"),
    [
        (("--bill-record-mode=all",), "", "has record mode all"),
        ((), "bill_record_mode = once", "has record mode once"),
        (("--bill-live",), "", "goes live"),
    ],
)
def test_what_may_be_sent_is_not_pruned(load, options, ini, doing):
    with pytest.raises(SettingsError, match=f"this run {doing}"):
        load("--bill-prune", *options, ini=ini)


# --- how old a recording may be ------------------------------------------------------------------


def test_by_default_a_recording_may_have_any_age(load):
    assert load().max_age is None
    assert load(ini="bill_stale = fail").max_age is None


def test_an_age_comes_from_the_command_line_or_the_ini_file(load):
    assert load(ini="bill_max_age = 2w").max_age == MaxAge(timedelta(weeks=2), "2w")
    settings = load("--bill-max-age=90d", ini="bill_max_age = 2w\nbill_stale = fail")
    assert settings.max_age == MaxAge(timedelta(days=90), "90d", Stale.FAIL)


@pytest.mark.parametrize(
    ("options", "ini", "words"),
    [
        (["--bill-max-age=soon"], "", "bill_max_age is 'soon', which is no age"),
        (["--bill-stale=fail"], "", "Give it an age, too: --bill-max-age=90d"),
        (
            ["--bill-max-age=1d", "--bill-stale=record", "--bill-record-mode=none"],
            "",
            "Give one of the two",
        ),
    ],
)
def test_what_makes_no_age_is_refused(load, options, ini, words):
    with pytest.raises(SettingsError, match=words):
        load(*options, ini=ini)


INI = "bill_max_age = 90d\nbill_stale = record"


@pytest.mark.parametrize(
    ("options", "environ", "may_record", "refuses"),
    [
        ([], {}, True, False),
        ([], {"CI": "1"}, False, True),
        (["--bill-stale=record"], {"CI": "1"}, True, False),
        (["--bill-record-mode=once"], {"CI": "1"}, True, False),
        (["--bill-record-mode=none"], {}, False, False),
        (["--bill-record-mode=none"], {"CI": "1"}, False, False),
    ],
)
def test_whether_a_run_may_record_what_is_too_old(load, options, environ, may_record, refuses):
    settings = load(*options, environ=environ, ini=INI)
    assert settings.max_age.records == settings.renews == may_record
    assert bool(settings.max_age.why_not) == refuses


def test_what_would_be_recorded_anew_is_not_asked_of_production(load):
    with pytest.raises(SettingsError, match="--bill-allow-production"):
        load("--bill-environment=production", ini=INI)


def test_what_would_be_recorded_anew_wants_the_local_sandbox(load):
    settings = load("--bill-environment=local", ini=INI)
    assert settings.wants_sandbox(settings.record_mode)


BROKEN = "BILL_PASSWORD=a\nBILL_PASSWORD=b\n"


def test_a_replay_does_not_fail_by_a_file_that_it_does_not_need(load):
    settings = load(env_file=BROKEN)
    assert "sets BILL_PASSWORD to another value" in settings.variables.env_file.problem
    with pytest.raises(SettingsError, match="another value"):
        settings.mode_of(RecordMode.ONCE)


@pytest.mark.parametrize(
    "option", ["--bill-record-mode=once", "--bill-live", "--bill-verify", "--bill-record-mode=all"]
)
def test_what_may_send_needs_its_values(load, option):
    with pytest.raises(SettingsError, match="another value"):
        load(option, env_file=BROKEN)
