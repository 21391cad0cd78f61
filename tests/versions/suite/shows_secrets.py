"""Fails, and shows a secret of .env in each way that a failure has."""

import logging


def test_shows(bill_environ, bill_spend_client, tmp_path_factory):
    secret = (tmp_path_factory.getbasetemp().parent / "secret.txt").read_text()
    logging.getLogger("acme").warning("logged %s", secret)
    print("printed", secret)
    assert {"compared": secret} == {"compared": "another"}
