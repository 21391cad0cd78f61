"""Which names read as those of secrets, and which values are secrets there."""

import pytest

from pytest_bill.scrubbing.public_words import WORDS
from pytest_bill.scrubbing.secret_names import (
    Reads,
    is_dense,
    is_secret,
    placeholder_of,
    reading_of,
)

NOUNS = {
    "session id": Reads.TOKEN,
    "access token": Reads.TOKEN,
    "client secret": Reads.TOKEN,
    "api key": Reads.TOKEN,
    "private key": Reads.TOKEN,
    "signature": Reads.TOKEN,
    "user credentials": Reads.TOKEN,
    "authorization": Reads.TOKEN,
    "new password": Reads.PASSWORD,
    "pass phrase": Reads.NOTHING,
    "passphrase": Reads.PASSWORD,
    "key": Reads.PERHAPS,
    "vault key": Reads.PERHAPS,
}
SPELLINGS = {
    "snake": "_".join,
    "kebab": "-".join,
    "dotted": ".".join,
    "SHOUTED": lambda words: "_".join(words).upper(),
    "Train": lambda words: "-".join(map(str.title, words)),
    "camel": lambda words: words[0] + "".join(map(str.title, words[1:])),
    "Pascal": lambda words: "".join(map(str.title, words)),
    "with x": lambda words: "x-" + "-".join(words),
    "with a number": lambda words: "_".join(words) + "2",
    "private": lambda words: "__" + "_".join(words),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("noun", NOUNS)
def test_a_name_reads_alike_in_any_spelling(noun, spelling):
    assert reading_of(SPELLINGS[spelling](noun.split())) is NOUNS[noun]


@pytest.mark.parametrize("name", ["JSESSIONID", "PHPSESSID", "sessionID", "apikey", "accesstoken"])
def test_words_that_are_run_together_are_told_apart(name):
    assert reading_of(name) is Reads.TOKEN


@pytest.mark.parametrize(
    "name",
    [
        *("nextPage", "nextPageToken", "page_token", "continuation-token", "max_tokens"),
        *("idempotencyKey", "X-Idempotent-Key", "sortKey", "primary_key", "publicKey", "keyId"),
        *("tokenType", "token_type", "sessionTimeout", "session_name", "tokenExpiresAt"),
        *("passwordExpired", "passwordPolicy", "signatureMethod", "credentialType"),
        *("isTokenized", "keywords", "monkey", "author", "designation", "authorized", "expires_in"),
    ],
)
def test_innocent_names(name):
    assert reading_of(name) is Reads.NOTHING


def test_of_the_names_of_bills_api_only_those_of_secrets_read_so():
    """Each was looked at by hand; all others of some 1,200 names and paths are innocent."""
    named = {word for word in WORDS.split() if reading_of(word) is not Reads.NOTHING}
    assert named == NAMES_OF_BILL


NAMES_OF_BILL = {
    *("access_token", "refresh_token", "client_secret", "appkey", "devkey", "sessionid"),
    *("password", "proxy-authorization", "x-amz-credential", "x-amz-security-token"),
    *("x-amz-signature", "x-goog-credential", "x-goog-signature"),
    *("/charge-authorization", "/pan-jwt", "/security_key", "/v3/login/session"),
}


@pytest.mark.parametrize(
    "value",
    [
        *("Kq7ZpX2mWd", "handed-out-0123", "SIDsess0001", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        *(
            "841234567890",
            "abcdefghijklmnop",
            "GhTbqZrPkLmWxYvC",
            "SIDQXQHHOHGDY",
            "ab+cd/ef1234==",
        ),
    ],
)
def test_values_that_a_machine_made(value):
    assert is_secret(Reads.TOKEN, value)


INNOCENT = [
    *("", "true", "false", "null", "undefined", "Bearer", "EXPIRED", "vendors", "SESSION_INVALID"),
    *("3600", "1767225600", "1767225600000", "12.50000000", "2026-11-29", "2026-11-29T10:00:00Z"),
    *("{session_id}", "<your-token>", "${API_TOKEN}", "{{ token }}", "********", "xxxxxxxxxxxx"),
    *("[FILTERED]", "your-api-key", "PLACEHOLDER_BILL_TOKEN", "RSA-SHA256", "HMAC-SHA1"),
    *("https://a.example/b", "ada@example.com", "a token of theirs", "127.0.0.1:8080"),
    *("PartnerAccountCredential", "api_token_of_partner", "short-1"),
]


@pytest.mark.parametrize("value", INNOCENT)
def test_values_that_are_no_secrets(value):
    assert not is_secret(Reads.TOKEN, value)


@pytest.mark.parametrize("value", ["sunshine", "Summer2026!", "correct horse battery staple"])
def test_passwords_are_what_a_person_chose(value):
    assert is_secret(Reads.PASSWORD, value)


@pytest.mark.parametrize("value", ["Must be at least 8 characters", "REQUIRED", "true", "short"])
def test_what_is_said_of_passwords_is_none(value):
    assert not is_secret(Reads.PASSWORD, value)


@pytest.mark.parametrize(
    ("value", "dense"),
    [
        ("Kq7ZpX2mWd9sLr4vTb8n", True),
        ("9f86d081884c7d659a2feaa0c55ad015", True),
        ("00501ABCDEFGHIJKLMNO", False),  # an id of BILL's
        ("0f8fad5b-d9cb-469f-a165-70867728950e", False),
        ("uploads/2026/11/invoice", False),
        ("VendorBankAccountNumber", False),
    ],
)
def test_what_is_dense_by_itself(value, dense):
    assert is_dense(value) is dense
    assert is_secret(Reads.PERHAPS, value) is dense


def test_a_name_of_bills_in_another_spelling_has_bills_placeholder():
    assert placeholder_of("SESSION-ID") == placeholder_of("session_id") == "BILL_SESSION_ID"
    assert placeholder_of("csrfToken") == placeholder_of("CSRF-TOKEN") == "CSRF_TOKEN"
