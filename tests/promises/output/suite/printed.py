"""What a test prints."""

import dataclasses
import pprint
import subprocess
import sys
import textwrap
import traceback

rows = [f"row {number} of many, and so on" for number in range(60)]


@dataclasses.dataclass
class Grant:
    name: str
    value: object
    when: int = 0


def test_printed(secret):
    print(secret)
    assert 0


def test_printed_to_errors(secret):
    print(f"is {secret}", file=sys.stderr)
    assert 0


def test_printed_values(secret):
    print({"a": secret}, [secret.encode()], Grant("a", secret))
    assert 0


def test_printed_without_an_end(secret):
    print(secret, end="")
    assert 0


def test_printed_in_two(secret):
    sys.stdout.write(secret[:11])
    sys.stdout.write(secret[11:] + "\n")
    assert 0


def test_printed_letter_by_letter(secret):
    for letter in secret:
        sys.stdout.write(letter)
    print()
    assert 0


def test_printed_as_lines(secret):
    sys.stdout.writelines(["a ", secret, "\n"])
    assert 0


def test_printed_as_bytes(secret):
    sys.stdout.buffer.write(f"is {secret}\n".encode())
    assert 0


def test_printed_bytes_in_two(secret):
    data = secret.encode()
    sys.stdout.buffer.write(data[:11])
    sys.stdout.buffer.write(data[11:] + b"\n")
    assert 0


def test_printed_pretty(secret):
    pprint.pprint({"token": secret, "more": [secret, rows]}, width=30)
    assert 0


def test_printed_wrapped(secret):
    print("\n".join(textwrap.wrap(f"the token is {secret} and so on", 21)))
    assert 0


def test_printed_in_a_box(secret):
    print(f"| {secret[:20]:<20} |\n| {secret[20:]:<20} |")
    assert 0


def test_printed_in_colours(secret):
    print(f"\x1b[32m{secret[:7]}\x1b[1m{secret[7:]}\x1b[0m")
    assert 0


def test_printed_trace(secret):
    try:
        raise ValueError(secret)
    except ValueError:
        traceback.print_exc()
    assert 0


def test_printed_and_passed(secret):
    print(secret)
    print(secret, file=sys.stderr)


def test_printed_by_a_process(secret):
    subprocess.run(["/bin/echo", secret], check=True)
    assert 0


def test_printed_later(secret, request):
    request.addfinalizer(lambda: print(f"late {secret}"))
    assert 0
