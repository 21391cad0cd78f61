"""The suites here are run by `downstream.py`, in environments of their own."""

collect_ignore = ["suite", "beside"]
