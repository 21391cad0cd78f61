"""No secret is shown, written or sent, nor a placeholder in its place."""

from __future__ import annotations

import re

import pytest

from pytest_bill.sandbox import LocalSandbox
from tests.plugin.suites import ONE, RECORD, SUITE, counts, tree

SECRETS = {
    "BILL_USERNAME": "ada.lovelace@example.com",
    "BILL_PASSWORD": "Correct-Horse/Battery+Staple",
    "BILL_ORGANIZATION_ID": "00801ABCDEFGHIJKLMNO",
    "BILL_DEV_KEY": "01DEVELOPERKEY0123456789",
}


@pytest.mark.parametrize(
    "trouble",
    [
        "raise ValueError('boom ' + headers['sessionId'] + headers['devKey'])",
        "assert headers == {}",
        "assert str(headers['sessionId']) == 'x'",
        "print(*headers.values()); raise ValueError",
        "import logging; logging.error('%s', list(map(str, headers.values()))); raise ValueError",
        "bill_sandbox.fail('listVendors', delay_seconds=1); "
        "bill_dev_session.get('/v3/vendors', timeout=0.1)",
        "bill_dev_session.post('/v3/vendors', json=headers).raise_for_status()",
        "bill_sandbox.fail('v2GetSessionInfo', delay_seconds=1); "
        "bill_dev_session.post('/v2/GetSessionInfo.json', timeout=0.1)",
        "bill_dev_session.call('POST', '/v2/Crud/Read/Vendor.json', data={'data': str(headers)})",
    ],
)
@pytest.mark.sampled(3)
def test_no_secret_shows_when_a_test_fails(pytester, run, trouble, tmp_path_factory):
    pytester.makepyfile(
        test_bill=f"""
        def test_one(bill_dev_session, bill_sandbox):
            assert bill_dev_session.get("/v3/vendors").ok
            headers = bill_dev_session.credential_headers()
            with open({str(pytester.path / "secrets.txt")!r}, "w") as file:
                print(*headers.values(), *bill_sandbox.variables.values(), sep="\\n", file=file)
            {trouble}
        """
    )
    result = run(*RECORD, "--showlocals", "-vv", "--full-trace", "--junit-xml=junit.xml")
    result.assert_outcomes(failed=1)
    secrets = (pytester.path / "secrets.txt").read_text().split()
    assert len(secrets) == 20
    shown = result.stdout.str() + result.stderr.str() + (pytester.path / "junit.xml").read_text()
    assert [secret for secret in secrets if secret in shown] == []


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest has subtests since 9.0")
def test_no_secret_shows_when_a_subtest_fails(pytester, run):
    pytester.makepyfile(
        test_bill=f"""
        def test_one(bill_dev_session, subtests):
            key = str(bill_dev_session.credential_headers()["devKey"])
            with open({str(pytester.path / "key.txt")!r}, "w") as file:
                file.write(key)
            with subtests.test(msg=key, key=key):
                print(key)
                assert 0
        """
    )
    result = run(*RECORD, "-vv")
    assert result.ret == 1
    assert (pytester.path / "key.txt").read_text() not in result.stdout.str()


def test_no_secret_shows_when_a_sign_in_cannot_be_sent(pytester, run, unused_port):
    lines = [f"{name}={value}" for name, value in SECRETS.items()]
    lines.append(f"BILL_BASE_URL=http://127.0.0.1:{unused_port}")
    (pytester.path / ".env").write_text("\n".join(lines))
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-record-mode=once", "--showlocals", "-vv", "--full-trace")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the sign-in did not reach http://127.0.0.1:*"])
    shown = result.stdout.str()
    assert [name for name, value in SECRETS.items() if value in shown] == []


def test_no_secret_of_the_recording_is_on_disk(pytester, run):
    with LocalSandbox() as sandbox:
        environ = sandbox.variables | {"BILL_BASE_URL": sandbox.origin}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            pytester.makepyfile(test_bill=SUITE)
            assert counts(pytester, run, "--bill-record-mode=all")["recorded"] > 10
    files = tree(pytester.path)
    assert len([name for name in files if name.startswith("cassettes/")]) == 10
    for secret in sandbox.variables.values():
        assert [name for name, text in files.items() if secret.encode() in text] == []
    for name, text in files.items():
        if name.startswith("cassettes/"):
            found = re.findall(rb"sessionId\W+(?:- )?(\w+)", text)
            assert all(value.startswith(b"PLACEHOLDER_") for value in found), name


def test_a_placeholder_is_never_sent(pytester, run):
    pytester.makepyfile(
        test_bill="""
        import httpx

        kept = {}

        def test_one(bill_dev_session):
            kept.update(sessionId="PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID")
            httpx.get(bill_dev_session.base_url + "/v3/vendors", headers=kept)
        """
    )
    result = run(*RECORD)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*was not sent: its header*holds PLACEHOLDER_*"])
