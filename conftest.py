"""For this project's own tests: whole pytest runs in folders of their own."""

from hypothesis import settings

pytest_plugins = ["pytester"]

# For tests/promises/test_secrets_property.py: `ci` in every run, `nightly` with `make nightly`.
settings.register_profile("ci", max_examples=500)
settings.register_profile("nightly", max_examples=10_000, derandomize=False)
# CI tries the same cases each time; the night finds new ones.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")
