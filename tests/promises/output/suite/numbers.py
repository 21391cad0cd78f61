"""Asserts that compare numbers and UUIDs."""

import decimal
import fractions
import uuid

import pytest


def test_float_of_a_number(secret):
    assert float(secret) == 1.0


def test_number(secret):
    assert int(secret) == 1


def test_number_beside_a_near_one(secret):
    assert int(secret) + 1 == int(secret) - 1


def test_numbers_in_a_list(secret):
    assert [int(secret), 1] == [2, 1]


def test_number_in_a_dict(secret):
    assert {"id": int(secret)} == {"id": 5}


def test_decimal_of_a_number(secret):
    assert decimal.Decimal(secret) == 1


def test_decimal_with_a_point_of_a_number(secret):
    assert decimal.Decimal(secret + ".50") == 1


def test_fraction_of_a_number(secret):
    assert fractions.Fraction(int(secret), 7) == 1


def test_approximate_number(secret):
    assert int(secret) == pytest.approx(3)


def test_approximate_numbers(secret):
    assert {"a": int(secret)} == pytest.approx({"a": 3})


def test_number_with_groups(secret):
    assert f"{int(secret):,}" == ""


def test_uuid(secret):
    assert uuid.UUID(secret) == 1


def test_uuids_in_a_dict(secret):
    assert {uuid.UUID(secret): [uuid.UUID(secret)]} == {}
