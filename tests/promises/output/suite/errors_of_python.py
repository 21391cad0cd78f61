"""Errors with which Python quotes a value."""

import ast
import codecs
import configparser
import datetime
import decimal
import fractions
import importlib
import ipaddress
import json
import logging
import os
import pathlib
import re
import shlex
import sqlite3
import string
import tomllib
import uuid
import zoneinfo


class Plain:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"Plain <{self.value}>"


def test_key_error(secret):
    {}[secret]


def test_environment_error(secret):
    os.environ["NOT_" + secret]


def test_attribute_error(secret):
    getattr(Plain(1), secret)


def test_unexpected_keyword(secret):
    Plain(**{"value": 1, secret: 2})


def test_missing_file(secret):
    pathlib.Path("missing", secret).read_text()


def test_missing_import(secret):
    importlib.import_module(secret)


def test_syntax_error(secret):
    compile(f"value = '{secret[:30]}' oh no", "given", "exec")


def test_syntax_error_of_a_literal(secret):
    ast.literal_eval(f"{{'a': {secret}")


def test_evaluated(secret):
    eval(f"missing_name['{secret[:3]}'] + {secret!r}")


def test_int(secret):
    int(f"{secret}.")


def test_float(secret):
    float(f"is {secret}")


def test_complex_index(secret):
    "abc".index(secret)


def test_list_index(secret):
    ["a"].index(secret)


def test_list_remove(secret):
    [1, 2].remove(secret)


def test_decimal(secret):
    decimal.Decimal(f"{secret}x")


def test_fraction(secret):
    fractions.Fraction(f"{secret}/")


def test_uuid_of_a_text(secret):
    uuid.UUID(secret + "-")


def test_moment(secret):
    datetime.datetime.fromisoformat(secret)


def test_moment_by_its_form(secret):
    datetime.datetime.strptime(secret, "%Y-%m-%d")


def test_address(secret):
    ipaddress.ip_address(secret)


def test_json_error(secret):
    json.loads(f'{{"a": "{secret[:12]}')


def test_toml(secret):
    tomllib.loads(f"a = {secret}")


def test_ini(secret):
    configparser.ConfigParser().read_string(f"[a]\n{secret[:3]}\n{secret}")


def test_template(secret):
    string.Template("${" + "missing}").substitute({secret: 1})


def test_format(secret):
    "{missing}".format_map({secret: 1})["x"]


def test_codec(secret):
    codecs.lookup(secret)


def test_decoding(secret):
    (secret.encode() + b"\xff").decode()


def test_encoding(secret):
    (secret + "\u20ac").encode("ascii")


def test_pattern(secret):
    re.compile(f"({secret}[")


def test_split(secret):
    shlex.split(secret + ' "')


def test_zone(secret):
    zoneinfo.ZoneInfo("A/" + secret)


def test_sql(secret):
    sqlite3.connect(":memory:").execute(f"select {secret[:40]} frm")


def test_level(secret):
    logging.getLogger("own").setLevel(secret)
