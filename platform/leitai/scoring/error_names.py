"""Which error ended a Python program: names that everybody has, for a name too is the program's choice."""

import builtins
import re

HEADER = "Traceback (most recent call last):"
# The line after a traceback's frames, which are indented: the class, and perhaps its message.
LAST_LINE = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)(?::|$)")
LONGEST = 80
BUILT_IN = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)
OF_LIBRARIES = frozenset(
    {
        "_csv.Error",
        "_pickle.PicklingError",
        "_pickle.UnpicklingError",
        "_queue.Empty",
        "binascii.Error",
        "concurrent.futures._base.TimeoutError",
        "concurrent.futures.process.BrokenProcessPool",
        "configparser.NoOptionError",
        "configparser.NoSectionError",
        "joblib.externals.loky.process_executor.BrokenProcessPool",
        "joblib.externals.loky.process_executor.TerminatedWorkerError",
        "json.decoder.JSONDecodeError",
        "lightgbm.basic.LightGBMError",
        "multiprocessing.pool.MaybeEncodingError",
        "numpy._core._exceptions._ArrayMemoryError",
        "numpy._core._exceptions._UFuncNoLoopError",
        "numpy.core._exceptions._ArrayMemoryError",
        "numpy.core._exceptions._UFuncNoLoopError",
        "numpy.exceptions.AxisError",
        "numpy.exceptions.DTypePromotionError",
        "numpy.linalg.LinAlgError",
        "pandas._libs.tslibs.np_datetime.OutOfBoundsDatetime",
        "pandas._libs.tslibs.np_datetime.OutOfBoundsTimedelta",
        "pandas._libs.tslibs.parsing.DateParseError",
        "pandas.core.indexing.IndexingError",
        "pandas.errors.DataError",
        "pandas.errors.EmptyDataError",
        "pandas.errors.IntCastingNaNError",
        "pandas.errors.InvalidIndexError",
        "pandas.errors.MergeError",
        "pandas.errors.OutOfBoundsDatetime",
        "pandas.errors.ParserError",
        "pandas.errors.UndefinedVariableError",
        "pickle.PicklingError",
        "pickle.UnpicklingError",
        "PIL.Image.DecompressionBombError",
        "PIL.UnidentifiedImageError",
        "polars.exceptions.ColumnNotFoundError",
        "polars.exceptions.ComputeError",
        "polars.exceptions.DuplicateError",
        "polars.exceptions.InvalidOperationError",
        "polars.exceptions.NoDataError",
        "polars.exceptions.SchemaError",
        "polars.exceptions.SchemaFieldNotFoundError",
        "polars.exceptions.ShapeError",
        "pyarrow.lib.ArrowInvalid",
        "pyarrow.lib.ArrowKeyError",
        "pyarrow.lib.ArrowMemoryError",
        "pyarrow.lib.ArrowNotImplementedError",
        "pyarrow.lib.ArrowTypeError",
        "queue.Empty",
        "queue.Full",
        "shutil.Error",
        "sklearn.exceptions.NotFittedError",
        "sklearn.utils._param_validation.InvalidParameterError",
        "sqlite3.DatabaseError",
        "sqlite3.OperationalError",
        "struct.error",
        "subprocess.CalledProcessError",
        "subprocess.TimeoutExpired",
        "tarfile.ReadError",
        "torch.OutOfMemoryError",
        "torch.cuda.OutOfMemoryError",
        "xgboost.core.XGBoostError",
        "zipfile.BadZipFile",
        "zlib.error",
    }
)


def error_name(stderr: str) -> str:
    """The class of the error that the last traceback ends with; empty when it is none that we know."""
    _, found, rest = stderr.rpartition(HEADER)
    # A program that does not compile has no traceback, and its error stands last.
    lines = rest.splitlines()[1:] if found else rest.splitlines()[-1:]
    last = next((line for line in lines if line and not line[0].isspace()), "")
    named = LAST_LINE.match(last[: LONGEST + 1])
    return named[1] if named and named[1] in BUILT_IN | OF_LIBRARIES else ""
