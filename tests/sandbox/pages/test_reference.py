"""The description of the API: /openapi.json, and the page to browse."""

from html.parser import HTMLParser

import pytest
import requests

from pytest_bill.sandbox import api
from pytest_bill.sandbox.core.operations import Caller
from pytest_bill.sandbox.description import openapi
from pytest_bill.sandbox.pages import reference


@pytest.fixture
def page(sandbox):
    return requests.get(sandbox.origin + reference.PATH, timeout=5).text


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.targets, self.open = [], [], []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids += [found["id"]] if "id" in found else []
        self.targets += [found["href"]] if "href" in found else []
        if tag not in {"meta", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_decl(self, declaration):
        assert declaration.lower() == "doctype html"


def test_the_page_is_well_formed_and_its_links_lead_somewhere(page):
    links = Links()
    links.feed(page)
    assert links.open == []
    assert len(links.ids) == len(set(links.ids))
    inner = {target[1:] for target in links.targets if target.startswith("#")}
    assert inner <= set(links.ids)


def test_the_page_names_every_operation(page):
    assert not [each.name for each in api.OPERATIONS if f'id="{each.name}"' not in page]


def test_one_sign_in_may_take_the_place_of_another():
    paths = openapi.document(api.OPERATIONS)["paths"]
    login = paths["/connect/v3/login"]["post"]["requestBody"]["content"]["application/json"]
    assert set(login["schema"]["required"]) == {"devKey", "username", "organizationId"}
    assert paths["/connect/v3/logout"]["post"]["security"] == [
        {"sessionId": [], "devKey": []},
        {"sessionId": [], "appKey": []},
        {"accessToken": []},
    ]


def test_both_are_served_without_a_credential(sandbox):
    assert requests.get(sandbox.origin, timeout=5).headers["content-type"].startswith("text/html")
    document = requests.get(f"{sandbox.origin}/openapi.json", timeout=5).json()
    assert document["openapi"].startswith("3.1")
    described = sum(len(methods) for methods in document["paths"].values())
    assert described == len(api.OPERATIONS)
    vendors = document["paths"]["/connect/v3/vendors"]
    assert vendors["get"]["security"] == [{"sessionId": [], "devKey": []}, {"accessToken": []}]
    assert vendors["post"]["requestBody"]["content"]["application/json"]["schema"]["required"]
    assert Caller.ORGANIZATION.value in vendors["get"]["description"]
