"""API v1: who a token belongs to."""

from apiflask import APIBlueprint
from pydantic import BaseModel

from leitai.accounts.identity import require_person, token_auth

api = APIBlueprint("accounts_api", __name__, url_prefix="/api/v1", tag="Account")


class PersonOut(BaseModel):
    """The owner of the token."""

    name: str
    email: str
    country: str
    language: str
    confirmed: bool


@api.get("/me")
@api.auth_required(token_auth)
@api.output(PersonOut)
@api.doc(summary="Whose token this is")
def me() -> PersonOut:
    """The person that requests with this token act for."""
    person = require_person()
    return PersonOut(
        name=person.name,
        email=person.email,
        country=person.country,
        language=person.language,
        confirmed=person.confirmed_at is not None,
    )
