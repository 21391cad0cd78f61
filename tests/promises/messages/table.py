"""All mistakes, by group, in the order of the document."""

from __future__ import annotations

from tests.promises.messages import (
    in_answers,
    in_commands,
    in_settings,
    in_suites,
    in_variables,
)
from tests.promises.messages.mistake import Mistake

GROUPS: dict[str, list[Mistake]] = {
    in_settings.GROUP: in_settings.MISTAKES,
    in_variables.VARIABLES_GROUP: in_variables.IN_VARIABLES,
    in_variables.ADDRESS_GROUP: in_variables.IN_ADDRESSES,
    in_variables.REFUSALS_GROUP: in_variables.IN_REFUSALS,
    in_variables.CI_GROUP: in_variables.IN_CI,
    in_suites.CONFIG_GROUP: in_suites.IN_CONFIG,
    in_suites.MARKER_GROUP: in_suites.IN_MARKER,
    in_suites.FIXTURES_GROUP: in_suites.IN_FIXTURES,
    in_suites.REQUESTS_GROUP: in_suites.IN_REQUESTS,
    in_answers.GROUP: in_answers.IN_ANSWERS,
    in_answers.SANDBOX_GROUP: in_answers.IN_SANDBOX,
    in_commands.GROUP: in_commands.MISTAKES,
}
MISTAKES = [each for group in GROUPS.values() for each in group]
