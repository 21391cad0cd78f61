"""Made-up records."""

from datetime import date

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.core.generated import Generated


def some(seed):
    made = Generated(seed)
    vendors = [made.vendor() for _ in range(20)]
    return vendors, [made.bill("009", number, date(2030, 1, 1)) for number in range(20)]


def test_the_same_seed_makes_the_same_records_and_another_seed_others():
    assert some(1) == some(1)
    assert some(1) != some(2)


def test_mails_and_phones_belong_to_nobody():
    vendors, _ = some(3)
    assert all(each["email"].endswith("@example.com") for each in vendors)
    assert all(each["phone"][3:8] == "55501" for each in vendors)


def test_a_sandbox_starts_with_as_many_as_asked_for(stopping):
    sandbox = LocalSandbox(vendors=150, bills=30)
    state = sandbox._state
    sandbox.start()
    stopping.submit(sandbox.stop)
    organization = sandbox.variables["BILL_ORGANIZATION_ID"]
    assert len(state.table(organization, "vendors")) == 155
    assert len(state.table(organization, "bills")) == 55
