"""Pages to look at in a browser: one file each, which loads nothing and holds no secret."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where their templates and scripts are."""
