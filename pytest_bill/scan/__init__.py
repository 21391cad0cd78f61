"""Finding credentials, bank and card data in files that are already there.

``scanner`` scans one file: ``files`` reads it, ``cassettes`` and ``body_values`` take it apart into
spots (one value and where it stands), ``rules``, ``values_at_names`` and ``detect_secrets`` say
which spots hold a secret, ``false_positives`` and ``random_data`` which do not. ``findings``
describes them without showing them, ``baseline`` leaves out those that somebody allowed,
``formats`` prints, ``fix`` rewrites cassettes.
"""
