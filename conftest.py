"""For this project's own tests: whole pytest runs in folders of their own."""

pytest_plugins = ["pytester"]
