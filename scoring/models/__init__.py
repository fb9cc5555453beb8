"""What it is worth: machine and human judgement."""

from scoring.models.answers import AssessorAnswer
from scoring.models.decisions import Decision
from scoring.models.quality import QualityCheck
from scoring.models.scorecards import Evidence, Score, Scorecard

__all__ = ["AssessorAnswer", "Decision", "Evidence", "QualityCheck", "Score", "Scorecard"]
