"""What the portal says of figures: its own words for those that it knows, else those of their makers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from leitai.errors import N_
from leitai.web.languages import words


@dataclass(frozen=True)
class Known:
    """A figure that comes with the evaluators; every text is still to be translated."""

    title: str
    reading: str
    x: str = ""
    y: str = ""
    diagonal: str = ""
    columns: Mapping[str, str] | None = None
    digits: int | None = None


@dataclass(frozen=True)
class Heading:
    """What stands above a figure; ``of`` is the name of the measure that it belongs to."""

    title: str
    of: str
    reading: str


KNOWN = {
    ("confusion", "matrix"): Known(N_("Confusion matrix"), ""),
    ("per_class", "table"): Known(
        N_("Class by class"),
        N_(
            "Precision is the share of right ones among those predicted as the class, recall the share of "
            "the class that was found; F1 joins both."
        ),
        columns={
            "label": N_("Class"),
            "rows": N_("Rows"),
            "precision": N_("Precision"),
            "recall": N_("Recall"),
            "f1": N_("F1"),
        },
        digits=2,
    ),
    ("roc", "curve"): Known(
        N_("ROC curve"),
        N_(
            "For every threshold, how many false alarms it takes to find so many of the positives; the "
            "nearer to the upper left corner, the better."
        ),
        x=N_("False positive rate"),
        y=N_("True positive rate"),
        diagonal=N_("guessing"),
    ),
    ("pr", "curve"): Known(
        N_("Precision and recall"),
        N_(
            "For every threshold, how many of those found are right; the nearer to the upper right corner, "
            "the better."
        ),
        x=N_("Recall"),
        y=N_("Precision"),
    ),
    ("calibration", "curve"): Known(
        N_("Calibration"),
        N_(
            "How often that came true which was given a probability: on the diagonal, probabilities can be "
            "taken at their word; below it they are too high."
        ),
        x=N_("Predicted probability"),
        y=N_("Share that came true"),
        diagonal=N_("perfectly calibrated"),
    ),
    ("residuals", "histogram"): Known(
        N_("Residuals"),
        N_(
            "How many rows are off by how much: a heap beside zero is a bias, long tails are a few large "
            "errors."
        ),
        x=N_("Prediction less answer"),
    ),
    ("examples", "examples"): Known(
        N_("Worst predictions"),
        N_("The rows whose prediction is farthest from the answer, the worst first; answers stay hidden."),
        columns={"id": N_("Id"), "prediction": N_("Prediction")},
    ),
}
# Of some kinds there is one thing to say, whoever made the figure.
READINGS = {
    "matrix": N_(
        "Rows are the answers, columns what was predicted. The diagonal (green) is right, all else (red) is "
        "wrong; the fuller the colour, the larger the share of the row."
    )
}
NOTHING = Known("", "")


def known(figure: Mapping[str, Any]) -> Known:
    """What is known of a figure; nothing of one that a program made up."""
    return KNOWN.get((figure["name"], figure["kind"]), NOTHING)


def heading(figure: Mapping[str, Any]) -> Heading:
    """Title and a sentence on how to read it."""
    found, given = known(figure), figure.get("title")
    title = words(given) if isinstance(given, dict) else given
    reading = found.reading or READINGS.get(figure["kind"], "")
    return Heading(
        plain(title or said(found.title) or figure["name"]), plain(figure.get("of") or ""), said(reading)
    )


def said(text: str) -> str:
    """A text of ours in the reader's language; gettext would give the catalogue's head for an empty one."""
    return str(gettext(text)) if text else ""


def plain(text: str) -> str:
    """Somebody's text without what cannot be seen, or turns the direction of what stands beside it."""
    return "".join(sign for sign in text if sign.isprintable())
