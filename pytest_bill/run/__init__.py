"""One pytest run: what is made for it, what it keeps, and how its parts are put together."""
