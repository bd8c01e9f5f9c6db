"""Why a submission is not taken, each with the code that programs tell it by."""

from leitai.errors import Conflict, Invalid, NotAllowed


class PhaseClosed(Conflict):
    """No phase of the task is open now."""

    code = "phase_closed"


class NotConfirmed(NotAllowed):
    """The person's e-mail address is not confirmed."""

    code = "email_not_confirmed"


class NotEntered(NotAllowed):
    """None of the person's teams has entered the task."""

    code = "not_entered"


class NotAdvanced(NotAllowed):
    """The team did not reach this phase."""

    code = "not_advanced"


class TeamUnclear(Conflict):
    """More than one team of the person has entered, and none was named."""

    code = "team_unclear"


class UnsuitableFile(Invalid):
    """The file cannot be what the task asks for; it was not taken and costs no quota."""

    code = "unsuitable_file"
