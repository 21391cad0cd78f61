"""Calls of BILL's v2 API."""

import json
from dataclasses import dataclass

import pytest
import requests


@dataclass
class V2:
    """Calls v2 in a session: with the session in the form, an object as JSON in `data`."""

    origin: str
    session: dict[str, str]

    def envelope(self, path, data=None):
        """The whole answer, whose HTTP status is 200 whatever happened."""
        form = dict(self.session)
        if data is not None:
            form["data"] = data if isinstance(data, str) else json.dumps(data)
        answer = requests.post(f"{self.origin}/api/v2/{path}.json", data=form, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def __call__(self, path, data=None):
        """What a success answers."""
        answer = self.envelope(path, data)
        assert answer["response_message"] == "Success", answer
        return answer["response_data"]

    def refused(self, path, data=None):
        """The code and message of a refusal."""
        answer = self.envelope(path, data)
        assert answer["response_status"] == 1, answer
        return answer["response_data"]["error_code"], answer["response_data"]["error_message"]

    def create(self, entity, **fields):
        """A new entity."""
        return self(f"Crud/Create/{entity}", {"obj": {"entity": entity, **fields}})

    def update(self, entity, **fields):
        """The entity with other fields."""
        return self(f"Crud/Update/{entity}", {"obj": {"entity": entity, **fields}})

    def read(self, entity, entity_id):
        """The entity of that id."""
        return self(f"Crud/Read/{entity}", {"id": entity_id})

    def list(self, entity, *filters, **asked):
        """The entities for which filters like ("name", "=", "Happy") hold."""
        terms = [
            {"field": field, "op": operator, "value": value} for field, operator, value in filters
        ]
        return self(f"List/{entity}", {"start": 0, "max": 999, "filters": terms, **asked})


@pytest.fixture
def v2(developer):
    """Calls v2 in the developer's session."""
    return V2(developer.origin, developer.headers)


@pytest.fixture
def v2_sync(sync):
    """Calls v2 in the session of an AP & AR sync token."""
    return V2(sync.origin, sync.headers)


@pytest.fixture
def v2_sign_in(sandbox):
    """Signs in with v2's own Login."""
    v = sandbox.variables
    form = {
        "userName": v["BILL_USERNAME"],
        "password": v["BILL_PASSWORD"],
        "orgId": v["BILL_ORGANIZATION_ID"],
        "devKey": v["BILL_DEV_KEY"],
    }

    def sign_in():
        signed_in = V2(sandbox.origin, form)("Login")
        session = {"sessionId": signed_in["sessionId"], "devKey": form["devKey"]}
        return V2(sandbox.origin, session)

    return sign_in
