"""pytest's side: options, markers, hooks and fixtures, each handed on to the module that does it.

pytest imports this module in every run: nothing heavy (no vcrpy, no requests) is imported at once.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from threading import get_ident
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill import as_written as as_written  # first: the others are imported as it says
from pytest_bill import options
from pytest_bill.run import collection, first_checks
from pytest_bill.run.production_guard import ProductionGuard
from pytest_bill.run.screen import check_files, write_scan
from pytest_bill.run.screen import pytest_report_header as pytest_report_header
from pytest_bill.run.screen import pytest_terminal_summary as pytest_terminal_summary
from pytest_bill.run.state import (
    RunState,
    begin_attempt,
    has_state,
    keep,
    shared_folder,
    state_of,
    state_of_test,
)

if TYPE_CHECKING:
    from pytest_bill.credentials.environ import BillEnviron
    from pytest_bill.run.run import Run
    from pytest_bill.sandbox import BillSandbox
    from pytest_bill.scrubbing.team_secrets import BillSecrets
    from pytest_bill.sessions.session import (
        BillConsoleSession,
        BillPartnerSession,
        BillSession,
        BillSpendClient,
    )
    from pytest_bill.webhooks import BillWebhook


# --- the run begins --------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options and the ini settings; refuse a pytest that cannot load this plugin."""
    options.refuse_old_pytest(pytest.version_tuple)
    options.add_options(parser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: list[str]
) -> Generator[None, Any, Any]:
    """Guard production before any conftest is imported; be no child of who started this run."""
    proof = None
    if "PYTEST_BILL_PROOF" in os.environ:
        from pytest_bill.proof.second_run import second_run

        proof = second_run()
        early_config.pluginmanager.register(proof, "bill-second-run")
    hosts_allowed_above = None
    if "PYTEST_BILL_PARENT" in os.environ:
        from pytest_bill.processes import child

        hosts_allowed_above = child.stop_asking()
    state = _begin(early_config, args)
    state.proof = proof
    state.hosts_allowed_above = hosts_allowed_above
    if options.has_variables(early_config):
        from pytest_bill.run.hiding import known_registry, protect

        protect(early_config, known_registry(early_config))
    try:
        loaded = yield
    except Exception as error:
        # A conftest that cannot be imported: pytest shows that when all was taken back.
        if state.protection is not None:
            state.protection.hide_in_error(error)
        raise
    first_checks.refuse_unknown_options(early_config, args)
    return loaded


def _begin(config: pytest.Config, args: Sequence[object]) -> RunState:
    """Guard production from now on."""
    first_checks.check_ini(config)
    guard = ProductionGuard(config)
    state = RunState(guard)
    keep(config, state)
    guard.start()
    is_typed = any(str(each).startswith("--bill-") for each in args)
    state.is_set = is_typed or options.is_any_set(config)
    if state.is_set or options.has_variables(config):
        guard.watch_clients()
    return state


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and refuse settings that cannot be used."""
    if not has_state(config):  # a conftest brought this plugin
        _begin(config, config.invocation_params.args)
    first_checks.check(config)
    check_files(config)
    state = state_of(config)
    config.pluginmanager.register(_of_each_test(state), "bill-fixtures")
    if "bill_channel" in getattr(config, "workerinput", {}):
        from pytest_bill.run import remote_worker

        state.controller = remote_worker.begin(config)
    if options.is_on(config, "bill_block_network") or state.hosts_allowed_above is not None:
        from pytest_bill.run.network import blocked_network

        state.network = blocked_network(config, state)
    config.addinivalue_line("markers", options.MARKER)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Hide the credentials that this process has from the start: test modules may show them."""
    config = session.config
    state_of(config).session = session
    if not options.has_variables(config):
        return
    from pytest_bill.run.hiding import known_registry, protect

    # A conftest may have set them.
    state_of(config).production.watch_clients()
    protect(config, known_registry(config)).start()


# --- which tests use BILL --------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Give each test that uses BILL its cassette, set up before anything else of it."""
    collection.give_cassette(item)
    state_of(item.config).collected.add(item)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Remember which modules were looked into; say in words why one could not be."""
    state = state_of(collector.config)
    state.production.bills_hosts.clear()
    report = yield
    state.collected.add_place(collector, report)
    if report.failed or state.production.bills_hosts:
        from pytest_bill.run import plain_failures

        state.notices += plain_failures.look_at_collected(report, collector, state.production)
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse two tests whose automatic cassettes a disk that ignores case would mix up."""
    collection.refuse_one_file_for_two(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Give processes word that fixtures start before the first test that uses BILL."""
    config, state = session.config, state_of(session.config)
    if config.option.collectonly or state.early is not None or state.run is not None:
        return
    uses_bill = any(map(collection.has_cassette, session.items))
    if not uses_bill and state.network is None:
        return
    from pytest_bill.no_collections import no_collections

    with no_collections():
        if uses_bill:
            from pytest_bill.run.endings import look_at_reports
            from pytest_bill.run.progress import show_progress

            look_at_reports(config)
            show_progress(config, state)
            state.production.watch_clients()
        from pytest_bill.processes.early import Early

        state.early = Early(shared_folder(config), state.production.why_not(), state.network)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Block the network where that is wanted; pytest-xdist's controller runs no tests."""
    network = state_of(session.config).network
    if network is None or session.config.pluginmanager.hasplugin("dsession"):
        return (yield)
    from pytest_bill.run.network import blocked

    with blocked(network):
        return (yield)


# --- tests and fixtures ----------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember which test runs, and forget what an earlier attempt at it left."""
    state = state_of(item.config)
    state.item = item
    state.thread = get_ident()
    if state.run is not None:
        from pytest_bill.run.endings import leave

        leave(item, is_last=False)
    begin_attempt(item)
    if state.run is not None:
        state.run.threads.begin(state.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Give a fixture wider than one test a cassette of its own."""
    if fixturedef.scope == "function" or fixturedef.func.__module__ == __name__:
        return (yield)
    from pytest_bill.run.cassette_lifetimes import cassette_of_fixture

    with cassette_of_fixture(fixturedef, request):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Close what the test opened late; its threads work for nobody from then on."""
    try:
        return (yield)
    finally:
        run = state_of(item.config).run
        if run is not None:
            from pytest_bill.run.cassette_lifetimes import close_late

            try:
                close_late(item, run)
            finally:
                run.threads.end()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Know what is reported of a subtest: that is while its test runs."""
    attempt = state_of_test(item)
    attempt.is_called = True
    try:
        return (yield)
    finally:
        attempt.is_called = False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the plugin's errors plainly, and fail tests that hid a miss."""
    report = yield
    if call.excinfo is not None and collection.may_be_of_bill(call.excinfo.value):
        from pytest_bill.run import plain_failures

        plain_failures.show(report, call.excinfo, item)
    if state_of(item.config).run is not None:
        from pytest_bill.run.endings import note_report

        note_report(item, report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Leave out what a test recorded that did not end well: nobody tries it again."""
    try:
        return (yield)
    finally:
        state = state_of(item.config)
        if state.run is not None or state.collected.of_bill:
            from pytest_bill.run.endings import leave

            leave(item, is_last=True)


# --- the run ends ----------------------------------------------------------------------------


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what a worker did to the controller, or judge all that was done."""
    config, state = session.config, state_of(session.config)
    if config.getoption("bill_verify"):
        from pytest_bill.run.verification import verify

        verify(session)
    if state.run is not None:
        state.run.wait_for_threads()
    if hasattr(config, "workeroutput"):
        if state.run is not None or state.collected.of_bill:
            from pytest_bill.run.workers import hand_over

            hand_over(config.workeroutput, config, state)
        return
    if state.proof is not None:
        return  # it tells the first run how each test ended
    if state.run is not None or state.workers is not None:
        from pytest_bill.proof.of_session import end_recordings

        end_recordings(session)
    has_file = config.getoption("bill_report") is not None or state.timeline is not None
    if has_file or state.has_anything:
        from pytest_bill.run.end import end_run

        end_run(session, state)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started and remove its private files."""
    if not has_state(config):
        return
    state = state_of(config)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if options.is_on(config, "bill_fail_on_secrets") and reporter is not None:
        write_scan(reporter, state)  # where pytest writes no summary
    for started in (state.run, state.early, state.workers, state.controller):
        if started is not None:
            started.close()
    state.production.stop()


# --- pytest-xdist ----------------------------------------------------------------------------


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give all workers one private folder and, where asked for, one local sandbox."""
    state = state_of(node.config)
    if state.workers is None:
        from pytest_bill.run.workers import Workers

        state.workers = Workers(node.config)
        state.workers.begin()
    state.workers.give(node)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add up what the workers did."""
    workers = state_of(node.config).workers
    if workers is not None:
        workers.take(node)


# --- fixtures --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def bill_config() -> dict[str, Any]:
    """Override it to adjust what no option covers: a dict, such as ``{"keep": [429, "timeout"]}``.
    For all tests, or in a folder, a module, a class; each test has the one that it sees.

    A wider fixture has that which stands where it is defined; secrets count for the whole run.
    Keys: ``match_on`` (parts to compare, or functions of two requests), ``record_mode``, ``keep``
    (what is recorded though it says "come again"), ``stand_ins`` (for bank and personal data: True,
    False, or a dict of kinds and these), ``environ`` (variables that ``bill_environ`` sets),
    ``secrets`` (values of your own to hide: a dict by name, or a list), ``unchanged`` (what is no
    change where it is recorded anew). Where further secrets stand is named in vcrpy's words:
    ``filter_headers``, ``filter_query_parameters`` and ``filter_post_data_parameters`` (or
    ``scrub_headers``, ``scrub_fields``), lists of names or of pairs of a name and None: a
    placeholder takes their place.
    """
    return {}


def _of_each_test(state: RunState) -> ModuleType:
    """The fixtures that each test has that uses BILL, which ask for no other, not for ``request``.

    To make one takes pytest longer than all that they do; and it keeps which tests asked for one.
    """

    @pytest.fixture(scope="session")
    def _bill_run() -> Run:
        from pytest_bill.fakes import without_fakes
        from pytest_bill.no_collections import no_collections

        # Who asks may have a file system of its own by now.
        with without_fakes(), no_collections():
            from pytest_bill.installed import check_installed
            from pytest_bill.run.of_session import run_of
        check_installed()
        return run_of(state.session)

    @pytest.fixture
    def _bill_cassette() -> Iterator[None]:
        """The cassette of the test that runs, for its sessions and for any other HTTP client."""
        from pytest_bill.run.cassette_lifetimes import cassette_of

        assert state.item is not None
        assert state.run is not None  # its fixture comes first
        with cassette_of(state.item, state.run):
            yield

    plugin = ModuleType(f"{__name__}.of_each_test")
    vars(plugin).update(_bill_run=_bill_run, _bill_cassette=_bill_cassette)
    return plugin


def _signed_in(run: Run, kind: str, session_class: str) -> Iterator[Any]:
    from pytest_bill.fakes import without_fakes
    from pytest_bill.no_collections import no_collections

    with without_fakes(), no_collections():
        from pytest_bill.run.accesses import signed_in
    yield from signed_in(run, kind, session_class)


@pytest.fixture(scope="session")
def bill_dev_session(_bill_run: Run) -> Iterator[BillSession]:
    """A ``requests.Session`` signed in with the developer key (AP, AR, BILL network, webhooks):
    ``bill_dev_session.get("/v3/vendors", params={"max": 2}).json()["results"]`` is a list."""
    yield from _signed_in(_bill_run, "DEVELOPER_KEY", "BillSession")


@pytest.fixture(scope="session")
def bill_sync_session(_bill_run: Run) -> Iterator[BillSession]:
    """A ``requests.Session`` signed in with the AP/AR sync token (no payments, no MFA operations):
    ``bill_sync_session.call("GET", "/v3/bills")`` is the JSON, or a BillError is raised."""
    yield from _signed_in(_bill_run, "SYNC_TOKEN", "BillSession")


@pytest.fixture(scope="session")
def bill_console_session(_bill_run: Run) -> Iterator[BillConsoleSession]:
    """A ``requests.Session`` signed in with the Accountant Console API token (by v2, for v3, too):
    ``list(bill_console_session.paginate("/v3/vendors"))``; others by ``for_organization(id)``."""
    yield from _signed_in(_bill_run, "CONSOLE_API_TOKEN", "BillConsoleSession")


@pytest.fixture(scope="session")
def bill_spend_client(_bill_run: Run) -> Iterator[BillSpendClient]:
    """A ``requests.Session`` with the Spend & Expense API token, which needs no sign-in:
    ``bill_spend_client.call("GET", "/v3/spend/budgets")["results"]`` is a list."""
    yield from _signed_in(_bill_run, "SPEND_API_TOKEN", "BillSpendClient")


@pytest.fixture(scope="session")
def bill_partner_session(_bill_run: Run) -> Iterator[BillPartnerSession]:
    """A ``requests.Session`` signed in with the partner app key; for users of an organization:
    ``bill_partner_session.for_organization(its_id).call("GET", "/v3/partner/users")``."""
    yield from _signed_in(_bill_run, "PARTNER_APP_KEY", "BillPartnerSession")


@pytest.fixture(scope="session")
def bill_oauth_session(_bill_run: Run) -> Iterator[BillSession]:
    """A ``requests.Session`` with an OAuth access token, for AP, AR and Spend & Expense (not for
    webhooks): ``bill_oauth_session.call("GET", "/v3/bills")`` is the JSON."""
    yield from _signed_in(_bill_run, "OAUTH_CLIENT", "BillSession")


@pytest.fixture(scope="session")
def bill_environ(_bill_run: Run) -> Iterator[BillEnviron]:
    """Addresses and credentials for code that reaches BILL by itself, texts by their names:
    ``bill_environ["v3_url"]``, ``bill_environ["dev_key"]``.

    Real values where something may be sent, placeholders during replay. The names in
    ``bill_config["environ"]`` are set as environment variables: ``{"ACME_BILL_URL": "v3_url"}``.
    """
    with _bill_run.variables_set.wanted() as environ:
        yield environ


@pytest.fixture(scope="session")
def bill_secrets(_bill_run: Run) -> BillSecrets:
    """Hides secrets that become known late: ``bill_secrets.add(value, "VAULT_TOKEN")``."""
    return _bill_run.secrets


@pytest.fixture
def bill_webhook() -> BillWebhook:
    """Builds and sends signed webhook notifications for the code that receives them:
    ``bill_webhook.event("bill.updated", {"id": "00n01"})`` has ``headers`` and ``body`` (bytes)."""
    from pytest_bill.webhooks import BillWebhook

    return BillWebhook()


@pytest.fixture(scope="session")
def bill_sandbox(_bill_run: Run) -> Iterator[BillSandbox]:
    """The local sandbox that answers with ``--bill-environment=local``, else a new one; steer it:
    ``bill_sandbox.fail("listVendors", status=503)``."""
    from pytest_bill.run.sandbox import lasting

    yield from lasting(_bill_run)
