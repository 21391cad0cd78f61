"""``--bill-verify``: what a run played is asked again at its end, and compared.

At the end, not after each test: until then the run is a replay like any other, with no credential
in it and no time lost in tests; an id that one answer hands out is known wherever it is asked for;
and what many tests play is asked once. Of several workers, one asks at a time: BILL limits how many
requests of an organization may run at once.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pytest_bill.counted import counted
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.run import Run
from pytest_bill.run.state import RunState, shared_folder, state_of

_NOT_ENDED = (
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.INTERNAL_ERROR,
    pytest.ExitCode.USAGE_ERROR,
)
_LOCK = "verify.lock"


def verify(session: pytest.Session) -> None:
    """Ask again what this process played, and keep what came out for the summary."""
    config, state = session.config, state_of(session.config)
    if config.option.collectonly:
        return
    if session.exitstatus in _NOT_ENDED:
        _fail(state, "the run was interrupted, so nothing was asked again")
        return
    if state.workers is not None:
        # They have asked by themselves.
        if not state.workers.totals.counts.get("verified"):
            _fail_for_nothing(state, state.workers.totals.counts)
        return
    run = state.run
    if run is None or not run.recorder.played:
        state.verified = {"verified": 0, "drifted": 0}
        if not hasattr(config, "workeroutput"):
            _fail_for_nothing(state, {})
        return
    state.item = None  # no test asks what follows
    folder = shared_folder(config)
    if folder is None:
        _say_that_it_asks(config)
        if state.progress is not None:
            state.progress.open()
        _ask_again(run, state)
        if state.progress is not None:
            state.progress.close()
        return
    from pytest_bill.private_folder import locked

    with locked(folder, _LOCK):
        _ask_again(run, state)


def _say_that_it_asks(config: pytest.Config) -> None:
    """Tests are done, and nothing else is shown meanwhile."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and config.get_verbosity() >= 0:
        reporter.ensure_newline()
        reporter.write_line("bill: asking BILL again what was played ...")


def _fail(state: RunState, why: str) -> None:
    state.notices.append(Notice(NoticeKind.UNVERIFIED, "--bill-verify", why))


def _fail_for_nothing(state: RunState, counts: Mapping[str, int]) -> None:
    if not counts.get("replayed"):
        _fail(state, "no recorded answer was played, so there was nothing to ask again")


def _ask_again(run: Run, state: RunState) -> None:
    from pytest_bill.drift.verify import Verification, values_by_placeholder
    from pytest_bill.fakes import without_fakes
    from pytest_bill.sessions.asking_again import AskingAgain

    recorder = run.recorder
    with without_fakes():
        verified = Verification(
            run.environment,
            values_by_placeholder(recorder.registry.known()),
            AskingAgain(recorder, run.access),
            may_change=run.settings.verify_unsafe,
        ).verify(recorder.played or ())
    hide = recorder.registry.hide

    def tell(kind: NoticeKind, found: Mapping[tuple[str, str], int], counted: str) -> None:
        for (owner, what), count in sorted(found.items()):
            times = f" ({count} {counted})" if count > 1 else ""
            text = hide(" ".join(what.split()))
            state.notices.append(Notice(kind, hide(owner), f"{text}{times}"))

    tell(NoticeKind.DRIFT, verified.drift, "answers")
    tell(NoticeKind.UNVERIFIED, verified.failed, "recorded answers")
    tell(NoticeKind.NOT_COMPARED, verified.not_compared, "answers")
    if verified.sign_ins:
        told = f"{verified.sign_ins} recorded: the run signs in by itself"
        state.notices.append(Notice(NoticeKind.NOT_COMPARED, "sign-ins", told))
    if verified.unsafe:
        count = verified.unsafe.total()
        names = ", ".join(sorted(verified.unsafe))
        told = f"{counted(count, 'unsafe request')}: {names}"
        asked = Notice(
            NoticeKind.NOT_COMPARED,
            "not asked again",
            f"{hide(told)}. --bill-verify-unsafe asks them, too",
        )
        state.notices.append(asked)
    state.verified = {"verified": verified.compared, "drifted": verified.drifted}
