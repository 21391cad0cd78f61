"""Cassettes: naming, storing, matching, and the recorder that serves requests from them."""
