"""Secrets become placeholders, personal data stand-ins.

Where they stand: ``secret_places`` and ``personal_places`` are the tables of BILL's names,
``secret_names`` reads any other name, ``secrets_by_name`` looks for those in texts of any make,
``team_secrets`` are a team's own. ``registry`` knows the secrets of a run, ``public`` what is none.

What is done: ``scrub`` replaces secrets in an interaction, with ``secret_fields``, ``cookies`` and
``header_values``, and ``unlisted_secrets`` those that no table has. ``personal`` replaces personal
data by the ``stand_ins`` that ``stand_in_makers`` make, and ``by_value`` wherever it stands.
``search/`` finds secrets in any encoding.
"""
