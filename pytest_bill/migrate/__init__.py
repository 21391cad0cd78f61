"""Cassettes and tests of other recorders become this plugin's."""
