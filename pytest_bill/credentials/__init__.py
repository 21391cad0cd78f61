"""BILL's credentials: which there are, where their values come from, and how each signs in."""
