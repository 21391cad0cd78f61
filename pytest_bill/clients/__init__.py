"""The HTTP clients of the code under test: one module each, one seam at each client's transport.

A seam asks one question first: is this URL BILL's, and is a BILL test running? If not, the client's
own code runs on the same objects. If so, the request is taken as the client would send it, played
from the cassette or sent and recorded, and the answer is the client's own response object.

To add a client, write a module with ``seams(module)`` beside these (``httpcore`` shows all that one
does) and name it in ``pytest_bill.clients.base.CLIENTS``. What has no module here goes through
vcrpy's patches, see ``by_vcrpy``.
"""
