"""Makes one self-contained page of a template, its style, its scripts and its data.

Nothing is loaded from elsewhere, and nothing else than this style and these scripts may run: the
page's content security policy names their hashes. What is shown is data, in a block that no script
can end, and becomes text nodes only (the policy forbids all else by trusted types).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_bill import __version__
from pytest_bill.installed import missing_extra

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
_STYLE = "page.css"
_SCRIPT = "page.js"


def check_installed() -> None:
    """Find out before there is a page to make that it can be made.

    Raises:
        SettingsError: jinja2 is not installed.
    """
    try:
        import jinja2  # noqa: F401
    except ImportError as error:
        raise missing_extra("show", error) from None


def rendered(
    folder: Path,
    template: str,
    scripts: Sequence[str],
    data: Any,
    *,
    connects: bool = False,
    **more: Any,
) -> str:
    """The page of a template in a folder; ``data`` is what its ``scripts`` there read.

    ``connects`` lets them, and forms, ask the server that the page came from, and nobody else.
    ``more`` is what the template shows.

    Raises:
        ImportError: jinja2 is not installed.
    """
    style = _content(_HERE / _STYLE)
    script = "".join(_content(path) for path in (_HERE / _SCRIPT, *(folder / s for s in scripts)))
    return (
        _environment(folder)
        .get_template(template)
        .render(
            data=data,
            style=style,
            script=script,
            policy=policy(style, script, connects=connects),
            version=__version__,
            **more,
        )
    )


@cache
def _environment(folder: Path) -> Environment:
    # Imported by who makes a page: no test does.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The filter `tojson` escapes what could end the block, and all that is not ASCII.
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "default": str}
    return environment


def policy(style: str, script: str, *, connects: bool = False) -> str:
    """The content security policy of a page with this style and this script."""
    allowed: Mapping[str, str] = {
        "default-src": "'none'",
        "connect-src": "'self'" if connects else "'none'",
        "script-src": _hash(script),
        "style-src": _hash(style),
        # The icon is an empty one: without it, browsers ask the server of the page for one.
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'self'" if connects else "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8")
