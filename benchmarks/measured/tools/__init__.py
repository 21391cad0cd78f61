"""How each tool is used: a module for each, with the same names.

``cassette(name)`` marks a test as a user of the tool would; the fixture ``opened`` is there while
the cassette is open, ``session`` is a ``requests`` session within it; ``BASE`` comes before a path;
``KEEPS_BYTES`` says whether answers come back byte for byte, or as equal JSON.
"""
