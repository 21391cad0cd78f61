"""Multi-factor authentication in v2."""

import pytest

CODE = "123456"


def challenge(v2):
    return v2("MFAChallenge", {"useBackup": False})["challengeId"]


def authenticate(v2, **data):
    given = {"challengeId": challenge(v2), "token": CODE, "deviceId": "ci-1", **data}
    return v2("MFAAuthenticate", given)


def test_a_session_is_trusted_once_its_challenge_is_answered(sandbox, v2):
    sandbox.require_mfa()
    vendor = v2.create("Vendor", name="Happy")
    inviting = {"vendorId": vendor["id"], "email": "v@example.com"}
    assert v2.refused("SendVendorInvite", inviting)[0] == "BDC_1361"
    answer = authenticate(v2, machineName="CI", token="123-456", rememberMe=False)
    assert answer["machineName"] == "CI"
    assert v2("SendVendorInvite", inviting).startswith("nrr")
    status = {"mfaId": answer["mfaId"], "deviceId": "ci-1"}
    assert v2("MFAStatus", status) == {"isTrusted": False}


def test_a_remembered_device_is_trusted_for_30_days(v2, v2_sign_in, pass_days):
    status = {"mfaId": authenticate(v2, rememberMe=True)["mfaId"], "deviceId": "ci-1"}
    assert v2("MFAStatus", status) == {"isTrusted": True}
    assert v2("MFAStatus", {**status, "deviceId": "ci-2"}) == {"isTrusted": False}
    pass_days(29)
    assert v2_sign_in()("MFAStatus", status) == {"isTrusted": True}
    pass_days(1)
    assert v2_sign_in()("MFAStatus", status) == {"isTrusted": False}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"token": "000000"}, "BDC_1119"),
        ({"challengeId": "none"}, "BDC_1119"),
        ({"deviceId": "x" * 49}, "BDC_1143"),
        ({"deviceId": None}, "BDC_1117"),
    ],
)
def test_a_wrong_answer_is_refused(v2, wrong, code):
    given = {"challengeId": challenge(v2), "token": CODE, "deviceId": "ci-1", **wrong}
    assert v2.refused("MFAAuthenticate", given)[0] == code


def test_there_is_no_second_phone(v2):
    assert v2.refused("MFAChallenge", {"useBackup": True})[0] == "BDC_1119"


def test_a_sync_token_has_no_mfa(v2_sync):
    for path in ("MFAChallenge", "MFAAuthenticate", "MFAStatus"):
        assert v2_sync.refused(path, {})[0] == "BDC_1361"
