"""Entering a task: who may, with what accepted, and what nobody can race past."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leitai import db
from leitai.accounts.models import Person
from leitai.competitions.entering import Accepted, digest, enter, enter_alone
from leitai.competitions.models import Entry, EntryMember, Task
from leitai.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from leitai.teams import inviting
from leitai.teams.models import Membership, Team
from leitai.teams.service import leave
from tests.leitai.factories import make_entry, make_person, make_phase, make_task, make_team

BOTH = Accepted(digest("Rules"), digest("Agreement"))


@pytest.fixture
def task(database: object) -> Task:
    return open_task()


def open_task(**values: Any) -> Task:
    with db.transaction() as session:
        task = make_task(session, **values)
        make_phase(session, task)
        return task


def people(number: int, **values: Any) -> list[Person]:
    with db.transaction() as session:
        return [make_person(session, **values) for _ in range(number)]


def team_of(captain: Person, *members: Person) -> Team:
    with db.transaction() as session:
        return make_team(session, captain, members)


def entered(person: Person, task: Task, team: Team, accepted: Accepted = BOTH) -> Entry:
    with db.transaction() as session:
        return enter(session, person, session.get_one(Task, task.id), team.id, accepted)


def participants(task: Task) -> set[int]:
    with db.reading() as session:
        statement = select(EntryMember.person_id).where(EntryMember.task_id == task.id)
        return set(session.scalars(statement))


def test_a_captain_enters_and_everybody_in_the_team_takes_part(task: Task) -> None:
    captain, member = people(2)
    entry = entered(captain, task, team_of(captain, member))
    assert participants(task) == {captain.id, member.id}
    assert entry.entered_by_id == captain.id
    assert (entry.rules_digest, entry.agreement_digest) == (BOTH.rules, BOTH.agreement)


def test_the_text_of_either_language_may_be_the_one_accepted(database: object) -> None:
    task = open_task(rules={"en": "Rules", "zh": "规则"})
    [captain] = people(1)
    entry = entered(captain, task, team_of(captain), Accepted(digest("规则"), digest("Agreement")))
    assert entry.rules_digest == digest("规则")


def test_a_member_cannot_enter_the_team(task: Task) -> None:
    captain, member = people(2)
    with pytest.raises(NotAllowed, match="Only the captain"):
        entered(member, task, team_of(captain, member))


def test_a_stranger_does_not_learn_of_the_team(task: Task) -> None:
    captain, stranger = people(2)
    with pytest.raises(NotFound):
        entered(stranger, task, team_of(captain))


def test_an_address_that_is_not_confirmed_keeps_out(task: Task) -> None:
    [captain] = people(1, confirmed_at=None)
    with pytest.raises(Refusal, match=r"[Cc]onfirm"):
        entered(captain, task, team_of(captain))
    assert participants(task) == set()


@pytest.mark.parametrize("accepted", [Accepted("", BOTH.agreement), Accepted(BOTH.rules, "")])
def test_both_texts_must_be_accepted(task: Task, accepted: Accepted) -> None:
    [captain] = people(1)
    with pytest.raises(Invalid, match="tick both boxes"):
        entered(captain, task, team_of(captain), accepted)


def test_a_text_that_changed_meanwhile_is_not_accepted(task: Task) -> None:
    [captain] = people(1)
    with db.transaction() as session:
        session.get_one(Task, task.id).rules = {"en": "New rules", "zh": "新规则"}
    with pytest.raises(Conflict, match="changed while you read"):
        entered(captain, task, team_of(captain))


def test_after_the_last_phase_nobody_enters(database: object) -> None:
    with db.transaction() as session:
        task = make_task(session)
        make_phase(session, task, ends_at=db.now() - timedelta(seconds=1))
    [captain] = people(1)
    with pytest.raises(Conflict, match="its last phase has ended"):
        entered(captain, task, team_of(captain))


def test_between_two_phases_and_before_the_first_teams_enter(database: object) -> None:
    with db.transaction() as session:
        task = make_task(session)
        make_phase(session, task, starts_at=db.now() + timedelta(days=1))
    [captain] = people(1)
    assert entered(captain, task, team_of(captain)).id


def test_a_team_larger_than_the_task_allows_is_refused(database: object) -> None:
    captain, *members = people(3)
    with pytest.raises(Conflict, match="has 3 members, and this task allows 2"):
        entered(captain, open_task(team_size_max=2), team_of(captain, *members))


def test_a_team_enters_once(task: Task) -> None:
    [captain] = people(1)
    team = team_of(captain)
    entered(captain, task, team)
    with pytest.raises(Conflict, match="has entered this task already"):
        entered(captain, task, team)


def test_nobody_takes_part_in_two_teams_of_one_task(task: Task) -> None:
    one, two, both = people(3)
    entered(one, task, team_of(one, both))
    with pytest.raises(Conflict, match=f"{both.name} takes part in this task in another team"):
        entered(two, task, team_of(two, both))
    other = open_task()
    assert entered(two, other, team_of(two, both)).task_id == other.id


def test_who_left_a_team_stays_bound_to_it_in_this_task(task: Task) -> None:
    one, two, both = people(3)
    team = team_of(one, both)
    entered(one, task, team)
    with db.transaction() as session:
        leave = select(Membership).where(Membership.team_id == team.id, Membership.person_id == both.id)
        session.delete(session.scalars(leave).one())
    with pytest.raises(Conflict, match="in another team already"):
        entered(two, task, team_of(two, both))


@pytest.mark.parametrize("role", ["organizers", "judges"])
def test_organizers_and_judges_do_not_take_part(task: Task, role: str) -> None:
    captain, insider = people(2)
    with db.transaction() as session:
        found = session.get_one(Task, task.id)
        place = found.competition.organizers if role == "organizers" else found.judges
        place.append(session.get_one(Person, insider.id))
    with pytest.raises(NotAllowed, match="organizes the competition or judges the task"):
        entered(captain, task, team_of(captain, insider))


def test_somebody_alone_gets_a_team_of_one(task: Task) -> None:
    [person] = people(1, country="SG")
    with db.transaction() as session:
        entry = enter_alone(session, person, session.get_one(Task, task.id), "Solo", BOTH)
        assert (entry.team.name, entry.team.country, entry.team.captain_id) == ("Solo", "SG", person.id)
    assert participants(task) == {person.id}


def test_a_refused_entry_leaves_no_team_of_one_behind(task: Task) -> None:
    [person] = people(1)
    with pytest.raises(Invalid), db.transaction() as session:
        enter_alone(session, person, session.get_one(Task, task.id), "Solo", Accepted("", ""))
    with db.reading() as session:
        assert session.scalar(select(func.count(Team.id))) == 0


# Joining a team that has entered.


def join(person: Person, team: Team) -> Team:
    with db.transaction() as session:
        captain = session.get_one(Person, team.captain_id)
        secret = inviting.invite(session, captain, team.id)
    with db.transaction() as session:
        return inviting.join(session, person, secret)


def test_who_joins_later_takes_part_in_what_the_team_has_entered(task: Task) -> None:
    captain, later = people(2)
    team = team_of(captain)
    entered(captain, task, team)
    join(later, team)
    assert participants(task) == {captain.id, later.id}


def test_who_takes_part_elsewhere_cannot_join(task: Task) -> None:
    one, two = people(2)
    team = team_of(one)
    entered(one, task, team)
    entered(two, task, team_of(two))
    with pytest.raises(Conflict, match="in another team already"):
        join(two, team)


def test_nobody_joins_beyond_the_size_that_an_entered_task_allows(database: object) -> None:
    captain, second, third = people(3)
    team = team_of(captain, second)
    entered(captain, open_task(team_size_max=2), team)
    with pytest.raises(Conflict, match="has 3 members, and this task allows 2"):
        join(third, team)


def test_a_task_that_is_over_keeps_nobody_from_joining(database: object) -> None:
    captain, later = people(2)
    team = team_of(captain)
    with db.transaction() as session:
        task = make_task(session, team_size_max=1)
        make_phase(
            session, task, ends_at=db.now() - timedelta(days=1), starts_at=db.now() - timedelta(days=2)
        )
        make_entry(session, task, session.get_one(Team, team.id))
    join(later, team)
    assert participants(task) == {captain.id}


def test_who_comes_back_to_the_team_takes_part_as_before(task: Task) -> None:
    captain, member = people(2)
    team = team_of(captain, member)
    entered(captain, task, team)
    with db.transaction() as session:
        session.delete(session.scalars(select(Membership).filter_by(person_id=member.id)).one())
    join(member, team)
    assert participants(task) == {captain.id, member.id}


# Races.


def together(*actions: Callable[[], object]) -> list[object]:
    """Run all at one moment, each in a thread of its own; gives results and refusals."""
    barrier = threading.Barrier(len(actions))
    outcomes: list[object] = []

    def run(action: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes.append(action())
        except Refusal as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def refusals(outcomes: list[object]) -> int:
    return sum(isinstance(outcome, Refusal) for outcome in outcomes)


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_of_two_entries_at_one_moment_one_is_written(both_databases: object) -> None:
    task, [captain] = open_task(), people(1)
    team = team_of(captain)
    outcomes = together(*[lambda: entered(captain, task, team)] * 4)
    assert (len(outcomes), refusals(outcomes)) == (4, 3)
    with db.reading() as session:
        assert (count(session, Entry), count(session, EntryMember)) == (1, 1)


def test_two_teams_that_share_somebody_cannot_enter_at_one_moment(both_databases: object) -> None:
    task, [one, two, both] = open_task(), people(3)
    first, second = team_of(one, both), team_of(two, both)
    outcomes = together(lambda: entered(one, task, first), lambda: entered(two, task, second))
    assert (len(outcomes), refusals(outcomes)) == (2, 1)
    with db.reading() as session:
        assert (count(session, Entry), count(session, EntryMember)) == (1, 2)


def test_joining_at_the_moment_of_entry_cannot_pass_the_size(both_databases: object) -> None:
    task, [captain, second, third] = open_task(team_size_max=2), people(3)
    team = team_of(captain, second)
    outcomes = together(lambda: entered(captain, task, team), lambda: join(third, team))
    assert (len(outcomes), refusals(outcomes)) == (2, 1)


def test_of_two_who_join_at_one_moment_one_stays_out(both_databases: object) -> None:
    task, [captain, second, third] = open_task(team_size_max=2), people(3)
    team = team_of(captain)
    entered(captain, task, team)
    outcomes = together(lambda: join(second, team), lambda: join(third, team))
    assert (len(outcomes), refusals(outcomes)) == (2, 1)
    assert len(participants(task)) == 2


def test_a_team_that_has_entered_is_not_dissolved(task: Task) -> None:
    one, two = people(2)
    stays, goes = team_of(one), team_of(two)
    entered(one, task, stays)
    with pytest.raises(Conflict, match="has entered a task"), db.transaction() as session:
        leave(session, one, stays.id)
    with db.transaction() as session:
        leave(session, two, goes.id)


def test_who_joins_two_teams_at_one_moment_comes_into_one(both_databases: object) -> None:
    task, [one, two, both] = open_task(), people(3)
    first, second = team_of(one), team_of(two)
    entered(one, task, first)
    entered(two, task, second)
    outcomes = together(lambda: join(both, first), lambda: join(both, second))
    assert (len(outcomes), refusals(outcomes)) == (2, 1)
    assert participants(task) == {one.id, two.id, both.id}
