"""The models of competition.yaml and task.yaml: what every key may hold."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints
from pydantic import model_validator as validator

from leitai.competitions.bundle.dates import Moment, When
from leitai.competitions.bundle.errors import refuse
from leitai.competitions.bundle.evaluation import Evaluation
from leitai.competitions.bundle.files import FileOrFolderPlace, FilePlace, FolderPlace, Markdown, Place
from leitai.competitions.bundle.limits import LimitsSpec, PhaseLimits
from leitai.competitions.bundle.quantities import Size
from leitai.competitions.bundle.strict import STRICT

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
]
# A module, or one of its functions that takes nothing.
Preload = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_]\w*)?$", max_length=120)
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Strict(BaseModel):
    """Unknown keys are errors, and a value keeps the type that it has in the file."""

    model_config = STRICT


class Words(Strict):
    """A short text in both languages."""

    en: Line
    zh: Line


class Pages(Strict):
    """A long text in both languages: Markdown, or the name of a Markdown file."""

    en: Markdown
    zh: Markdown


class DataSpec(Strict):
    """One file of open data."""

    file: FilePlace
    description: Words


class ValidationSpec(Strict):
    """Open data with answers, on which teams score their files themselves: a table, or one for each file."""

    reference: FilePlace | None = None
    files: dict[str, FilePlace] = {}

    @validator(mode="after")
    def is_one(self) -> Self:
        """A submission holds one table or several."""
        if (self.reference is None) == (not self.files):
            remedy = "Name a table under reference; where submissions hold several, one for each under files."
            raise refuse("needs either reference or files.", remedy)
        return self

    @property
    def places(self) -> dict[str, Place]:
        """The tables by the name of the file that each is compared with; without one where it is the only."""
        return {"": self.reference} if self.reference else self.files


class Advance(Strict):
    """Who goes on to the next phase: a share of the board's teams, or a number, or the smaller of both."""

    share: Annotated[float, Field(strict=False, gt=0, le=1)] | None = None
    most: Annotated[int, Field(ge=1)] | None = None

    @validator(mode="after")
    def says_something(self) -> Self:
        """An empty rule would be read as nobody by one and as everybody by another."""
        if self.share is None and self.most is None:
            raise refuse("says neither share nor most.", "Write one of them, or leave advance out.")
        return self


class PhaseSpec(Strict):
    """A period of a task with its own hidden data and limits."""

    slug: Slug
    kind: Literal["preliminary", "semi-final", "final"]
    title: Words
    starts: Moment
    ends: Moment
    private_from: Moment | None = None
    daily_limit: Annotated[int, Field(ge=1, le=10_000)] = 5
    total_limit: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    input: FolderPlace | None = None
    reference: FileOrFolderPlace
    rejected_counts: bool = False
    advance: Advance | None = None
    limits: PhaseLimits = PhaseLimits()
    logs: Literal["full", "tail", "error-class"] | None = None
    alone: bool = False

    @property
    def reveals(self) -> When:
        """When the private board is shown: when the phase ends, unless the file says otherwise."""
        return self.private_from or self.ends

    @validator(mode="after")
    def times_in_order(self) -> Self:
        """A private board shown early would give the private part away while submissions still come in."""
        if self.ends.at <= self.starts.at:
            raise refuse("is not after starts.", "Correct one of the two.", key="ends")
        if self.reveals.at < self.ends.at:
            remedy = "Set it to the end of the phase or later, or leave it out."
            raise refuse("is before the phase ends.", remedy, key="private_from")
        if self.daily_limit > self.total_limit:
            raise refuse("is more than total_limit.", "Correct one of the two.", key="daily_limit")
        return self


class BaselineTeam(Strict):
    """The team under which a demo submits the baseline."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    country: Country
    affiliation: Line


class Baseline(Strict):
    """A submission that the organizer knows the outcome of: what `leitai check` tries a task with.

    ``reason`` is the verdict of the sandbox (`time_limit`) or the code of the refusal (`missing_ids`).
    """

    name: Line
    file: FileOrFolderPlace
    phase: Slug | None = None
    expect: Literal["scored", "rejected"] = "scored"
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")] | None = None
    score: dict[str, Annotated[float, Field(strict=False, allow_inf_nan=False)]] = {}
    tolerance: Annotated[float, Field(strict=False, ge=0, lt=1)] = 0.01
    team: BaselineTeam | None = None

    @validator(mode="after")
    def expectation_fits(self) -> Self:
        """A rejected submission has no score, and a scored one no reason."""
        if self.expect == "rejected" and self.score:
            raise refuse("is given for a baseline that is rejected.", "Remove it.", key="score")
        if self.expect == "scored" and self.reason:
            raise refuse("is given for a baseline that is scored.", "Remove it.", key="reason")
        return self


class ImageSpec(Strict):
    """An image of the sponsor's for a code task: a folder with a Dockerfile, or what `docker save` wrote."""

    dockerfile: FolderPlace | None = None
    archive: FilePlace | None = None

    @validator(mode="after")
    def is_one(self) -> Self:
        """There is one image to run in."""
        if (self.dockerfile is None) == (self.archive is None):
            raise refuse("needs either dockerfile or archive.", "Name a folder or a file under one of them.")
        return self

    @property
    def kind(self) -> Literal["dockerfile", "archive"]:
        """Which of the two it is."""
        return "dockerfile" if self.dockerfile else "archive"

    @property
    def place(self) -> Path:
        """The folder or the file."""
        place = self.dockerfile or self.archive
        assert place
        return place.path


def _nonempty(value: list[Any]) -> list[Any]:
    if not value:
        raise refuse("is empty.", "Add one.")
    return value


class TaskSpec(Strict):
    """One problem, set by a sponsor."""

    slug: Slug
    title: Words
    sponsor: Words
    prize: Words
    kind: Literal["predictions", "code"]
    team_size_max: Annotated[int, Field(ge=1, le=100)] = 5
    statement: Pages
    rules: Pages
    agreement: Pages
    judges: list[Email] = []
    data: list[DataSpec] = []
    validation: ValidationSpec | None = None
    image: ImageSpec | None = None
    preload: Annotated[list[Preload], Field(max_length=40)] = []
    evaluation: Evaluation
    limits: LimitsSpec = LimitsSpec()
    log_budget: Annotated[Size, Field(ge=1000, le=1_000_000_000)] = 1_000_000
    phases: Annotated[list[PhaseSpec], AfterValidator(_nonempty)]
    baselines: list[Baseline] = []

    def limits_in(self, phase: PhaseSpec) -> LimitsSpec:
        """What one run may use in a phase."""
        return self.limits.within(phase.limits)

    def logs_in(self, phase: PhaseSpec) -> str:
        """How much of its output a team sees: code reads hidden input, which could be printed."""
        return phase.logs or ("error-class" if self.kind == "code" else "tail")


def _task_item(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise refuse("is neither a task nor a file.", "Name its task.yaml, or write its keys here.")
    return value


class TrackSpec(Strict):
    """A theme; its tasks are read one by one, each an inline mapping or the name of a file."""

    slug: Slug
    title: Words
    tasks: Annotated[list[Annotated[Any, BeforeValidator(_task_item)]], AfterValidator(_nonempty)]


def _version(value: Any) -> Any:
    if value != 1 or isinstance(value, bool):
        raise refuse(f"{value!r} is a format that is not known here.", "Write 1.")
    return value


class CompetitionSpec(Strict):
    """One edition of the event, with its tracks."""

    leitai: Annotated[int, BeforeValidator(_version)]
    slug: Slug
    title: Words
    summary: Words
    place: Words
    starts: Moment
    ends: Moment
    organizers: list[Email] = []
    tracks: Annotated[list[TrackSpec], AfterValidator(_nonempty)]

    @validator(mode="after")
    def times_in_order(self) -> Self:
        """The edition lasts."""
        if self.ends.at <= self.starts.at:
            raise refuse("is not after starts.", "Correct one of the two.", key="ends")
        return self
