"""What a sandbox is, wherever it runs: `test_control.py` and `test_server.py` try what it does."""

from pytest_bill.sandbox import AttachedSandbox, BillSandbox, LocalSandbox


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_a_sandbox_is_the_same_in_this_process_and_in_another(sandbox):
    attached = LocalSandbox.attach(sandbox.origin, sandbox.variables)
    assert type(attached) is AttachedSandbox
    for each in (sandbox, attached):
        assert isinstance(each, BillSandbox)
    assert attached.origin == sandbox.origin
    assert attached.variables == sandbox.variables


def test_only_the_process_that_serves_it_starts_and_stops_it():
    assert public(AttachedSandbox) == public(BillSandbox)
    assert public(LocalSandbox) == public(BillSandbox) | {"attach", "start", "stop"}
