"""What ``pytest-bill doctor`` looks at: credentials, settings, versions, cassettes, neighbours.

Nothing is changed, and no value of a variable is shown: only its name, where it comes from, and
what is odd about its form.
"""
