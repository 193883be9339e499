"""Jobs as rows: what is to be done, how far it has come, and what its log says."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from core.database.field import Choice, field, now
from core.database.model import Model
from core.database.ownership import Common, PartnerOwned, referable, same_partner
from core.jobs.sentences import Sentence
from core.language import Words, _

OPEN = text("state in ('waiting', 'running')")


class JobState(Choice):
    """Where a job stands."""

    WAITING = "waiting", _("Waiting"), "warn"
    RUNNING = "running", _("Under way"), "info"
    DONE = "done", _("Done"), "ok"
    DEAD = "dead", _("Failed"), "bad"
    CANCELLED = "cancelled", _("Stopped"), ""


class Origin(Choice):
    """Why there is a job."""

    PERSON = "person", _("Started by somebody")
    SCHEDULE = "schedule", _("By its hour")
    EVENT = "event", _("After something happened")


class Job(PartnerOwned, Model):
    """One piece of work; its own texts tell what it is even where the code that did it is gone.

    Workers write its progress around the session's notice, so it leaves no audit lines: what it does to
    other records leaves theirs.
    """

    __tablename__ = "jobs_job"
    __audited__ = False
    __table_args__ = (
        referable(),
        # What happens at an hour or after an event happens once, whoever is the first to see that it is time.
        UniqueConstraint("partner_id", "kind", "occasion"),
        Index(
            "ix_jobs_job_once", "partner_id", "once", unique=True, postgresql_where=OPEN, sqlite_where=OPEN
        ),
        Index("ix_jobs_job_list", "partner_id", "state", "id"),
        Index("ix_jobs_job_finished", "partner_id", "finished_at"),
        # Workers look across partners: the one index that does not begin with one, and it holds open jobs alone.
        Index("ix_jobs_job_queue", "due_at", postgresql_where=OPEN, sqlite_where=OPEN),
        CheckConstraint("done >= 0 and (total is null or total >= 0)", name="progress"),
        CheckConstraint("(lease_id is not null) = (state = 'running')", name="lease"),
    )  # fmt: skip

    kind: Mapped[str] = field(_("Kind"), String(120))
    module: Mapped[str] = field(_("Module"), String(60), default="")
    title: Mapped[Words] = field(_("Job"), Sentence)
    arguments: Mapped[dict[str, Any]] = field(_("Arguments"), JSON, default=dict)
    once: Mapped[str | None] = field(_("Once"), String(200))
    occasion: Mapped[str | None] = field(_("Occasion"), String(80))
    origin: Mapped[Origin] = field(_("Why"), Origin, default=Origin.PERSON)
    user_id: Mapped[UUID | None] = field(_("User"))
    actor: Mapped[str] = field(_("Who"))
    state: Mapped[JobState] = field(_("State"), JobState, default=JobState.WAITING)
    due_at: Mapped[datetime] = field(_("Not before"), default=now)
    done: Mapped[int] = field(_("Done"), Integer, default=0)
    total: Mapped[int | None] = field(_("Of"), Integer)
    kept: Mapped[dict[str, Any]] = field(_("Kept between steps"), JSON, default=dict)
    tries: Mapped[int] = field(_("Tries"), Integer, default=0)
    lease_id: Mapped[UUID | None] = field(_("Lease"))
    lease_until: Mapped[datetime | None] = field(_("Leased until"))
    started_at: Mapped[datetime | None] = field(_("Started"))
    progressed_at: Mapped[datetime | None] = field(_("Last progress"))
    finished_at: Mapped[datetime | None] = field(_("Ended"))
    cancel_asked_at: Mapped[datetime | None] = field(_("Asked to stop"))
    result: Mapped[Words | None] = field(_("Result"), Sentence)
    reason: Mapped[Words | None] = field(_("What went wrong"), Sentence)
    link: Mapped[str | None] = field(_("Where to see it"), String(300))

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in {JobState.DONE, JobState.DEAD, JobState.CANCELLED}


class JobLine(PartnerOwned, Model):
    """A line of a job's log, in plain words."""

    __tablename__ = "jobs_line"
    __audited__ = False
    __table_args__ = (same_partner("job_id", Job), Index("ix_jobs_line_job", "partner_id", "job_id", "id"))

    job_id: Mapped[UUID] = field(_("Job"))
    at: Mapped[datetime] = field(_("When"), default=now)
    text: Mapped[Words] = field(_("What happened"), Sentence)

    def __str__(self) -> str:
        return str(self.text)


class Heartbeat(Common, Model):
    """A worker that was alive a moment ago."""

    __tablename__ = "jobs_heartbeat"
    __audited__ = False

    name: Mapped[str] = field(_("Name"), String(120))
    seen_at: Mapped[datetime] = field(_("Last seen"), default=now)

    def __str__(self) -> str:
        return self.name
