"""What of its program's words a team is told: by the phase's policy, and within the team's budget.

Only this leaves the recording: what a team must not see is not kept where a team reads.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leitai.competitions.models import Kind, Logs
from leitai.scoring.cleaning import LOG_BYTES, tail
from leitai.scoring.error_names import error_name
from leitai.scoring.work import Output, Result
from leitai.submissions.models import Run, Submission
from leitai.teams import service as teams

# Texts among a message's parameters that are the task's and not the program's.
OURS = frozenset({"column", "columns", "file", "metric", "suffix"})


def told(session: Session, submission: Submission, result: Result) -> dict[str, Any]:
    """What the run's row gets to keep of the program's words; part of the recording's transaction."""
    code = submission.kind == Kind.CODE
    wanted = _wanted(submission.phase.logs, result)
    left = _left(session, submission) if code and submission.phase.logs != Logs.ERROR_CLASS else 0
    shown = _cut(wanted, left)
    return {
        "params": _closed(result) if code and left == 0 else result.params,
        "stdout": shown.stdout,
        "log": shown.stderr,
        "log_bytes": shown.size,
        "log_cut": shown != wanted,
        "tails": {
            name: text
            for name in ("stdout", "stderr")
            if (text := tail(getattr(result.output, name), LOG_BYTES))
        },
    }


def _wanted(logs: str, result: Result) -> Output:
    if logs == Logs.FULL:
        return result.output
    if logs == Logs.TAIL and result.state == "rejected":
        return Output(stderr=tail(result.output.stderr, LOG_BYTES))
    return Output()


def _left(session: Session, submission: Submission) -> int:
    """What the team may still see in this task; no other recording of the team changes it before the commit.

    Of a submission the newest run counts: a rescore replaces what is shown, and only organizers ask for it.
    """
    teams.hold(session, submission.team_id)
    seen = select(func.coalesce(func.sum(Run.log_bytes), 0)).join(Submission, Submission.run_id == Run.id)
    others = seen.where(
        Submission.task_id == submission.task_id,
        Submission.team_id == submission.team_id,
        Submission.id != submission.id,
    )
    return max(0, submission.task.log_budget - int(session.scalar(others) or 0))


def _cut(wanted: Output, left: int) -> Output:
    """The end of the error output first, for it says most."""
    stderr = tail(wanted.stderr, left)
    return Output(tail(wanted.stdout, left - len(stderr.encode())), stderr)


def _closed(result: Result) -> Mapping[str, Any]:
    """The message's parameters without anything that the program wrote; its error by name, if it has one."""
    if result.code == "refused_archive":
        # Its program never ran: the words are about the file that the team handed in.
        return result.params
    params = {name: value for name, value in result.params.items() if name in OURS or _is_number(value)}
    if result.code == "runtime_error":
        params["error"] = error_name(result.output.stderr)
    return params


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, int | float)
