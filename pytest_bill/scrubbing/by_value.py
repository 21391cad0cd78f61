"""Values that are found in running text, wherever they stand, and replaced there."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_bill.patterns import late_pattern

_ALPHANUMERIC = late_pattern(r"[^\W_]+")
_NOTHING_BUT_ALPHANUMERIC = bytes(
    byte if chr(byte).isalnum() and byte < 128 else ord(" ") for byte in range(256)
)
_SHORTEST = 8
_FEW = 32
_LONGEST_KEPT = 256
_MOST_KEPT = 2**14


class ByValue:
    """Finds values in running text and replaces them. The time depends on the text, not on them.

    A value is found as whole words only: no number within a longer one, no name within a word.
    Threads may look for values while one adds some.
    """

    def __init__(self, replacements: Iterable[tuple[str, str]] = ()) -> None:
        self._replacement_of: dict[str, str] = {}
        # The lengths of the values that begin with a word, longest first.
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._first_words: set[bytes] = set()
        self._then: list[ByValue] = []
        self._without: set[str] = set()  # texts that hold none of the values
        for value, replacement in replacements:
            self.add(value, replacement)

    def __bool__(self) -> bool:
        return bool(self._replacement_of) or any(self._then)

    def then(self, other: ByValue) -> None:
        """Replace afterwards what the other does."""
        self._then.append(other)

    def add(self, value: str, replacement: str) -> None:
        """Replace a value from now on."""
        first = _ALPHANUMERIC.match(value)
        # One that begins with punctuation is found in its own places only.
        if first is None or value == replacement:
            return
        word, length = first.group(), len(value)
        lengths = self._lengths.get(word, ())
        self._replacement_of[value] = replacement
        if length not in lengths:
            self._lengths[word] = tuple(sorted((*lengths, length), reverse=True))
            self._first_words.add(word.encode("utf-8", "surrogatepass"))
        # Last, because another thread may be looking for the values before this one.
        self._without = set()

    def may_be_in(self, text: str, *, is_plain: bool = False) -> bool:
        """Whether a word that a value begins with is in a text, which may be encoded.

        A plain text is not encoded: there the word stands by itself.
        """
        if is_plain or len(self._lengths) >= _FEW:
            found = self._has_a_first_word(text)
        else:
            found = any(first in text for first in tuple(self._lengths))
        return found or any(each.may_be_in(text, is_plain=is_plain) for each in self._then)

    def replaced(self, text: str) -> str:
        """The text with every value replaced."""
        if len(text) >= _SHORTEST:
            if self._lengths:
                text = self._replaced_once(text)
            for each in self._then:
                text = each.replaced(text)
        return text

    def _has_a_first_word(self, text: str) -> bool:
        if text.isascii():
            # Ten times as fast as the expression.
            words = text.encode().translate(_NOTHING_BUT_ALPHANUMERIC).split()
            return not self._first_words.isdisjoint(words)
        return not self._lengths.keys().isdisjoint(_ALPHANUMERIC.findall(text))

    def _replaced_once(self, text: str) -> str:
        # Headers and the names of states are the same in interaction after interaction.
        without = self._without
        if text in without:
            return text
        replaced = self._replaced_here(text) if self._has_a_first_word(text) else text
        if replaced is text and len(text) <= _LONGEST_KEPT:
            if len(without) >= _MOST_KEPT:
                without.clear()
            without.add(text)
        return replaced

    def _replaced_here(self, text: str) -> str:
        done, made = 0, []
        for word in _ALPHANUMERIC.finditer(text):
            lengths = self._lengths.get(word.group())
            here = word.start()
            if lengths is None or here < done:
                continue
            for length in lengths:
                end = here + length
                value = text[here:end]
                replacement = self._replacement_of.get(value)
                if replacement is None or (value[-1].isalnum() and text[end : end + 1].isalnum()):
                    continue
                made += [text[done:here], replacement]
                done = end
                break
        return "".join([*made, text[done:]]) if made else text


NO_VALUES = ByValue()
"""Replaces nothing."""
