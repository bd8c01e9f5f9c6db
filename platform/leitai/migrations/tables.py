"""Every table of every slice, for Alembic."""

import leitai.accounts.models
import leitai.competitions.models
import leitai.judging.models
import leitai.leaderboards.models
import leitai.scoring.models
import leitai.submissions.models
import leitai.teams.models
from leitai.db import Base

metadata = Base.metadata
__all__ = ["leitai", "metadata"]
