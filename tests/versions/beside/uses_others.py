"""BILL's fixtures beside those of other plugins, in the same run and in the same test."""

import os
import urllib.request

import httpx
import pytest
import requests
import responses
from pytest_socket import SocketBlockedError

OTHER_URL = os.environ["OTHER_URL"]


@pytest.mark.vcr
def test_the_recorder_beside_ours():
    assert requests.get(f"{OTHER_URL}/answer", timeout=10).content == b"42"


def test_ours(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors", params={"max": 1}).ok


def test_responses(bill_dev_session):
    with responses.RequestsMock() as fakes:
        fakes.get("https://acme.example/rates", json={"rate": 7})
        fakes.add_passthru(bill_dev_session.base_url)
        assert requests.get("https://acme.example/rates", timeout=5).json() == {"rate": 7}
        assert bill_dev_session.get("/v3/vendors", params={"max": 2}).ok


@pytest.mark.httpx_mock(should_mock=lambda request: request.url.host == "acme.example")
def test_pytest_httpx(bill_dev_session, httpx_mock):
    httpx_mock.add_response(url="https://acme.example/rates", json={"rate": 8})
    assert httpx.get("https://acme.example/rates").json() == {"rate": 8}
    url = f"{bill_dev_session.base_url}/v3/vendors"
    assert httpx.get(url, params={"max": 3}, auth=bill_dev_session.auth).status_code == 200


def test_pytest_django(bill_dev_session, client, settings):
    settings.BILL = (bill_dev_session.base_url, bill_dev_session.auth)
    assert len(client.get("/vendors/").json()["names"]) == 2


@pytest.mark.django_db
def test_a_database_of_pytest_django(bill_dev_session):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)
    assert bill_dev_session.get("/v3/bills", params={"max": 1}).ok


@pytest.mark.disable_socket
def test_pytest_socket():
    with pytest.raises(SocketBlockedError):
        urllib.request.urlopen(f"{OTHER_URL}/answer", timeout=10)
