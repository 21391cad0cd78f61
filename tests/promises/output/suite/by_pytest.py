"""What pytest.raises, fail, skip and their like say."""

import re
import warnings

import pytest


def test_match(secret):
    with pytest.raises(ValueError, match="another"):
        raise ValueError(secret)


def test_match_of_the_secret(secret):
    with pytest.raises(ValueError, match=re.escape(secret)):
        raise ValueError("another")


def test_nothing_raised(secret):
    with pytest.raises(KeyError, match=re.escape(secret)):
        pass


def test_group_raised(secret):
    with pytest.RaisesGroup(pytest.RaisesExc(ValueError, match="x")):
        raise ExceptionGroup(secret, [ValueError(secret)])


def test_no_such_warning(secret):
    with pytest.warns(UserWarning, match=re.escape(secret)):
        warnings.warn(f"not {secret}!", FutureWarning, stacklevel=1)


def test_failed(secret):
    pytest.fail(secret)


def test_failed_without_a_trace(secret):
    pytest.fail(f"it is {secret}", pytrace=False)


def test_skipped(secret):
    pytest.skip(f"since {secret}")


def test_expected_failure(secret):
    pytest.xfail(f"since {secret}")


def test_expected_by_a_mark(secret, request):
    request.applymarker(pytest.mark.xfail(reason=f"for {secret}", strict=False))
    assert secret == 1


def test_expected_and_passed(secret, request):
    request.applymarker(pytest.mark.xfail(reason=f"for {secret}", strict=True))


def test_missing_module(secret):
    pytest.importorskip("not_there_at_all", reason=f"no {secret}")
