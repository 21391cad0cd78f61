"""Fixtures that fail."""

import pytest


def test_unknown_fixture(secret, request):
    request.getfixturevalue(secret)


@pytest.fixture
def failing_setup(secret):
    raise ValueError(f"setup {secret}")


@pytest.fixture
def failing_teardown(secret):
    yield
    raise ValueError(f"teardown {secret}")


@pytest.fixture
def failing_finalizer(secret, request):
    request.addfinalizer(lambda: int(secret + "x"))


@pytest.fixture
def skipping_setup(secret):
    pytest.skip(f"setup {secret}")


def test_fixture_that_fails(failing_setup):
    pass


def test_fixture_that_fails_late(failing_teardown):
    pass


def test_finalizer_that_fails(failing_finalizer):
    pass


def test_fixture_that_skips(skipping_setup):
    pass


def test_failure_and_late_failure(failing_teardown, secret):
    assert secret == ""
