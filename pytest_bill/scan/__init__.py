"""Finding credentials, bank and card data in files that are already there.

``files`` reads cassettes and other texts into spots (one value and where it stands), ``rules`` and
``engine`` say which spots hold a secret, ``findings`` describes them without showing them,
``baseline`` leaves out those known to be harmless, ``formats`` prints, ``fix`` rewrites cassettes.
"""
