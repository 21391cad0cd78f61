"""Cassettes as people read them: as tables and texts, and what differs between two of them."""
