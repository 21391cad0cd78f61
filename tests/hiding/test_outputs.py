"""What stands between pytest and its outputs. test_protection.py has whole runs."""

from __future__ import annotations

import logging
import sys
import unittest

import pytest
from _pytest.assertion import rewrite

from pytest_bill.hiding.outputs import Outputs
from pytest_bill.hiding.streams import HidingStream

SECRET = "secret-0123456789"


def hide(text: str) -> str:
    return text.replace(SECRET, "***")


@pytest.fixture
def outputs(pytester):
    outputs = Outputs(pytester.parseconfigure(), hide)
    yield outputs
    outputs.stop()


def test_afterwards_everything_is_as_it_was(pytester, outputs):
    config = outputs._config
    writer = config.pluginmanager.get_plugin("terminalreporter")._tw

    def now() -> list[object]:
        places = [sys.stdout, sys.stderr, writer.write, config.cache.set]
        places += [logging.Handler.format, logging.Handler.handle, pytest.Item.add_report_section]
        places += [rewrite._call_reprcompare, unittest.TestCase.assertEqual]
        return [*places, vars(writer).get("write"), vars(config.cache).get("set")]

    before = now()
    outputs.begin()
    outputs.start()
    assert all(new != old for new, old in zip(now(), before, strict=True))
    assert isinstance(sys.stdout, HidingStream)
    outputs.stop()
    assert now() == before


def test_a_handler_in_memory_keeps_what_was_logged(outputs):
    """Or nobody could test that code logs no secret."""

    class Kept(logging.Handler):
        def __init__(self) -> None:
            super().__init__()
            self.records: list[logging.LogRecord] = []

        def emit(self, record: logging.LogRecord) -> None:
            self.records.append(record)

    outputs.start()
    handler, logger = Kept(), logging.getLogger("of-this-test")
    logger.addHandler(handler)
    logger.error("it is %s", SECRET)
    logger.removeHandler(handler)
    (record,) = handler.records
    assert record.getMessage() == f"it is {SECRET}"
    assert handler.format(record) == "it is ***"


def test_a_plugins_handler_gets_records_without_secrets(outputs, pytester):
    pytester.makepyfile(
        a_plugin="""
        import logging

        class Kept(logging.Handler):
            records = []

            def emit(self, record):
                self.records.append(dict(vars(record)))
        """
    )
    pytester.syspathinsert()
    plugin = __import__("a_plugin")
    outputs._config.pluginmanager.register(plugin, "a-plugin")
    outputs.start()
    logger = logging.getLogger("of-this-test")
    logger.addHandler(handler := plugin.Kept())
    logger.error("it is %s", SECRET, extra={"token": SECRET})
    logger.removeHandler(handler)
    assert SECRET not in repr(handler.records)
    assert "it is ***" in repr(handler.records)


def test_what_assert_logs_gives_is_what_was_logged(outputs):
    outputs.start()
    with unittest.TestCase().assertLogs("of-this-test") as caught:
        logging.getLogger("of-this-test").error("it is %s", SECRET)
    assert SECRET in caught.output[0]


def test_what_is_cached_is_hidden(outputs):
    outputs.start()
    outputs._config.cache.set("own/value", {"a": [SECRET]})
    assert outputs._config.cache.get("own/value", None) == {"a": ["***"]}
