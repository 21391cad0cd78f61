"""Entities of v2 have the fields that recorded answers of BILL show, null and zero among them."""

import pytest

NO_ID = "0" * 20
RECORDED = {
    "Bill": (
        "entity id isActive vendorId invoiceNumber approvalStatus invoiceDate dueDate "
        "glPostingDate amount localAmount exchangeRate scheduledAmount paidAmount dueAmount "
        "creditAmount paymentStatus uiPaymentStatus description poNumber createdTime "
        "updatedTime createdBy payFromBankAccountId payFromChartOfAccountId paymentTermId "
        "hasAutoPay eBillCreated invoiceProductId chartOfAccountId departmentId locationId "
        "actgClassId source numApprPolicyEx useBillDesc defaultInvoiceNumber isAutoSaved "
        "billTemplateId quickbooksId lastPaymentDate fullPaymentDate hasLinkedPurchaseOrders "
        "multipleBillLineItems item expense billLineItems acctEntityId apAccountId "
        "billLocationId discountAmount discountDueDate discountStatus hasAmortizedLines "
        "is1099MissingBill isSppCreated isVcardStpCandidate"
    ),
    "BillLineItem": (
        "entity id billId amount chartOfAccountId departmentId locationId jobId customerId "
        "jobBillable description createdTime updatedTime lineType itemId quantity unitPrice "
        "employeeId actgClassId purchaseOrderBillLinkId unitOfMeasureId lineOrder "
        "acctEntityId amortizationScheduleId billedUnitPrice endDate form1099CategoryId "
        "isReportable jobTaskId reportableAmount startDate"
    ),
    "Customer": (
        "entity id isActive createdTime updatedTime name shortName parentCustomerId "
        "companyName contactFirstName contactLastName accNumber billAddress1 billAddress2 "
        "billAddress3 billAddress4 billAddressCity billAddressState billAddressCountry "
        "billAddressZip shipAddress1 shipAddress2 shipAddress3 shipAddress4 shipAddressCity "
        "shipAddressState shipAddressCountry shipAddressZip email phone altPhone fax "
        "description invoiceCurrency printAs mergedIntoId hasAuthorizedToCharge accountType "
        "paymentTermId balance availCredit taxId hasBankAccount hasNetBankAccount "
        "hasBankAccountAutoPay hasCreditCard hasCreditCardAutoPay defaultDeliveryMethod "
        "isAutoChargeDismissed isTaxLiable creationSource enabledInvoiceFinancing "
        "hasCustomerCard enabledAutoInvoiceFinancing"
    ),
    "Invoice": (
        "entity id isActive createdBy createdTime updatedTime customerId invoiceNumber "
        "invoiceDate dueDate glPostingDate amount localAmount exchangeRate amountDue "
        "paymentStatus description poNumber isToBePrinted isToBeEmailed lastSentTime "
        "itemSalesTax salesTaxPercentage salesTaxTotal terms salesRep FOB shipDate shipMethod "
        "departmentId locationId actgClassId jobId payToBankAccountId payToChartOfAccountId "
        "invoiceTemplateId hasAutoPay source emailDeliveryOption mailDeliveryOption "
        "creditAmount quickbooksId recInvoiceTemplateId financingStatus netBillId netOrgId "
        "scheduledAmount stylingId stylingRevision financingModelStatus financingErrorType "
        "invoiceLineItems invoiceAdjustments invoiceCustomFields"
    ),
    "InvoiceLineItem": (
        "entity id createdTime updatedTime invoiceId itemId quantity amount price serviceDate "
        "ratePercent chartOfAccountId departmentId locationId actgClassId jobId description "
        "taxable taxCode lineOrder"
    ),
    "Vendor": (
        "entity id isActive name shortName nameOnCheck companyName accNumber taxId taxIdType "
        "track1099 address1 address2 address3 address4 addressCity addressState addressZip "
        "addressCountry email fax phone payBy paymentEmail paymentPhone description "
        "createdTime updatedTime contactFirstName contactLastName mergedIntoId accountType "
        "paymentTermId sendNotifications balance availCredit lastBalanceUpdate "
        "externalBillPayIn12m since payDaysBefore enabledCombinePayments "
        "hasBankAccountAutoPay hasRecurringPayments billCurrency billSyncPref paymentCurrency "
        "prefPmtMethod paymentPurpose bankCountry vendorBankAccountStatus "
        "sendInviteForPrivateVendor vendorVCardRemitEmail vendorVCardStatus orgVCardStatus "
        "prefRemitEmail remitEmail processorVCardStatus vStatusUpdateSource "
        "allowConnectedVendorEditAddress informConnectedVendorAddressSyncModified "
        "intlPaymentType vcardEnrollDate vcardDeclineDate isAccountNumberRequired "
        "largeBillerId orgVCardOptOutCustReason enableFundedInvite lastPaymentDate "
        "numberOfInvitesSent eligibleForEbills acknowledgedEbillBanner acknowledgedEbillError "
        "eBillEnablementFailed PaymentusMerchantId unmodifiedBillsCount setupAutoPayPrompt "
        "autoPayConflict nameOnCheckRemediation autoSave autoSaveStatus creationSource "
        "PaymentusPmtType PaymentusAcctToken PaymentusAcctToken2 PaymentusAcctToken3 "
        "stpProcessor eBillEnabledStatus orgVCardOptOutCustOther networkStatus vcardProcessor "
        "isAddressValidated isSyncVendorCountryMapped optedOutOfVCardByOrg "
        "invalidCountryCurrencyAtNewVendorSync acctBalance lastAcctBalanceUpdate "
        "paymentEmails eBillEligible required"
    ),
    "VendorBankAccount": (
        "entity id isActive createdTime updatedTime vendorId nameOnAcct accountNumber "
        "routingNumber usersId status isSavings isPersonalAcct intlEPaymentAcct "
        "intlPaymentType paymentCurrency bankCountry vendorBankData bankAddSource "
        "intlTemplateKey regulatory1 regulatory2 regulatory3 regulatory4 regulatory5 "
        "regulatory6 regulatory7"
    ),
    "CustomerBankAccount": (
        "entity id isActive createdTime updatedTime customerId nameOnAccount nickname "
        "routingNumber accountNumber isLockedByOrg isSavings isPersonalAcct isWrittenAuth "
        "isPrivate phone cpUserId status rndDepExpireDate"
    ),
}
NULL = {
    "Bill": "localAmount exchangeRate paidAmount quickbooksId lastPaymentDate fullPaymentDate",
    "BillLineItem": "quantity unitPrice description",
    "Customer": "taxId defaultDeliveryMethod shortName",
    "Invoice": "localAmount lastSentTime stylingId financingModelStatus",
    "InvoiceLineItem": "serviceDate ratePercent",
    "Vendor": "since remitEmail networkStatus PaymentusAcctToken",
    "VendorBankAccount": "vendorBankData regulatory7",
    "CustomerBankAccount": "rndDepExpireDate",
}
NO_IDS = {
    "Bill": "payFromBankAccountId invoiceProductId billTemplateId departmentId",
    "BillLineItem": "purchaseOrderBillLinkId unitOfMeasureId jobId itemId",
    "Customer": "parentCustomerId mergedIntoId",
    "Invoice": "recInvoiceTemplateId netBillId netOrgId",
    "InvoiceLineItem": "departmentId jobId",
    "Vendor": "largeBillerId mergedIntoId",
    "CustomerBankAccount": "cpUserId",
}


@pytest.fixture
def made(v2):
    """One new entity of each kind, by its name."""
    vendor = v2.create("Vendor", name="Acme Vendor")
    customer = v2.create(
        "Customer",
        name="John",
        billAddress1="1 Main",
        billAddressCity="Reno",
        billAddressZip="89501",
        billAddressCountry="USA",
    )
    bill = v2.create(
        "Bill",
        vendorId=vendor["id"],
        invoiceNumber="01",
        invoiceDate="2026-07-01",
        dueDate="2026-08-01",
        billLineItems=[{"amount": 1}],
    )
    invoice = v2.create(
        "Invoice",
        customerId=customer["id"],
        invoiceNumber="001",
        invoiceDate="2026-07-22",
        dueDate="2026-09-08",
        invoiceLineItems=[{"quantity": 1, "price": 12}],
    )
    account = {"accountNumber": "1234567890", "routingNumber": "021000021"}
    return {
        "Vendor": vendor,
        "Customer": customer,
        "Bill": bill,
        "BillLineItem": bill["billLineItems"][0],
        "Invoice": invoice,
        "InvoiceLineItem": invoice["invoiceLineItems"][0],
        "VendorBankAccount": v2.create("VendorBankAccount", vendorId=vendor["id"], **account),
        "CustomerBankAccount": v2.create(
            "CustomerBankAccount", customerId=customer["id"], nameOnAccount="Test", **account
        ),
    }


def test_every_recorded_field_is_answered(made):
    lacking = {name: set(RECORDED[name].split()) - set(each) for name, each in made.items()}
    assert {name: fields for name, fields in lacking.items() if fields} == {}


def test_what_has_no_value_is_null_and_an_id_is_zeros(made):
    for expected, fields_of in ((None, NULL), (NO_ID, NO_IDS)):
        wrong = [
            (name, field)
            for name, fields in fields_of.items()
            for field in fields.split()
            if made[name][field] != expected
        ]
        assert wrong == []


def test_a_bill_sums_its_lines_by_their_kind(v2, made):
    assert made["Bill"]["expense"] == {"count": 1, "totalAmount": 1, "chartOfAccountGroup": []}
    assert made["Bill"]["item"] == {"count": 0, "totalAmount": 0}
    assert made["Bill"]["multipleBillLineItems"] is False
    lines = [
        {"amount": 1.1},
        {"amount": 2.2, "itemId": "0ii-1"},
        {"amount": 3.3, "itemId": "0ii-2"},
    ]
    bill = v2.update("Bill", id=made["Bill"]["id"], billLineItems=lines)
    assert bill["item"] == {"count": 2, "totalAmount": 5.5}
    assert bill["expense"]["totalAmount"] == 1.1
    assert bill["multipleBillLineItems"] is True
    assert [line["lineOrder"] for line in bill["billLineItems"]] == [0, 1, 2]


def test_what_is_sent_of_them_is_kept(v2, made):
    v2.update("Bill", id=made["Bill"]["id"], useBillDesc=True, billTemplateId="btm-1")
    bill = v2.read("Bill", made["Bill"]["id"])
    assert (bill["useBillDesc"], bill["billTemplateId"]) == (True, "btm-1")


def test_a_paid_bill_says_how_much_is_paid(v2, made):
    v2("RecordAPPayment", {"billPays": [{"billId": made["Bill"]["id"], "amount": 1}]})
    assert v2.read("Bill", made["Bill"]["id"])["paidAmount"] == 1


def test_what_a_line_is_sent_with_is_kept(v2, made):
    lines = [{"amount": 1, "jobBillable": True}, {"amount": 2}]
    bill = v2.update("Bill", id=made["Bill"]["id"], billLineItems=lines)
    assert [line["jobBillable"] for line in bill["billLineItems"]] == [True, False]
    assert v2.read("Bill", bill["id"])["billLineItems"] == bill["billLineItems"]


def test_accounts_that_several_lines_are_about_are_summed(v2, made):
    account = v2.create("ChartOfAccount", name="Paper", accountType="7")["id"]
    lines = [{"amount": each, "chartOfAccountId": account} for each in (1, 2)]
    bill = v2.update("Bill", id=made["Bill"]["id"], billLineItems=[*lines, {"amount": 4}])
    group = {"chartOfAccountId": account, "count": 2, "totalAmount": 3}
    assert bill["expense"]["chartOfAccountGroup"] == [group]


def test_a_duplicate_number_is_taken_where_that_is_asked_for(v2, made):
    again = {
        "vendorId": made["Vendor"]["id"],
        "invoiceNumber": "01",
        "invoiceDate": "2026-07-01",
        "dueDate": "2026-08-01",
        "billLineItems": [{"amount": 1}],
    }
    assert v2.refused("Crud/Create/Bill", {"obj": again})[0] == "BDC_1171"
    made_again = v2("Crud/Create/Bill", {"obj": again, "allowDuplicateInvNum": True})
    assert made_again["invoiceNumber"] == "01"
    one = {"obj": again, "allowDuplicateInvNum": True}
    [in_bulk] = v2("Bulk/Crud/Create/Bill", {"bulk": [one]})["bulk"]
    assert in_bulk["response_data"]["invoiceNumber"] == "01"
