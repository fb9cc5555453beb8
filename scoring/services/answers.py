"""Paid answers: each is stored as soon as it came, so that a second try pays nothing twice."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from interviews.models import Competency
from scoring.assessor.protocol import Reply
from scoring.models import AssessorAnswer
from talenti.work.claims import Claim

REPLY_FIELDS = ("text", "finish", "model", "input_tokens", "output_tokens")


@dataclass(frozen=True, slots=True)
class PaidAnswers:
    """The assessor's memory for one competency of one work item."""

    claim: Claim
    competency: Competency

    def once(self, sample: int, question: str, ask: Callable[[], Reply]) -> Reply:
        """Return the stored reply, or ask, store and return it.

        Of two workers that asked at once (one has lost its lease) both return the first reply.
        """
        place = {
            "work_item_id": self.claim.item_id,
            "competency": self.competency,
            "sample": sample,
            "question": question,
        }
        known = AssessorAnswer.objects.filter(**place).values(*REPLY_FIELDS).first()
        if known is not None:
            return Reply(**known)
        paid = asdict(ask()) | {"organisation_id": self.claim.organisation_id}
        row, _ = AssessorAnswer.objects.get_or_create(**place, defaults=paid)
        return Reply(**{name: getattr(row, name) for name in REPLY_FIELDS})


def forget_answers(claim: Claim) -> None:
    """Delete the answers of finished work, in the caller's transaction; its scorecard has them."""
    AssessorAnswer.objects.filter(work_item_id=claim.item_id).delete()
