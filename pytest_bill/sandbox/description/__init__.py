"""How the sandbox describes itself: OpenAPI, a page to read, and how true it is to BILL."""
