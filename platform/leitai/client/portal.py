"""The portal's API v1, one method a route; answers are the JSON as it came."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import requests
from requests.auth import AuthBase

from leitai.client.credentials import Credentials
from leitai.client.errors import Refused, Unreachable

# Seconds to connect, and between two parts of an answer.
PATIENCE = (10, 60)
NOT_FOUND = 404
NOT_KNOWN = (
    "The portal does not know this token, or it was revoked. Make a new one on your account page, "
    "then: leitai login URL"
)

Json = dict[str, Any]


class TaskName(NamedTuple):
    """A task as people write it: COMPETITION/TASK."""

    competition: str
    task: str

    def __str__(self) -> str:
        return f"{self.competition}/{self.task}"


class _Bearer(AuthBase):
    """An auth of our own also keeps requests from sending what ~/.netrc holds instead."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Portal:
    """A portal and the token that it knows us by.

    Every method raises Refused with the portal's own words, or Unreachable.
    """

    def __init__(self, credentials: Credentials) -> None:
        self.url = credentials.url
        self._session = requests.Session()
        self._session.auth = _Bearer(credentials.token.get_secret_value())
        self._session.headers["User-Agent"] = "leitai"

    def me(self) -> Json:
        """Whose token this is; asked first, so that a wrong address shows here."""
        try:
            return self._object("me")
        except Refused as error:
            raise _strange(self.url) if error.status == NOT_FOUND else error from None

    def competitions(self) -> list[Json]:
        """All competitions with their tasks."""
        return self._list("competitions")

    def task(self, name: TaskName) -> Json:
        """A task with its phases and limits."""
        return self._object(f"tasks/{name}")

    def data(self, name: TaskName) -> list[Json]:
        """The open data files of a task."""
        return self._list(f"tasks/{name}/data")

    @contextmanager
    def file(self, name: TaskName, number: int, already: int = 0) -> Iterator[requests.Response]:
        """The bytes of an open data file; from the byte `already` on if the portal can (status 206)."""
        headers = {"Range": f"bytes={already}-"} if already else {}
        with self._asked("GET", f"tasks/{name}/data/{number}", stream=True, headers=headers) as response:
            yield response

    def submit(self, name: TaskName, body: Any, content_type: str) -> Json:
        """Hand in a multipart form."""
        answer = self._asked(
            "POST", f"tasks/{name}/submissions", data=body, headers={"Content-Type": content_type}
        )
        return _object(answer)

    def submissions(self, name: TaskName) -> list[Json]:
        """Our submissions for a task, newest first."""
        return self._list(f"tasks/{name}/submissions")

    def submission(self, number: int) -> Json:
        """One submission of ours."""
        return self._object(f"submissions/{number}")

    def board(self, name: TaskName, **query: str | int) -> Json:
        """A page of a board."""
        return self._object(f"tasks/{name}/board", params=query)

    def _object(self, path: str, **options: Any) -> Json:
        return _object(self._asked("GET", path, **options))

    def _list(self, path: str) -> list[Json]:
        answer = _json(self._asked("GET", path))
        if not isinstance(answer, list):
            raise _strange(f"{self.url}/api/v1/{path}")
        return answer

    def _asked(self, method: str, path: str, **options: Any) -> requests.Response:
        url = f"{self.url}/api/v1/{path}"
        try:
            # A redirect could lead to where the token is not meant to go.
            response = self._session.request(method, url, timeout=PATIENCE, allow_redirects=False, **options)
        except requests.exceptions.SSLError:
            raise Unreachable(f"The certificate of {self.url} cannot be trusted.") from None
        except requests.RequestException as error:
            raise Unreachable(f"{self.url} cannot be reached ({_reason(error)}).") from None
        if response.ok and response.status_code < 300:
            return response
        with response:
            raise _refusal(response)


def _object(response: requests.Response) -> Json:
    answer = _json(response)
    if not isinstance(answer, dict):
        raise _strange(response.url)
    return answer


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except requests.RequestException:
        raise _strange(response.url) from None


def _strange(url: str) -> Unreachable:
    return Unreachable(f"{url} did not answer like a portal of this version. Check the address.")


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "no connection"
    return type(error).__name__


def _refusal(response: requests.Response) -> Refused | Unreachable:
    status = response.status_code
    if response.is_redirect:
        return Refused(f"The portal is at another address: {response.headers['Location']}. Sign in there.")
    try:
        error = response.json()["error"]
        if status == requests.codes.unauthorized:
            return Refused(NOT_KNOWN, str(error["code"]), status)
        return Refused(str(error["message"]), str(error["code"]), status)
    except (requests.RequestException, KeyError, TypeError):
        pass
    if status >= 500:
        return Unreachable(f"The portal has trouble (status {status}). Try again later.")
    return _strange(response.url)
