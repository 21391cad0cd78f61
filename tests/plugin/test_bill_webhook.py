"""The fixture ``bill_webhook`` in a replay."""

from __future__ import annotations


def test_notifications_need_no_bill_and_reach_a_receiver_while_it_replays(pytester, run):
    pytester.makepyfile(
        test_webhooks="""
        from http.server import BaseHTTPRequestHandler, HTTPServer
        from threading import Thread

        import pytest
        from pytest_bill import verify_signature

        @pytest.fixture
        def receiver():
            class Handler(BaseHTTPRequestHandler):
                def do_POST(self):
                    body = self.rfile.read(int(self.headers["Content-Length"]))
                    server.got = (body, self.headers["x-bill-sha-signature"])
                    self.send_response(204)
                    self.end_headers()

                def log_message(self, *_):
                    pass

            with HTTPServer(("127.0.0.1", 0), Handler) as server:
                thread = Thread(target=server.handle_request)
                thread.start()
                yield server
                thread.join()

        def send(bill_webhook, receiver):
            port = receiver.server_address[1]
            answer = bill_webhook.send(f"http://127.0.0.1:{port}", "bill.updated", {"id": "1"})
            assert answer.status_code == 204
            assert verify_signature(*receiver.got, bill_webhook.security_key)

        def test_alone(bill_webhook, receiver):
            send(bill_webhook, receiver)

        @pytest.mark.bill_cassette
        def test_with_a_cassette(bill_webhook, receiver):
            send(bill_webhook, receiver)

        def test_unknown(bill_webhook):
            bill_webhook.event("bill.deleted", {})
        """
    )
    result = run()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*BILL's catalogue of webhook events has no 'bill.deleted'.*"])
    assert not (pytester.path / "cassettes").exists()
