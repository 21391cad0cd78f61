"""What is shown holds no secret, also where the file does: another tool may have recorded it.

What stands in a place of secrets becomes a placeholder, as when it is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_bill.cassettes.decoding import readable
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber


class Hidden:
    """The interactions of one file without secrets; each is scrubbed when it is asked for."""

    def __init__(
        self, interactions: Sequence[Interaction], known: Iterable[tuple[str, str]] = ()
    ) -> None:
        """``known`` are placeholders and values of secrets beside those of known places."""
        self._interactions = interactions
        self._scrubber = Scrubber(SecretRegistry(known))
        self._is_learnt = False
        self.had_secrets = False
        """Whether any that was asked for had one in clear."""

    def __len__(self) -> int:
        return len(self._interactions)

    def __getitem__(self, index: int) -> Interaction:
        """One of them, its bodies unpacked."""
        self._learn()
        plain = readable(self._interactions[index])
        scrubbed = self._scrubber.scrub(plain)
        self.had_secrets |= scrubbed != plain
        return scrubbed

    def url(self, index: int) -> str:
        """The URL of one of them; nothing else is looked at."""
        return self._scrubber.scrubbed_url(self._interactions[index].url)

    def _learn(self) -> None:
        """What stands in a secret place is hidden wherever it stands."""
        if not self._is_learnt:
            self._is_learnt = True
            for each in self._interactions:
                self._scrubber.learn(readable(each))
