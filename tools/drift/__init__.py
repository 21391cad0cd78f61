"""What BILL's own machine-readable material has, and the local sandbox lacks or has otherwise.

``python -m tools.drift FILE_OR_ADDRESS…`` (``make drift FROM="…"``) reads BILL's Postman
collection, its OpenAPI files, pages of its reference as Markdown, and its ``llms.txt``; it prints
each difference that ``known.tsv`` does not have, by operation and field. The exit status is 1 if
there is one, and 2 if something could not be read.
"""
