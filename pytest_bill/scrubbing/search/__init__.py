"""Finding secrets in data, however they are encoded there.

``search`` is what others use. Each way to write a secret has a module: ``forms`` (encodings of
characters), ``escapes``, ``base64``, ``packed``, ``archives``, ``wide_text``. ``views`` decodes
escapes, ``containers`` undoes what is encoded as a whole, ``replacing`` encodes it again.
``literals``, ``known_clean`` and ``budget`` keep all of it fast.
"""
