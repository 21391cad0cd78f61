"""Errors with which programs and parsers quote a value."""

import argparse
import dataclasses
import enum
import subprocess
import sys


@dataclasses.dataclass(frozen=True, order=True)
class Frozen:
    value: str
    inner: object = None


def test_arguments(secret):
    argparse.ArgumentParser("it").parse_args([f"--{secret}", secret])


def test_choice(secret):
    parser = argparse.ArgumentParser("it", exit_on_error=False)
    parser.add_argument("a", choices=["b"])
    parser.parse_args([secret])


def test_process(secret):
    subprocess.run([sys.executable, "-c", "raise SystemExit(3)", secret], check=True)


def test_missing_program(secret):
    subprocess.run([f"/missing/{secret}"], check=False)


def test_slow_process(secret):
    command = [sys.executable, "-c", "import time; time.sleep(9)", secret]
    subprocess.run(command, timeout=0.05, check=False)


def test_enum_lookup(secret):
    enum.Enum("Kind", {"A": 1})(secret)


def test_frozen(secret):
    setattr(Frozen("a"), secret, 1)


def test_unpacking(secret):
    first, second = {secret: 1}
    del first, second
