"""What holds for all operations: how the sandbox differs from BILL, and what BILL does not say.

Modules of ``core`` say it in their docstrings, with the pages; this is what a user has to know.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_bill.sandbox.core import delivery, limits, mfa, outbox
from pytest_bill.sandbox.core.lists import PAGE_SIZE
from pytest_bill.sandbox.core.resources import MOST_IN_BULK

MISSING: Sequence[tuple[str, str]] = (
    (
        "BILL's web app",
        "What BILL makes there only: drafts, approval groups, schedules of exports, developer keys "
        "and tokens. No e-mail and no text message is sent; the code of a phone is always "
        f"{mfa.TOKEN}.",
    ),
    (
        "Money",
        "None moves. No account is ever empty, and no bank refuses a payment.",
    ),
    (
        "Webhooks",
        f"Nothing is sent to another machine. A receiver has {delivery.TIMEOUT_SECONDS} seconds, "
        "and redirects are not followed. What is refused before records are looked at (a field "
        "that is absent, say) makes no payment.failed.",
    ),
    (
        "Data",
        "Names, streets, shops and exchange rates are made up. The numbers of cards are "
        "of no bank.",
    ),
)
"""Left out everywhere: a name, and what it is."""

UNSURE: Sequence[tuple[str, str]] = (
    (
        "HTTP statuses of refusals",
        "BILL documents 401 for BDC_1109 and 404 for BDC_1121. Public clients report 400 for a "
        "body and for BDC_1102, 403 for BDC_1361, 422 for BDC_1152 and BDC_1171. The others are "
        "the sandbox's choice: see [error codes](fidelity/error-codes.md). BILL's samples say "
        "`category` DOWNSTREAM; which problems have another is not documented.",
    ),
    (
        "Texts of refused bodies",
        "What a v3 body lacks is told as public clients recorded it (`email: must not be blank`, "
        "with an empty `params`); of `help`, which is told to stand beside it, no recorded answer "
        "was found. What v3 says of a value of a wrong type, or beyond its choices, is not known: "
        "here it is the sentence of BILL's list of codes, see "
        "[error codes](fidelity/error-codes.md).",
    ),
    (
        "Unknown fields of a body",
        "They are dropped without a word; whether BILL refuses them is not documented.",
    ),
    (
        "Missing headers",
        "A missing or unknown key is BDC_1102, any other mismatch of session and key BDC_1109, a "
        "missing or wrong Spend & Expense token BDC_1109 with HTTP 401: which refusal comes is not "
        "documented.",
    ),
    (
        "Lists",
        f"`max` is {PAGE_SIZE.minimum} to {PAGE_SIZE.maximum}; without it, BILL's reference says "
        "20 and its guide 100: here 20. A `page` of another search, and a sort by a field that is "
        "not listed, is HTTP 400; neither is documented. What can be filtered on can be sorted by, "
        "too. A sort without a direction is ascending, "
        "as in BILL's Postman collection; Spend & Expense ignores parameters that it does not "
        "know, as public clients see it.",
    ),
    (
        "Bulk operations",
        f"Where BILL's page names no number, {MOST_IN_BULK} records at once; all or none.",
    ),
    (
        "Limits",
        f"{limits.CALLS_AN_HOUR:,} calls and {limits.SIGN_INS_AN_HOUR} sign-ins an hour, "
        f"{limits.CALLS_AT_ONCE} calls at once, {limits.TEXTS_A_MINUTE} text messages and "
        f"{limits.SPEND_CALLS_A_MINUTE} Spend & Expense calls a minute are BILL's. HTTP 429 and, "
        "for those by the minute, BDC_1144 are not documented; nor is that text messages count by "
        "user and partners' calls by their app key; nor how long a call takes: here it is at once "
        "with what comes within milliseconds (see [the sandbox](sandbox.md#three-at-once)).",
    ),
    (
        "Locked user names",
        f"After {limits.FAILED_SIGN_INS} wrong passwords in a row, as BILL's support pages tell of "
        "its web app; whether the API counts so is not documented. `POST /__sandbox__/reset` "
        "unlocks it.",
    ),
    (
        "What a sync token may do",
        "BILL's table of it could not be found. Payments, MFA and what it protects, vendors' bank "
        "accounts, sending invoices, charging customers and changing users are refused, as public "
        "clients report; some also keep customers' and the organization's bank accounts, approval "
        "policies and approving for full access, and so does the sandbox. What is not reported of "
        "is open. The refusal is not documented; here BDC_1361.",
    ),
    (
        "OAuth tokens",
        "How long one lives is not documented; here an hour, unless told otherwise. One that is "
        "not good is HTTP 401 with BDC_1109. Accounting data access leaves out what a sync token's "
        "rights leave out; tokens of Full access count as MFA-trusted.",
    ),
    (
        "MFA",
        f"A code is good for {mfa.CODE_LIFE.seconds // 60} minutes and may be answered wrongly "
        f"{mfa.WRONG_ANSWERS} times; a device's name has {mfa.LONGEST_DEVICE} characters at most: "
        "public clients report minutes, 3 times, and that 49 are too many; and that a challenge "
        "belongs to its user, not to the session that asked for it.",
    ),
    (
        "Ids",
        "BILL's are opaque strings; here they have the prefixes that BILL's pages or public "
        "clients show, else made-up ones (cco of customers' contacts, vcl of lines of vendor "
        "credits, vri of voids), and, as in BILL's samples, 20 characters.",
    ),
    (
        "Days on which money moves",
        "BILL speaks of US business days and names no calendar; here it is that of the Federal "
        "Reserve Banks, and payments on other days are refused, as public clients report.",
    ),
    (
        "Countries",
        "Codes of two letters (ISO 3166-1), and their usual English names where BILL answers "
        "names; how another text is refused is not documented, here BDC_1119.",
    ),
    (
        "Tries of a notification",
        f"{len(outbox.RETRY_AFTER) + 1} in all, the first again after a minute and each after "
        "twice as long: BILL documents exponential backoff, not its figures. What becomes of the "
        "others of a disabled subscription is not documented; here they can only be asked for. "
        "payment.failed has the fields of the request, beside errors.",
    ),
    (
        "Work in the background",
        "What BILL does in minutes, or a person in its web app (documents that are taken in, "
        "identities that are checked), is done at the second look, or two minutes later by the "
        "clock.",
    ),
    (
        "v2",
        "Names of fields, codes of statuses and kinds, and the answers of sign-ins, uploads, "
        "approvals and the search are in part what public clients report or, of items' types and "
        "of an organization, assumed. Every field can be filtered and sorted by; of what is sent, "
        "null, an empty text and an id of zeros stand for no value.",
    ),
)
"""Not documented, or in two ways, everywhere: a name, and what the sandbox does."""
