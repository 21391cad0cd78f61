"""What a test logs and warns of."""

import logging
import warnings


class Plain:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"Plain <{self.value}>"


def test_read_again(secret, capsys):
    print(secret)
    assert capsys.readouterr().out == ""


def test_read_from_the_log(secret, caplog):
    logging.getLogger("own").warning("is %s", secret)
    assert caplog.text == ""


def test_read_records(secret, caplog):
    logging.getLogger("own").warning("is %s", secret)
    assert caplog.record_tuples == []


def test_logged(secret):
    logging.getLogger("own").warning(secret)
    assert 0


def test_logged_with_arguments(secret):
    logging.getLogger("own").error("is %s and %r of %d", secret, {"a": secret}, 1)
    assert 0


def test_logged_by_name(secret):
    logging.getLogger("own").info("is %(token)s", {"token": secret})
    assert 0


def test_logged_cut(secret):
    logging.getLogger("own").info("is %.14s", secret)
    assert 0


def test_logged_object(secret):
    logging.getLogger("own").warning(Plain([secret]))
    assert 0


def test_logged_error(secret):
    try:
        raise ValueError(secret)
    except ValueError:
        logging.getLogger("own").exception("it", extra={"token": secret}, stack_info=True)
    assert 0


def test_logger_of_that_name(secret):
    logging.getLogger(f"own.{secret}").error("x")
    assert 0


def test_logged_wrongly(secret):
    logging.getLogger("own").warning("%d", secret)
    assert 0


def test_logged_headers(secret):
    pairs = [(b"set-cookie", b"acct=" + secret.encode()), (b"x-acct", secret.encode())]
    logging.getLogger("own").debug("headers=%r", pairs)
    assert 0


def test_logged_by_a_handler_of_its_own(secret):
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logger = logging.getLogger("own.with_handler")
    logger.addHandler(handler)
    logger.warning("is %s", secret)
    logger.removeHandler(handler)
    assert 0


def test_warned(secret):
    warnings.warn(f"is {secret}", stacklevel=1)


def test_warned_with_a_value(secret):
    warnings.warn(UserWarning({"a": secret}), stacklevel=1)


def test_warned_of_a_kind(secret):
    warnings.warn_explicit(secret, FutureWarning, f"/a/{secret}.py", 3)


def test_left_open(secret, tmp_path):
    open(tmp_path / "file", "w")  # noqa: SIM115
    assert secret == 1
