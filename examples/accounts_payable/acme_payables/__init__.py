"""Acme's accounts payable, on top of BILL."""
