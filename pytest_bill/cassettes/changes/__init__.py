"""What really changed when cassettes were recorded anew, and which files need not change for it."""
