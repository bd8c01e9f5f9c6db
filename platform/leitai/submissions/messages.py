"""What a verdict tells the team: what is wrong, and what to mend. Never an answer, never our own trouble."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext

import evaluators
from leitai.errors import N_
from leitai.submissions.intake import clean_line
from leitai.web.filters import seconds, size

MOST = 10
LENGTH = 80
SENTENCE = 160
# Parameters that hold what the program wrote; where it must be silent they are not there.
PROGRAMS_WORDS = frozenset({"detail", "found", "problem"})

# Counts stand behind a colon, so that one sentence is right for one and for many.
TEXTS: Mapping[str, str] = {
    "runtime_error": N_(
        "Your program ended with an error (exit code %(exit_code)s). The end of its output says where; "
        "correct that and hand it in again."
    ),
    "runtime_error/signal": N_(
        "Your program was ended by signal %(signal)s, as happens when a library crashes. "
        "Try it on the sample input with the same versions."
    ),
    "runtime_error/class": N_(
        "Your program ended with %(error)s (exit code %(exit_code)s). Its output is kept back, for it could "
        "hold hidden data. Try the program on the sample input, and hand it in again."
    ),
    "runtime_error/own": N_(
        "Your program ended with an error of its own (exit code %(exit_code)s). Its output is kept back, for "
        "it could hold hidden data. Try the program on the sample input, and hand it in again."
    ),
    "time_limit": N_(
        "Your program took longer than the task allows: %(wall_s)s in all, %(cpu_s)s of computing. "
        "Make it faster, or let it do less."
    ),
    "memory_limit": N_(
        "Your program needed more memory than the task allows: %(memory_bytes)s. "
        "Read the data in parts, or use smaller types and models."
    ),
    "output_limit": N_(
        "Your program wrote more than the task allows: %(output_bytes)s. "
        "Write the predictions to the output folder, and nothing else."
    ),
    "output_limit/files": N_(
        "Your program wrote more than the task allows: %(output_bytes)s, in %(output_files)s files at most. "
        "Write the predictions to the output folder, and nothing else."
    ),
    "invalid_output": N_(
        "Your program left something else than ordinary files in the output folder. "
        "Write plain files, no links. Details: %(detail)s"
    ),
    "invalid_output/closed": N_(
        "Your program left something else than ordinary files in the output folder, or a name that no file "
        "should have. Write plain files, no links."
    ),
    "refused_archive": N_(
        "The zip was not unpacked, for it holds what could do harm: links, paths that lead out of it, or far "
        "more than its size tells. Make it again from plain files. Details: %(detail)s"
    ),
    "missing_output": N_(
        "Your program ended well, but left no %(file)s in the output folder. Write the predictions there; "
        "the folder is the second argument."
    ),
    "unreadable": N_(
        "The predictions cannot be read: %(problem)s. Open the file as your program wrote it, and compare it "
        "with the sample."
    ),
    "unreadable/closed": N_(
        "The predictions cannot be read. Run your program on the sample input, open the file that it writes, "
        "and compare it with the sample."
    ),
    "wrong_format": N_(
        "A file that ends in %(suffix)s is not taken. Write .csv, .parquet, .jsonl, .npy or .npz; the text "
        "formats may be packed by gzip, and one table by zip."
    ),
    "not_utf8": N_("The file is not UTF-8. Save it with the encoding UTF-8."),
    "no_rows": N_("The file has no rows. Write one row for each id of the test data."),
    "unnamed_columns": N_(
        "The array has no names of columns. Write an array with named fields, or an .npz with an array for "
        "each column."
    ),
    "wrong_length": N_(
        "The array has %(count)s rows, and the test data has %(wanted)s. Write one row for each id, in their "
        "order."
    ),
    "missing_columns": N_(
        "Columns are missing: %(columns)s. The file has: %(found)s. Name them as the evaluation page does."
    ),
    "missing_columns/closed": N_("Columns are missing: %(columns)s. Name them as the evaluation page does."),
    "missing_table": N_(
        "The zip has no such table at its top. It has: %(found)s. Add the table, and hand it in again."
    ),
    "missing_table/closed": N_("The zip has no such table at its top. Add it, and hand it in again."),
    "missing_ids": N_("Ids of the test data without a row: %(count)s. Add their rows."),
    "extra_ids": N_("Ids that are not in the test data: %(count)s. Remove their rows."),
    "duplicate_ids": N_("Ids with more than one row: %(count)s. Keep one row for each id."),
    "empty_ids": N_("Rows without an id: %(count)s. Fill the ids in."),
    "spaced_ids": N_(
        "Ids with spaces that those of the test data do not have: %(count)s. Remove the spaces."
    ),
    "rewritten_ids": N_(
        "Ids written otherwise than in the test data, as 01 or 1.0 for 1: %(count)s. Write them as they "
        "stand there; read the column of ids as text."
    ),
    "not_integer_ids": N_("Ids that are no whole numbers: %(count)s. Write them as in the test data."),
    "no_values": N_(
        "Rows without a value in the column %(column)s, empty or NaN: %(count)s. Predict a value for each id."
    ),
    "truth_values": N_(
        "Values in the column %(column)s that are true or false, where numbers are asked for: %(count)s. "
        "Write 1 or 0, or the probability."
    ),
    "complex_values": N_(
        "Values in the column %(column)s that are complex numbers: %(count)s. Write real ones."
    ),
    "decimal_commas": N_(
        "Values in the column %(column)s with a comma before decimals: %(count)s. Write a point, as in 0.5."
    ),
    "not_numeric": N_(
        "Values in the column %(column)s that are no numbers: %(count)s. "
        "Write digits, with a point before decimals."
    ),
    "non_finite": N_(
        "Values in the column %(column)s that are infinite, or too large for a number: %(count)s. "
        "Predict a finite number for each id."
    ),
    "too_large_values": N_(
        "Values in the column %(column)s that are too large to be compared with the answers: %(count)s. "
        "Look for an overflow in your program."
    ),
    "not_probability": N_(
        "Values in the column %(column)s that are no probabilities: %(count)s. They must lie from 0 to 1."
    ),
    "unknown_labels": N_(
        "Labels in the column %(column)s that the task does not have: %(count)s. "
        "Use the labels of the open data."
    ),
    "too_long": N_(
        "Texts in the column %(column)s that are longer than the task allows: %(count)s. "
        "The evaluation page says how many characters a text may have; shorten them."
    ),
    "uneven_tags": N_(
        "Rows of the column %(column)s that have more or fewer tags than their text has tokens: %(count)s. "
        "Write one tag for each token, with spaces between them."
    ),
    "bad_masks": N_(
        "Rows of the column %(column)s that hold no mask of their image: %(count)s. Write start and length "
        "of each run, with spaces between them, counted from 1 and without overlap; leave the cell of an "
        "empty mask empty."
    ),
    "bad_images": N_(
        "Rows of the column %(column)s that hold no picture as the reference has it: %(count)s. Write a "
        "whole PNG of 8 bits, grey or RGB, of the same height, width and colours, in base64."
    ),
    "bad_boxes": N_(
        "Rows of the column %(column)s that hold no boxes: %(count)s. Write class, score, left, top, right "
        "and bottom of each box, with spaces between them, left before right and top before bottom."
    ),
    "bad_instances": N_(
        "Rows of the column %(column)s that hold no masks of instances of their image: %(count)s. Write "
        "class, score, and start and length of each run, with spaces between them and a semicolon between "
        "instances; runs are counted from 1, without overlap, within the image."
    ),
    "too_many_instances": N_(
        "The column %(column)s has more than %(most)s instances in all. Leave out the least sure of them."
    ),
    "bad_tracks": N_(
        "Rows of the column %(column)s that hold no tracks: %(count)s. Write track, left, top, right and "
        "bottom of each object, with spaces between them, left before right and top before bottom; a track "
        "stands once in a frame."
    ),
    "too_many_boxes": N_(
        "The column %(column)s has more than %(most)s boxes in all. Leave out the least sure of them."
    ),
    "too_many_tracks": N_(
        "Rows of the column %(column)s in sequences of more than 10,000 tracks: %(count)s. Join tracks of "
        "the same object, and leave out the shortest of them."
    ),
    "sum_not_one": N_("Rows whose probabilities do not sum to 1: %(count)s. Divide them by their sum."),
    "undefined_score": N_(
        "The metric %(metric)s has no value for these predictions, as when all of them are equal. "
        "Let them differ."
    ),
    "too_much_work": N_(
        "The texts of the file would take too long to compare by the metric %(metric)s. "
        "Write no more than the answers need, and do not repeat the same words."
    ),
    "too_wide": N_("The file has too many columns: %(columns)s. Keep the id and the predictions."),
    "too_many_rows": N_(
        "The file has more than %(most)s rows, far more than the test data has ids. "
        "Write one row for each id, and no empty lines."
    ),
    "too_large": N_(
        "Unpacked, the predictions are larger than %(most_bytes)s, far more than ids and numbers take. "
        "Write plain short values."
    ),
    "missing_file": N_("The submission holds no %(file)s. Add it, and hand it in again."),
    "refused_by_program": N_("The organizers' evaluation does not take these predictions: %(detail)s."),
    "refused_by_program/closed": N_(
        "The organizers' evaluation does not take these predictions. Its words are kept back, for they could "
        "hold hidden data. Compare the output of your program with the evaluation page."
    ),
    "over_time": N_(
        "%(metric)s: your program took %(used_s)s, and the budget of the task is %(budget_s)s. Let it do "
        "less, or do it faster."
    ),
    "over_size": N_(
        "%(metric)s: your submission took %(used_bytes)s, and the budget of the task is %(budget_bytes)s. "
        "Use smaller types and models."
    ),
    "too_slow": N_(
        "%(metric)s: your program did %(rate)s rows a second, and the task asks for %(least)s. Predict many "
        "rows at once, and read only what you need."
    ),
}
OF_FILE = N_("%(file)s: %(text)s")
EXAMPLES = N_("%(text)s For example: %(examples)s.")
UNKNOWN = N_("The submission was rejected. Ask the organizers what to change.")


def text(code: str, params: Mapping[str, Any]) -> str:
    """The message in the reader's language; empty for an empty code."""
    if not code:
        return ""
    words = _Words(params)
    told = str(gettext(TEXTS.get(f"{code}/{_variant(params)}") or TEXTS.get(code, UNKNOWN))) % words
    if "file" in params and "file" not in evaluators.REJECTIONS.get(code, ("file",)):
        told = gettext(OF_FILE, file=words["file"], text=told)
    return gettext(EXAMPLES, text=told, examples=words["examples"]) if params.get("examples") else told


def _variant(params: Mapping[str, Any]) -> str:
    """Which words of a code fit what is known."""
    if params.get("signal"):
        return "signal"
    if "error" in params:
        return "class" if params["error"] else "own"
    if "output_files" in params:
        return "files"
    return "" if params.keys() & PROGRAMS_WORDS else "closed"


class _Words(dict[str, str]):
    """Parameters as they may stand in a sentence: short, on one line, whatever a program wrote there."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__({name: _worded(name, value) for name, value in given.items()})

    def __missing__(self, name: str) -> str:
        return "–"


def _worded(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return _listed(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if name.endswith("_bytes"):
            return size(int(value))
        return seconds(float(value)) if name.endswith("_s") else f"{value:,}"
    return clean_line(str(value), SENTENCE).rstrip(".") if value is not None else "–"


def _listed(values: Iterable[Any]) -> str:
    shown = [clean_line(str(value), LENGTH) for value in values]
    return ", ".join(shown[:MOST]) + (", …" if len(shown) > MOST else "")
