"""BILL's texts of the codes that the sandbox refuses with, as BILL's list of codes has them.

Page: https://developersupport.bill.com/hc/en-us/articles/208762056-Error-codes-list, where
``${paramName0}`` and the like stand for what a refusal is about. A text without its own line there
is that of ``errors``.
"""

from __future__ import annotations

from collections.abc import Mapping

ERROR_LIST: Mapping[str, str] = {
    "BDC_1001": "System error occurred.",
    "BDC_1101": "User name and/or password do not match our records.",
    "BDC_1102": "Developer key is invalid.",
    "BDC_1108": "Missing parameter value for parameter: ${paramName0}.",
    "BDC_1109": "Session is invalid.  Please log in.",
    "BDC_1110": "Login is locked.",
    "BDC_1111": "No active user for: ${paramName0}, ${paramName1}.",
    "BDC_1117": "Missing required data for: ${paramName0}.",
    "BDC_1119": "Invalid field,value: ${paramName0}, ${paramName1}.",
    "BDC_1120": "No data found.",
    "BDC_1121": "API not supported.",
    "BDC_1122": "Error Parsing Json Object. Please check your request.",
    "BDC_1123": "Invalid organization id.",
    "BDC_1124": "Invalid field datatype: ${paramName0}.",
    "BDC_1129": "Invalid parameter value for parameter,value: ${paramName0}, ${paramName1}.",
    "BDC_1130": "Invalid list filter field: ${paramName0}.",
    "BDC_1131": "Invalid list filter operator: ${paramName0}.",
    "BDC_1143": "Invalid entity data. ${paramName0}: ${paramName1}",
    "BDC_1144": "Max number of allowed requests per hour reached: ${paramName0}.",
    "BDC_1145": "Permission denied.",
    "BDC_1152": "Invalid Process Date : ${paramName0}.",
    "BDC_1159": "Cannot overpay a bill.",
    "BDC_1171": "The number ${paramName0} is already in use.",
    "BDC_1302": "The entity type of id ${paramName0} does not match any of the expected entity "
    "types: ${paramName1}.",
    "BDC_1322": "Max number of concurrent requests per organization reached.",
    "BDC_1354": "Specified 2-Step Verification phone is not setup or is invalid.",
    "BDC_1358": "2-Step Verification too many token response attempts.",
    "BDC_1361": "Untrusted session.",
    "BDC_1374": "2-Step Verification token has expired.",
    "BDC_1402": "Please select a payment processing date two business days out from today.",
    "BDC_5324": "Mfa action blocked.",
}
