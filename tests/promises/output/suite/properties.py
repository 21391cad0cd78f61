"""What a test adds to its report."""

import pytest


class Plain:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"Plain <{self.value}>"


def test_property(secret, record_property):
    record_property("said", secret)


def test_name_of_a_property(secret, record_property):
    record_property(f"said-{secret}", 1)


def test_nested_property(secret, record_property):
    record_property("said", {"a": [secret, secret.encode()]})


def test_attribute_of_xml(secret, record_xml_attribute):
    record_xml_attribute("said", secret)


def test_property_of_the_suite(secret, record_testsuite_property):
    record_testsuite_property("said", secret)


def test_own_property(secret, request):
    request.node.user_properties.append(("said", secret))


def test_own_section(secret, request):
    request.node.add_report_section("call", "said", f"in a section: {secret}")


def test_name_of_an_own_section(secret, request):
    request.node.add_report_section("call", f"said {secret}", "text")


def test_own_mark(secret, request):
    request.node.add_marker(pytest.mark.own(secret, token=secret))


def test_extra_keyword(secret, request):
    request.node.extra_keyword_matches.add(secret)


def test_cache(secret, cache):
    cache.set("own/said", {"a": [secret]})


def test_key_of_the_cache(secret, cache):
    cache.set("own/" + secret.encode().hex()[:8] + "/a", {secret: 1})


def test_patched(secret, monkeypatch):
    monkeypatch.delattr(Plain, secret)


def test_own_doc(secret, request):
    request.node.obj.__doc__ = f"Is {secret}."
    assert not secret
