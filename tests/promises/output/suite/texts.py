"""Asserts that compare texts."""

rows = [f"row {number} of many, and so on" for number in range(60)]


def test_text(secret):
    assert secret == "another"


def test_text_that_differs_at_its_end(secret):
    assert "user:" + secret + "1" == "user:" + secret + "2"


def test_text_that_differs_within(secret):
    assert secret[:14] + "~" + secret[14:] == secret


def test_lines(secret):
    assert f"one\n{secret}\nthree\n" == f"one\n {secret}\nthree\n"


def test_many_lines(secret):
    assert "\n".join([*rows, secret, *rows]) == "\n".join([*rows, *rows])


def test_text_in_text(secret):
    assert "missing" in f"before {secret} after"


def test_text_not_in_text(secret):
    assert secret not in f"before {secret} after"


def test_text_not_in_long_text(secret):
    assert secret not in "\n".join([*rows, f"is {secret}", *rows])


def test_method_of_text(secret):
    assert secret.startswith("another")


def test_part_of_text(secret):
    assert secret[2:16] == ""


def test_parts_of_text(secret):
    assert secret.partition(secret[5])[2] == ""


def test_formatted(secret):
    assert f"{secret!r:>120}" == ""


def test_length(secret):
    assert len(secret) == 0


def test_order(secret):
    assert secret < ""


def test_negated(secret):
    assert not secret


def test_identity(secret):
    assert secret is None


def test_chained(secret):
    assert "" < secret < ""
