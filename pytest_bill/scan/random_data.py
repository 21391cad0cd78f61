"""What is random and gives access to nothing: digests, pinned commits, encoded content, ids.

By what is around it: a hexadecimal string as long as a digest is one unless its name says that it
is a key; in a line that a machine wrote only what has such a name counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_bill.patterns import late_pattern
from pytest_bill.scan.false_positives import decoded_base64

_HEX = late_pattern(r"[0-9a-fA-F]+")
_LENGTHS_OF_DIGESTS = frozenset({40, 56, 64, 96, 128})
_LONGEST_WRITTEN_LINE = 400
"""A longer line was made by a machine: minified, a map, a table of data."""

_NAMES_A_SECRET = late_pattern(
    r"(?:api|secret|access|private|dev|app|auth|encryption|signing|licen[cs]e|client|account|master|"
    r"service|shared|webhook|deploy)[_.-]?(?:key|token|id_?key)|secret|token|passw|pwd|credential|"
    r"bearer|\bauth\b|authorization|session_?id",
    re.IGNORECASE,
)
_NAMES_NONE = late_pattern(
    r"cache|public|hash|sha\d|digest|commit|csrf|token_?type|etag|checksum|tokens?_per|tokenizer|"
    r"page_?token|next_?token|continuation|cursor|fingerprint|integrity|revision|\brev\b|\bref\b",
    re.IGNORECASE,
)
_ASSIGNED = late_pattern(
    r"""([A-Za-z][\w.-]{0,60})\\?["']?\]?\s{0,3}(?::=|=>|[:=])\s{0,3}[\\"'`bruW/]{0,4}\Z"""
)
_RANDOM_NAMES = late_pattern(
    r"(?:^|[-_.])(?:id|ids|uuid|guid|ray|nonce|hash|digest|checksum|md5|sha\d*|oid|rev|revision|ref|"
    r"commit|version|fingerprint|thumbprint|data|src|href|url|uri|image|path|d|mappings|cursor)$|"
    r"etag|page|pub_?key|public_?key|request-?id|trace|span|boundary|integrity|idempoten|[a-z0-9](?:Id|Ids|Uuid|Hash|Oid|Sha|"
    r"Url|Uri|Data|Cursor|Digest|Checksum|Fingerprint)$",
)
# Names whose values are random by design and give access to nothing.
_RANDOM_NAMES_OF_FIELDS = late_pattern(
    r"(?:^|[-_])(?:id|uuid|guid|ray|nonce|hash|digest|checksum|md5|sha\d*)$|etag|cursor|page|"
    r"request-?id|trace|boundary|integrity|idempoten|report-to|^nel$|content-security|"
    r"x-amz-cf|x-amz-id|next-?_?token|x-cache|strict-transport|alt-svc|user-?agent",
    re.IGNORECASE,
)
_CAMEL_ID = late_pattern(r"[a-z0-9](?:Id|Ids|Uuid|Hash)$")
_DIGEST_BEHIND = late_pattern(
    r"(?:sha-?\d{1,3}|md5|blake2b?|h1|zh|integrity|digest|nonce|SHA256|commit|rev|resolved|hash)[-:=\s\"'@]{0,4}\Z|"
    r"(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-ssh-ed25519\S*)\s\Z|base64,\s?\Z|(?:Digest|Signature|Cipher)Value>\Z|"
    r"\\[nr]\Z|data:[\w/+.-]{0,60}[;,][^\s\"')]{0,400}\Z|@\Z|#\Z",
    re.IGNORECASE,
)
_URL_BEHIND = late_pattern(r"(?:https?|git|ssh|s3|gs)(?:\+\w+)?://[^\s\"'<>?#]{0,200}\Z")
_CONTENT = late_pattern(
    r"iVBORw0KGgo|/9j/|R0lGOD|UklGR|PHN2Z|PD94bW|d09GM|d09G|AAEAAAA|T1RUT|JVBERi|UEsDB|H4sI|AAABAA|"
    r"SUQz|AAAA(?:[A-Za-z0-9+/]{2})?Z0eX|AAAA[BCEI]3NzaC|MII[A-Za-z0-9]|Qlpo|eJ[wzxy]|sha\d{1,3}-|nonce-|data:|_?_ZN?K?\d"
)
"""How images, fonts, documents, archives, certificates and public keys begin in base64."""
_PATH_OF_SVG = late_pattern(r"[MmLlHhVvCcSsQqTtAaZz0-9-]+")


@lru_cache(maxsize=4096)  # the same in answer after answer
def is_random_by_name(name: str) -> bool:
    """Whether the values of a cassette's field or header are random, and give access to nothing."""
    return bool(_RANDOM_NAMES_OF_FIELDS.search(name) or _CAMEL_ID.search(name))


def is_random_data(token: str, before: str, of_line: int) -> bool:
    """Whether a random string is no key, by what stands before it.

    ``of_line`` is the length of the line that it is in; 0 for a value of a cassette, whose name
    was asked already.
    """
    near = before[-80:]
    if token.isdecimal() or _CONTENT.match(token) or _PATH_OF_SVG.fullmatch(token):
        return True
    if _DIGEST_BEHIND.search(before[-480:] if "data:" in before else near):
        return True
    assigned = _ASSIGNED.search(near)
    name = assigned.group(1) if assigned else ""
    is_secret = _NAMES_A_SECRET.search(name or near[-40:]) and not _NAMES_NONE.search(name or near)
    last = token.rpartition("/")[2]
    if _HEX.fullmatch(last):
        if is_secret:
            return False
        return len(last) in _LENGTHS_OF_DIGESTS or bool(of_line)
    if is_secret:
        return False
    text = decoded_base64(token)
    if text is not None and len(text.split()) > 2:
        return True  # what stands in it is looked for there
    url = _URL_BEHIND.search(before[-250:])
    if not of_line:
        return url is not None and "bill" not in url.group(0).lower()
    return (
        of_line > _LONGEST_WRITTEN_LINE
        or _RANDOM_NAMES.search(name) is not None
        or url is not None
        or text is not None
    )


_WRAPPED = late_pattern(
    r"(?:^[ \t>|#*;,\"'(\[bru]{0,40}[A-Za-z0-9+/_-]{56,}={0,2}(?:\\[nr]){0,2}"
    r"[\"',;)\] \\+]{0,6}\r?\n){2,}"
    r"[ \t>|#*;,\"'(\[bru]{0,40}(?:[A-Za-z0-9+/_-]{1,}={0,2}(?:\\[nr]){0,2}[\"',;)\] \\+]{0,6}$)?",
    re.MULTILINE,
)
"""Base64 that goes on over lines, as certificates, images and attachments do."""


def lines_of_content(text: str) -> set[int]:
    """The numbers of the lines, from 1, that hold pieces of encoded content."""
    found: set[int] = set()
    for match in _WRAPPED.finditer(text):
        first = text.count("\n", 0, match.start()) + 1
        # What is before may begin the first piece: ``"image/png": "…``.
        found.update(range(first - 1, first + match.group(0).count("\n") + 1))
    return found
