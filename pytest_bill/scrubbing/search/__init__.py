"""Finding secrets in data, however they are encoded there."""
