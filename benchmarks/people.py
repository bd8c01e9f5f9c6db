"""Who takes part in the event: people, teams of one to five, and the tasks that each team enters."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leitai.accounts.models import Person
from leitai.competitions.models import Entry, EntryMember
from leitai.teams.models import Membership, Team, essence

TEAMS = 3307
COUNTRIES = ["CN", "HK", "MO", "TW", "SG", "MY", "TH", "VN", "ID", "PH", "JP", "KR", "IN", "PK", "AU", "GB",
             "DE", "FR", "US", "CA", "BR"]  # fmt: skip
MEMBERS = {1: 30, 2: 18, 3: 22, 4: 16, 5: 14}
TASKS_ENTERED = {1: 62, 2: 25, 3: 13}
SOUNDS = ("ba", "lan", "qi", "shu", "mei", "tor", "ne", "xi", "gao", "rin", "po", "vel", "yun", "da", "kes")
SIGNS = "云山海星风火林泉智算数流光远岳川"
PLACES = ("University of Technology", "Institute of Data Science", "Laboratory", "有限公司", "大学")


@dataclass(frozen=True)
class Member:
    """A team's side of one task: whoever hands in is one of ``people``."""

    entry: int
    task: int
    team: int
    people: tuple[int, ...]


@dataclass
class Crowd:
    """Rows by table, and the entries by task."""

    rows: dict[type, list[dict[str, Any]]]
    entries: dict[int, list[Member]]


def gather(dice: random.Random, tasks: int, start: datetime, first_person: int) -> Crowd:
    """Everybody; the first tasks are the popular ones."""
    crowd = Crowd(
        {table: [] for table in (Person, Team, Membership, Entry, EntryMember)},
        {task: [] for task in range(1, tasks + 1)},
    )
    weights = [(number + 1) ** -0.9 for number in range(tasks)]
    for team in range(1, TEAMS + 1):
        size = dice.choices(list(MEMBERS), list(MEMBERS.values()))[0]
        joined = start + timedelta(days=dice.expovariate(1 / 12))
        people = _team(crowd, dice, team, size, min(joined, start + timedelta(days=50)), first_person)
        wanted = dice.choices(list(TASKS_ENTERED), list(TASKS_ENTERED.values()))[0]
        for task in sorted(set(dice.choices(range(1, tasks + 1), weights, k=wanted))):
            _enter(crowd, task, team, people, joined)
    return crowd


def _name(dice: random.Random, number: int) -> str:
    if dice.random() < 0.6:
        return "".join(dice.choices(SIGNS, k=dice.randint(2, 4))) + f" {number}"
    return "".join(dice.choices(SOUNDS, k=3)).capitalize() + f" {number}"


def _team(
    crowd: Crowd, dice: random.Random, team: int, size: int, at: datetime, first_person: int
) -> tuple[int, ...]:
    country = "CN" if dice.random() < 0.78 else dice.choice(COUNTRIES)
    begin = first_person + len(crowd.rows[Person])
    people = tuple(range(begin, begin + size))
    crowd.rows[Person] += [person_row(dice, number, country, at) for number in people]
    name = _name(dice, team)
    crowd.rows[Team].append(
        {
            "id": team, "name": name, "essence": essence(name), "country": country,
            "affiliation": f"{_name(dice, team % 400)} {dice.choice(PLACES)}",
            "captain_id": people[0], "created_at": at,
        }
    )  # fmt: skip
    crowd.rows[Membership] += [{"team_id": team, "person_id": person, "joined_at": at} for person in people]
    return people


def person_row(dice: random.Random, number: int, country: str, at: datetime) -> dict[str, Any]:
    """Confirmed; nobody can sign in with the password."""
    return {
        "id": number, "email": f"person{number}@example.org", "name": _name(dice, number),
        "password_hash": "!", "country": country, "session_key": f"{dice.getrandbits(160):040x}",
        "created_at": at, "confirmed_at": at,
    }  # fmt: skip


def _enter(crowd: Crowd, task: int, team: int, people: tuple[int, ...], at: datetime) -> None:
    entry = len(crowd.rows[Entry]) + 1
    crowd.rows[Entry].append(
        {
            "id": entry, "task_id": task, "team_id": team, "entered_by_id": people[0], "entered_at": at,
            "rules_digest": "0" * 64, "agreement_digest": "0" * 64,
        }
    )  # fmt: skip
    crowd.rows[EntryMember] += [
        {"entry_id": entry, "task_id": task, "person_id": person} for person in people
    ]
    crowd.entries[task].append(Member(entry, task, team, people))
