"""Bodies of vendors that are made."""

IN_CANADA = {
    "name": "Musique Québec",
    "accountType": "BUSINESS",
    "address": {
        "line1": "1 Rue du Test",
        "city": "Montréal",
        "zipOrPostalCode": "H2Y 1C6",
        "country": "CA",
    },
    "paymentInformation": {
        "bankCountry": "CA",
        "paymentCurrency": "CAD",
        "bankAccount": {
            "nameOnAccount": "Musique Québec",
            "accountNumber": "1234567",
            "routingNumber": "026013356",
            "type": "CHECKING",
        },
    },
    "billCurrency": "CAD",
}
"""With a bank account there."""
