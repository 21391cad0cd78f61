"""Errors that are raised."""


class Plain:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"Plain <{self.value}>"


def test_error(secret):
    raise ValueError(secret)


def test_error_with_two(secret):
    raise OSError(5, secret, secret)


def test_error_with_values(secret):
    raise RuntimeError({"a": secret}, [secret], secret.encode(), Plain(secret))


def test_error_of_its_own(secret):
    class Refused(Exception):
        def __str__(self):
            return f"refused {secret}"

    raise Refused


def test_name_of_an_error(secret):
    raise type(f"Refused {secret}", (Exception,), {})("x")


def test_base_error(secret):
    raise BaseException(secret)


def test_error_with_a_note(secret):
    error = ValueError("x")
    error.add_note(f"note: {secret}")
    raise error


def test_chain(secret):
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise RuntimeError("x") from error


def test_hidden_chain(secret):
    try:
        raise KeyError(secret)
    except KeyError:
        raise RuntimeError(secret) from None


def test_group(secret):
    raise ExceptionGroup("x", [ValueError(secret), ExceptionGroup(secret, [KeyError(secret)])])
