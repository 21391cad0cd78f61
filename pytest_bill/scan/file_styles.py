"""How the files of each kind write values that stand in no quotes."""

from __future__ import annotations

from enum import Enum
from pathlib import PurePath


class Style(Enum):
    """How the files of one kind write values that stand in no quotes."""

    CODE = "an unquoted value is an expression"
    LINES = "a value goes to the end of its line"
    SHELL = "a value is a word; a backquote runs a command"
    TABLE = "values stand between separators"
    TEXT = "prose and pieces of anything"


_STYLES = {
    Style.CODE: "py pyi pyx js jsx ts tsx mjs cjs mts cts go java kt kts rb rs cs fs vb php swift "
    "scala c h cc cpp hpp m mm dart ex exs erl clj groovy gradle lua pl pm r jl vue svelte tf hcl "
    "sql proto graphql css scss less hs ml elm nim zig sol ipynb",
    Style.LINES: "env ini cfg conf cnf properties yml yaml toml http rest tfvars bat cmd mk",
    Style.SHELL: "sh bash zsh csh fish ps1 psm1 dockerfile",
    Style.TABLE: "csv tsv",
}
_STYLE_OF_SUFFIX = {suffix: style for style, names in _STYLES.items() for suffix in names.split()}


def style_of(name: str) -> Style:
    """The style of a file, by its name."""
    lowered = PurePath(name).name.lower()
    if lowered.startswith((".env", "env.", "makefile")):
        return Style.LINES
    if lowered.startswith(("dockerfile", "containerfile", ".bash", ".zsh", ".profile")):
        return Style.SHELL
    if lowered == "jenkinsfile":
        return Style.CODE
    return _STYLE_OF_SUFFIX.get(lowered.rpartition(".")[2], Style.TEXT)
