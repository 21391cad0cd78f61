"""Taking secrets and personal data out of exchanges; knows nothing of pytest and of cassettes.

``places`` is the table of where BILL carries them. ``registry`` holds the secrets of a run and
their placeholders, ``search`` finds them in text and bytes in any encoding (``escapes``,
``wide_text``, ``packed``, ``containers``; fast by ``literals`` and ``innocent_words``), ``scrub``
replaces them in an exchange. ``personal`` finds personal data and ``stand_ins`` makes what stands
in for it.
"""
