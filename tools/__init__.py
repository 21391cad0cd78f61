"""Tools of this repository's developers; no part of what is installed."""
