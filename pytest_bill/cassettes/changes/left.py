"""What is left of a list, of which each part is taken once, by one of its keys."""

from __future__ import annotations

from collections.abc import Hashable, Mapping


class Left:
    """Numbers by their keys; under each key the one that is to be taken first stands last."""

    def __init__(self, count: int, numbers: Mapping[Hashable, list[int]]) -> None:
        self._taken = bytearray(count)
        self._numbers = numbers

    def take(self, *keys: Hashable) -> int | None:
        """The next number of the first of these keys that has one."""
        for key in keys:
            waiting = self._numbers.get(key, [])
            while waiting:
                number = waiting.pop()
                if not self._taken[number]:
                    self._taken[number] = True
                    return number
        return None

    def rest(self) -> list[int]:
        """The numbers that nobody took."""
        return [number for number, is_taken in enumerate(self._taken) if not is_taken]
