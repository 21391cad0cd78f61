"""The table of personal data: whole, documented, and neither too wide nor too narrow."""

import pytest

from pytest_bill.sandbox.description import fidelity
from pytest_bill.scrubbing.personal_places import CHOICES, PERSONAL_PLACES, Kind, personal_fields
from pytest_bill.scrubbing.secret_places import SECRET_PLACES

V3 = "https://gateway.stage.bill.com/connect/v3"
V2 = "https://api-stage.bill.com/api/v2"


def test_each_place_is_of_one_kind_and_names_its_page():
    kinds = {}
    for place in PERSONAL_PLACES:
        assert kinds.setdefault((place.field.lower(), place.of), place.kind) is place.kind
        assert place.page


def test_pages_of_the_reference_exist():
    known = {indexed.page_url.rpartition("/")[2] for indexed in fidelity.reference_index()}
    places = (*SECRET_PLACES, *PERSONAL_PLACES)
    named = {place.page for place in places if place.page.startswith("reference/")}
    assert {page for page in named if page.removeprefix("reference/") not in known} == set()


def test_every_kind_is_somewhere_and_can_be_chosen():
    assert {place.kind for place in PERSONAL_PLACES} == set(Kind)
    assert {kind.choice for kind in Kind} == set(CHOICES)


@pytest.mark.parametrize(
    ("url", "path", "kind"),
    [
        (f"{V3}/vendors", "name", Kind.ORGANIZATION_NAME),
        (f"{V3}/vendors/00901A", "name", Kind.ORGANIZATION_NAME),
        (f"{V3}/vendors/configuration/international-payments", "fields.name", None),
        (f"{V3}/attachments/vendors/00901A", "name", None),
        (f"{V3}/spend/budgets", "name", None),
        (f"{V3}/classifications/items", "name", None),
        (f"{V3}/organizations/00801A", "companyOwner.name", Kind.PERSON_NAME),
        (f"{V3}/organizations/00801A/payment-terms", "name", None),
        (f"{V3}/organizations/industries", "name", None),
        (f"{V3}/partner/organizations", "name", Kind.ORGANIZATION_NAME),
        (f"{V3}/network", "name", Kind.ORGANIZATION_NAME),
        (f"{V3}/network", "managedBy.name", Kind.ORGANIZATION_NAME),
        (f"{V3}/customers", "results.name", Kind.ORGANIZATION_NAME),
        (f"{V3}/customers/0cu01A", "billingAddress.zipOrPostalCode", Kind.ZIP),
        (f"{V3}/customers/0cu01A", "billingAddress.country", None),
        (f"{V3}/vendors", "paymentInformation.bankAccount.accountNumber", Kind.ACCOUNT_NUMBER),
        (f"{V3}/vendors", "bankAccount.regulatoryFields.value", Kind.TAX_ID),
        (f"{V3}/classifications/chart-of-accounts", "account.number", None),
        (f"{V3}/spend/transactions", "merchantLocation.state", Kind.STATE),
        (f"{V3}/spend/transactions", "state", None),
        (f"{V3}/users", "EMAIL", Kind.EMAIL),
        (f"{V2}/Crud/Create/Vendor.json", "obj.name", Kind.ORGANIZATION_NAME),
        (f"{V2}/List/Vendor.json", "response_data.name", Kind.ORGANIZATION_NAME),
        (f"{V2}/List/Item.json", "response_data.name", None),
        (f"{V2}/Crud/Create/VendorBankAccount.json", "obj.accountNumber", Kind.ACCOUNT_NUMBER),
    ],
)
def test_what_stands_where(url, path, kind):
    assert personal_fields(url).kind_of_path(path) is kind


def test_no_kind_hides_what_records_are_found_and_compared_by():
    kept = "id vendorId createdTime archived amount country currency billCurrency dueDate status"
    for url in (f"{V3}/vendors", f"{V3}/bills", f"{V3}/spend/cards", f"{V2}/List/Vendor.json"):
        fields = personal_fields(url)
        assert [name for name in kept.split() if fields.kind(name) is not None] == []


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Kind.ACCOUNT_NUMBER, "accountNumber accNumber"),
        (Kind.ROUTING_NUMBER, "routingNumber"),
        (Kind.CARD_NUMBER, "cardNumber pan last4 lastFour cardLastFour last4CardNumber"),
        (Kind.TAX_ID, "taxId ssn ein"),
        (Kind.PERSON_NAME, "firstName lastName fullName nameOnAccount nameOnAcct fname lname"),
        (Kind.ORGANIZATION_NAME, "companyName payeeName vendorName customerName bankName"),
        (Kind.EMAIL, "email remitEmail remittanceEmail alternateEmail receiptEmail paymentEmail"),
        (Kind.PHONE, "phone fax altPhone phoneNumber paymentPhone"),
        (Kind.STREET, "line1 line2 address1 address2 billAddress1 shipAddress1"),
        (Kind.CITY, "city addressCity billAddressCity shipAddressCity"),
        (Kind.ZIP, "zipOrPostalCode postalCode addressZip billAddressZip shipAddressZip"),
        (Kind.DATE_OF_BIRTH, "dateOfBirth birthDate"),
        (Kind.PAYMENT_LINK, "paymentLink"),
    ],
)
def test_bank_and_personal_data_in_any_operation(kind, names):
    fields = personal_fields(f"{V3}/anything")
    assert {name: fields.kind(name) for name in names.split()} == dict.fromkeys(names.split(), kind)
