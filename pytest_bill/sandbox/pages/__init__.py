"""The sandbox's own pages, to look into it with a browser of this machine. BILL has none of them.

They stand below ``control_paths.PREFIX``, where no page of another site gets anything, and nobody
counts what is asked; the first one is at ``/``. They hold no credential: what is asked from them is
sent by the sandbox itself (see ``sending``).
"""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where their templates and scripts are."""
