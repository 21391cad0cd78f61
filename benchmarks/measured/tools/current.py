"""The tool of this process."""

import importlib

from plan import current

tool = importlib.import_module(f"tools.{current().tool}")
