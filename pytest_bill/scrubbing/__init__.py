"""Secrets become placeholders, personal data stand-ins.

``places`` is the table of where BILL carries them, ``registry`` knows those of a run, ``search``
finds them in text and bytes in any encoding, ``scrub`` replaces them in an interaction.
``personal`` finds personal data and ``stand_ins`` makes what stands in for it.
"""
