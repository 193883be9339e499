"""A partner's desk for tests of jobs: start one, let a worker do it, look at what became of it."""

from dataclasses import replace

from sqlalchemy import update

from core.database.field import now
from core.database.scope import Scope
from core.jobs.models import Job
from core.jobs.services import start_job
from core.jobs.worker import Lent, Worker


class Desk:
    """Short words for what most cases do."""

    def __init__(self, database, settings, partner):
        self.database, self.settings, self.partner = database, settings, partner
        self.scope = Scope(partner_id=partner, actor="Luca Neri")

    def of(self, partner):
        desk = Desk(self.database, self.settings, partner)
        desk.scope = replace(self.scope, partner_id=partner)
        return desk

    def start(self, kind, **told):
        return self.do(lambda session: start_job(session, kind.key, **told).id)

    def do(self, work):
        return self.database.run(self.scope, work)

    def job(self, key):
        with self.database.session(self.scope, writes=False) as session:
            return session.get_one(Job, key)

    def read(self, statement):
        with self.database.session(self.scope, writes=False) as session:
            return list(session.scalars(statement))

    def worker(self, **told):
        """A worker that does what is there; by itself it makes nothing, for tests set their own clock."""
        worker = Worker(Lent(self.database, self.settings), **told)
        worker._looked = float("inf")
        return worker

    def hurry(self):
        """Whatever waits, waits no longer."""
        self.do(lambda session: session.execute(update(Job).where(Job.due_at > now()).values(due_at=now())))

    def work(self):
        """Let a worker do all there is to do now."""
        worker = self.worker()
        while worker.turn():
            pass
