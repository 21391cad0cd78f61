"""Many tests that are recorded from the local sandbox: each lists, gets and creates."""

from plan import current

PLAN = current()


def make(number):
    def test(bill_dev_session):
        for page in range(PLAN.size - 2):
            found = bill_dev_session.call("GET", "/v3/vendors", params={"max": 3 + page})
        vendor = found["results"][number % len(found["results"])]
        assert bill_dev_session.call("GET", f"/v3/vendors/{vendor['id']}") == vendor
        customer = {"name": f"Customer {number}", "email": f"c{number}@example.com"}
        assert bill_dev_session.call("POST", "/v3/customers", json=customer)["name"]

    test.__name__ = test.__qualname__ = f"test_{number:04}"
    return test


for number in range(PLAN.tests):
    globals()[f"test_{number:04}"] = make(number)
