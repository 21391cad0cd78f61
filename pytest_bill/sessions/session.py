"""The sessions that tests use: ``requests.Session`` objects that know BILL's paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests

from pytest_bill import environments
from pytest_bill.bill_errors import error_with
from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.clients.requests import BILL
from pytest_bill.credentials.environ import UnknownName
from pytest_bill.exceptions import BillError, Problem, PytestBillError, in_words
from pytest_bill.secret import NeverPickled, SecretStr
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.auth import BillAuth
from pytest_bill.sessions.preparing import Preparing, merged
from pytest_bill.sessions.transport import DEFAULT_TIMEOUT, DirectAdapter, Travel

_MOST_NAMES = 6
_NO_PATH = 'A session takes a path as BILL\'s reference writes it, as in get("/v3/vendors").'
# Counted after method and url: params, data, headers, cookies, files, auth, timeout.
_POSITION_OF_TIMEOUT = 7


_V2_LIST = (
    "paginate follows the lists of v3 and of Spend & Expense, and {path} is one of v2.\n"
    "v2 takes start and max in its form; ask for one page after the other: "
    'session.call("POST", "{path}", data={{"data": json.dumps({{"start": 0, "max": 100}})}})'
)


class BillSession(NeverPickled, requests.Session):
    """A session signed in to BILL with one credential.

    Paths are written as in BILL's reference: ``session.get("/v3/vendors")``. The credential's
    headers are added when a request goes to the configured BILL, and never anywhere else; they
    are not in ``session.headers``. An expired session is renewed once, and the request repeated.

    A form posted to the v2 API gets ``devKey`` and ``sessionId`` as fields, too, unless the test
    put in one of them: ``session.post("/v2/List/Vendor.json", data={"data": "{…}"})``. So does
    a form with files, and one without any field. Another body is left alone. Sources:
    https://developer.bill.com/v2/docs/api-request-format,
    https://developer.bill.com/v2/docs/upload-documents.
    """

    def __init__(self, access: Access, recorder: ClientRequests) -> None:
        super().__init__()
        self._access = access
        self._recorder = recorder
        self._travel = Travel(recorder, access)
        self._preparing = Preparing()
        self.timeout: Any = DEFAULT_TIMEOUT
        # Also so that requests does not look for BILL's host in ~/.netrc.
        self.auth: Any = BillAuth(access, recorder)
        self.mount("https://", DirectAdapter())
        self.mount("http://", DirectAdapter())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} with the {self._access.kind.title}>"

    @property
    def base_url(self) -> str:
        """The URL below which v3 paths lie, without a slash at the end."""
        return self._recorder.environment.gateway

    @property
    def v2_url(self) -> str:
        """The URL below which the v2 API's paths lie, ``/v2/List/Vendor.json`` for one."""
        return self._recorder.environment.api

    @property
    def webhooks_url(self) -> str:
        """The URL below which the webhook API's paths lie, ``/v3/subscriptions`` for one."""
        return self._recorder.environment.events

    @property
    def organization_id(self) -> str:
        """The organization signed in to: its id, or the placeholder that cassettes hold.

        Raises:
            KeyError: the credential (Spend & Expense, partner, OAuth) names no organization.
            MissingCredentials: OAuth takes the place of a credential that does, and the variable
                is not set.
        """
        try:
            return self._access.value("organization_id")
        except KeyError:
            raise UnknownName(
                f"The {self._access.kind.title} names no organization: {self._access.kind.fixture} "
                "has no organization_id.\nTake that of another session, such as "
                "bill_dev_session.organization_id, or ask BILL for it."
            ) from None

    def credential_headers(self) -> dict[str, SecretStr]:
        """The credential's header fields, for an HTTP client of the code under test.

        The v2 API takes them as fields of the form. Ask when the request is made: during replay
        they are placeholders, and a renewed session has new ones. The values are strings whose
        repr is masked.
        """
        return self._access.headers()

    def request(  # type: ignore[override]
        self, method: str, url: str | bytes, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request; a path goes to BILL, an absolute URL where it says.

        The time-out is ``session.timeout`` (seconds to connect, seconds to read) unless given.
        """
        __tracebackhide__ = True
        path = url.decode() if isinstance(url, bytes) else url
        if len(args) < _POSITION_OF_TIMEOUT:
            kwargs.setdefault("timeout", self.timeout)
        try:
            is_path = path.startswith("/")
        except AttributeError:
            raise in_words(
                TypeError(_NO_PATH), f"{_NO_PATH}\nIt was {type(url).__name__}."
            ) from None
        if is_path:
            self._recorder.asked += 1  # here, since a fake may answer it
        self._recorder.ensure_open()
        return super().request(method, self._recorder.environment.resolve(path), *args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request; its credential is added when it leaves."""
        __tracebackhide__ = True
        vars(request)[BILL] = self._travel
        try:
            return super().send(request, **kwargs)
        finally:
            # An answer may be pickled or copied, with its request.
            vars(request).pop(BILL, None)

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Put the session's settings into a request, as ``requests`` does.

        But ``~/.netrc`` is never read.
        """
        return self._preparing.prepared(self, request)

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        """Put the session's settings beside those of a call, and the environment's proxies.

        A replayed answer needs no proxy: looking for one costs more than the answer.
        """
        if not self._is_replayed(url):
            return super().merge_environment_settings(url, proxies, stream, verify, cert)
        return {
            "proxies": merged(proxies, self.proxies) if proxies else {**self.proxies},
            "stream": self.stream if stream is None else stream,
            "verify": self.verify if verify is None else verify,
            "cert": self.cert if cert is None else cert,
        }

    def rebuild_proxies(self, prepared_request: requests.PreparedRequest, proxies: Any) -> Any:
        """The proxies for the request that follows a redirect, see above."""
        if self._is_replayed(prepared_request.url or ""):
            return {**(proxies or {})}
        return super().rebuild_proxies(prepared_request, proxies)  # type: ignore[no-untyped-call]

    def _is_replayed(self, url: str) -> bool:
        """Whether the answer comes from a cassette, or not at all."""
        recorder = self._recorder
        return (
            not recorder.can_record_now
            and environments.is_bill(url, recorder.environment)
            and isinstance(self.get_adapter(url), DirectAdapter)
        )

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Drop ``Authorization`` on the way to another host, and never read ``~/.netrc``."""
        url = prepared_request.url or ""
        came_from = response.request.url or ""
        if "Authorization" in prepared_request.headers and self.should_strip_auth(  # type: ignore[no-untyped-call]
            came_from, url
        ):
            del prepared_request.headers["Authorization"]

    def call(self, method: str, path: str, **kwargs: Any) -> Any:
        """Send a request and give the parsed JSON of the answer, None where it has no body.

        Raises:
            BillError: BILL answered with an error, or with what is no JSON.
        """
        __tracebackhide__ = True
        response = self.request(method, path, **kwargs)
        response.raise_for_status()
        if not response.content:
            return None
        try:
            return response.json()
        except requests.JSONDecodeError:
            pass
        # Raised out here: it did not come of the other error's frames.
        raise error_with(response, (Problem("", "no JSON"),), BillError, _no_json(response))

    def paginate(
        self, path: str, params: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Iterator[dict[str, Any]]:
        """Give every item of a list, page after page.

        A list takes ``max`` and answers ``results`` and ``nextPage``, which the next page is asked
        for with: as ``page`` in v3 (https://developer.bill.com/docs/search-op-with-lists), as
        ``nextPage`` below ``/v3/spend/``
        (https://developer.bill.com/docs/authentication-with-api-token).

        Raises:
            BillError: BILL answered with an error.
            PytestBillError: what is at that path is no such list.
            TypeError: ``params`` is no dict.
        """
        __tracebackhide__ = True
        if not isinstance(params, Mapping | None):
            text = f"paginate takes params as a dict, and was given {type(params).__name__}."
            raise in_words(TypeError(text), f'{text}\nWrite it as params={{"max": 100}}.')
        if "/v2/" in path:
            raise PytestBillError(_V2_LIST.format(path=path))
        wanted = dict(params or {})
        while True:
            page = self.call("GET", path, params=wanted, **kwargs)
            if not isinstance(page, dict) or not isinstance(page.get("results"), list):
                raise PytestBillError(_no_list(path, page))
            yield from page["results"]
            next_page = page.get("nextPage")
            if not next_page:
                return
            wanted["nextPage" if self._is_of_spend(path) else "page"] = next_page

    def _is_of_spend(self, path: str) -> bool:
        url = self._recorder.environment.resolve(path)
        return url.removeprefix(self.base_url).startswith("/v3/spend/")


class BillSpendClient(BillSession):
    """A client of the Spend & Expense API; its token needs no sign-in."""


class BillConsoleSession(BillSession):
    """A session signed in with the Accountant Console API token, to one client organization."""

    def __init__(
        self, access: Access, recorder: ClientRequests, access_to: Callable[[str], Access]
    ) -> None:
        """``access_to`` signs in to a client organization, given its id."""
        super().__init__(access, recorder)
        self._access_to = access_to

    def for_organization(self, organization_id: str) -> BillConsoleSession:
        """A session signed in to another of the Console's client organizations.

        A sign-in of BILL's is for one organization, so each has its own, made once a run; its
        cassette is beside this session's. ``GET /v3/login/organizations`` tells the ids. Source:
        https://developer.bill.com/docs/bill-accountant-console-operations.

        Raises:
            NotInCassette: only replay is allowed, and that sign-in is not recorded.
            SignInFailed: BILL gave no session; the organization may be none of the clients.
        """
        __tracebackhide__ = True
        access = self._access_to(organization_id)
        session = BillConsoleSession(access, self._recorder, self._access_to)
        _take_settings(session, self)
        return session


class BillPartnerSession(BillSession):
    """A session signed in with the partner app key."""

    def for_organization(self, organization_id: str) -> BillPartnerSession:
        """A session that also sends ``organizationId``, to manage that organization's users.

        It shares this session's sign-in. Source:
        https://developer.bill.com/docs/bill-partner-operations.
        """
        session = BillPartnerSession(self._access, self._recorder)
        _take_settings(session, self)
        session.headers["organizationId"] = organization_id
        return session


def _take_settings(session: BillSession, other: BillSession) -> None:
    session.headers.update(other.headers)
    session.timeout = other.timeout
    session.proxies, session.verify, session.cert = other.proxies, other.verify, other.cert


def _no_json(response: requests.Response) -> str:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip() or "of no type"
    return (
        f"The answer is {kind}: call() is for JSON.\n"
        "Get it with session.get(path).content; or check the path, and the address that was asked "
        "(BILL_BASE_URL)."
    )


def _no_list(path: str, page: Any) -> str:
    """What to say of an answer that is no page; it shows names of fields, and no value."""
    if isinstance(page, dict):
        names = sorted(map(str, page))
        fields = f"{', '.join(names[:_MOST_NAMES])}{', …' if len(names) > _MOST_NAMES else ''}"
        what = f"one record (with {fields})" if names else "an empty record"
    else:
        what = "nothing" if page is None else f"a {type(page).__name__} without pages"
    return (
        f"paginate asked GET {path}, and BILL answered {what}, not a list with results.\n"
        f'Get it with session.call("GET", "{path}"), or name the list, as in "/v3/vendors".'
    )
