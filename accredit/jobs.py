"""Background work and its progress.

Our own rows carry a job: its state, attempts, progress, result. The queue (huey, in SQLite or PostgreSQL) only wakes a
worker, because it forgets what a killed worker held. The periodic reaper puts a job whose heart stopped back and wakes
somebody for whatever waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import structlog
from huey import Huey, SqliteHuey, crontab

from accredit.db.session import reading, writing
from accredit.domain.errors import AccreditError
from accredit.rendering.fonts import FontBook, system_font_folders
from accredit.rendering.templates import load_template
from accredit.services import focal_mails, job_rows, outbox, own_data, posting, print_server, screening
from accredit.services.context import Actor
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.mail_server import Connection, MailServer, ServerAway
from accredit.services.print_batch import FileNotWritten, Outlet, PrintNotPossible, Workshop, print_batch, send_one
from accredit.services.print_choice import PrintRefused, Which
from accredit.services.print_runs import Order
from accredit.services.printing import Sort
from accredit.wiring import House, templates_folder

STALE_AFTER = timedelta(seconds=60)
_BEAT_SECONDS = 1.0
_HEART_SECONDS = 10.0
_ROUND_SECONDS = 2.0
_LAST_MESSAGE_SECONDS = 30.0
MOST_NAMED = 500
ERASER = Actor("rule:retention")
_LOG = structlog.get_logger("accredit.jobs")

Progress = Callable[[int, int], None]


class Cancelled(Exception):
    """Somebody cancelled the job while it ran."""


class CannotBeDone(AccreditError):
    """The job met a refusal that another try does not mend; the text is for the person who started it."""


def make_queue(house: House) -> Huey:
    """The queue that wakes workers: a file beside SQLite, tables of its own in PostgreSQL."""
    url = house.engine.url
    if url.get_backend_name() == "sqlite":
        return SqliteHuey(
            "accredit", filename=str(house.settings.state.resolve() / "queue.db"), results=False, fsync=True
        )
    from huey import PostgresHuey  # noqa: PLC0415 - only where PostgreSQL's driver is installed

    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresHuey("accredit", dsn=dsn, results=False)


@dataclass(frozen=True, slots=True)
class Task:
    """One job as its kind sees it."""

    id: UUID
    arguments: Mapping[str, Any]


class Worker:
    """The tasks of the queue over one house."""

    def __init__(self, house: House, queue: Huey) -> None:
        self.house = house
        self.queue = queue
        self._run = queue.task(name="run")(self._run_text)
        queue.periodic_task(crontab(minute="*"), name="reap")(self.reap)
        queue.periodic_task(crontab(minute="17"), name="erase")(self.erase)
        queue.periodic_task(crontab(minute="43"), name="remind")(self.remind)

    def wake(self, job_id: UUID) -> None:
        """Wakes a worker for this job; called after the commit of its row."""
        self._run(str(job_id))

    def start(self, kind: str, arguments: Mapping[str, Any]) -> UUID:
        """Adds a job and wakes a worker."""
        with writing(self.house.engine) as session:
            job = job_rows.add_job(session, self.house.context(), kind, arguments)
            session.commit()
        self.wake(job.id)
        return job.id

    def reap(self) -> None:
        """Puts dead jobs back, and wakes for all that waits: a wake-up may have been lost with a worker."""
        with writing(self.house.engine) as session:
            job_rows.reap(session, self.house.clock(), STALE_AFTER)
            ids = job_rows.waiting(session)
            session.commit()
        for job_id in ids:
            self.wake(job_id)

    def erase(self) -> None:
        """Erases the data of those who asked for it and whose day has come."""
        with writing(self.house.engine) as session:
            erased = own_data.erase_due(session, self.house.context(ERASER))
            session.commit()
        if erased:
            _LOG.info("data erased", applications=len(erased))

    def remind(self) -> None:
        """Reminds the focal points that have not confirmed yet."""
        with writing(self.house.engine) as session:
            event = find_event(session, self.house.settings.event)
            reminded = focal_mails.remind_focal_points(session, self.house.context(), event) if event is not None else 0
            session.commit()
        if reminded:
            _LOG.info("focal points reminded", applications=reminded)

    def _run_text(self, job_id: str) -> None:
        self.run(UUID(job_id))

    def run(self, job_id: UUID) -> None:
        """Runs one job to its end. A refusal fails it with its sentence; a defect fails it and is raised."""
        with writing(self.house.engine) as session:
            job = job_rows.claim(session, job_id, self.house.clock())
            session.commit()
        if job is None:
            return
        log = _LOG.bind(job=str(job_id), kind=job.kind, attempt=job.attempts)
        try:
            with self._heart(job_id):
                result = KINDS[job.kind](self.house, Task(job_id, job.arguments), self._progress(job_id))
        except Cancelled:
            log.info("job cancelled")
        except Exception as fault:
            told = str(fault) if isinstance(fault, AccreditError) else f"a defect: {type(fault).__name__}"
            self._end(lambda session: job_rows.fail(session, job_id, told, self.house.clock()))
            log.error("job failed", fault=type(fault).__name__)
            if not isinstance(fault, AccreditError):
                raise
        else:
            self._end(lambda session: job_rows.finish(session, job_id, result, self.house.clock()))
            log.info("job done")

    @contextmanager
    def _heart(self, job_id: UUID) -> Iterator[None]:
        """Beats while the job works, whether it has progress to tell or not: pressing thousands of badges is one step."""
        stopped = threading.Event()

        def beat() -> None:
            while not stopped.wait(_HEART_SECONDS):
                self._end(lambda session: job_rows.still_alive(session, job_id, self.house.clock()))

        heart = threading.Thread(target=beat, daemon=True)
        heart.start()
        try:
            yield
        finally:
            stopped.set()
            heart.join()

    def _end(self, write: Callable[[Any], None]) -> None:
        with writing(self.house.engine) as session:
            write(session)
            session.commit()

    def _progress(self, job_id: UUID) -> Progress:
        """Writes progress at most once a second, in a transaction of its own; raises `Cancelled` when nobody wants it."""
        last = [0.0]

        def told(done: int, total: int) -> None:
            if time.monotonic() - last[0] < _BEAT_SECONDS:
                return
            last[0] = time.monotonic()
            with writing(self.house.engine) as session:
                goes_on = job_rows.beat(session, job_id, done, total, self.house.clock())
                session.commit()
            if not goes_on:
                raise Cancelled

        return told


class Postman:
    """Sends what waits in the outbox, for as long as a worker runs. Many may: a message is in one hand at a time."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._go_round_and_round, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        """Ends with the message in hand, not in its middle."""
        self._stopped.set()
        self._thread.join(_LAST_MESSAGE_SECONDS)

    def _go_round_and_round(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            try:
                pause = 0.0 if self.go_round() else _ROUND_SECONDS
            except Exception as fault:  # no database, a defect: the next round may be well
                pause = _ROUND_SECONDS * 5
                _LOG.error("mail round failed", fault=type(fault).__name__)

    def go_round(self) -> bool:
        """Sends what is due; answers whether more may be due at once."""
        server, now = self.house.mail_server, self.house.clock()
        due = self._due(now) if server is not None else ()
        if server is None or not due:
            return False
        try:
            with server.connected() as line:
                return all(not self._stopped.is_set() and self._send(server, line, row) for row in due)
        except ServerAway as away:
            told = str(away)
            self._write(lambda session: outbox.postpone(session, due, told, now))
            _LOG.warning("no mail server", cause=told, waiting=len(due))
            return False

    def _due(self, now: datetime) -> tuple[outbox.Row, ...]:
        with reading(self.house.engine) as session:
            abandoned, due = outbox.has_abandoned(session, now), outbox.due(session, now)
        if not abandoned:
            return due
        self._write(lambda session: outbox.reap(session, now))
        with reading(self.house.engine) as session:
            return outbox.due(session, now)

    def _send(self, server: MailServer, line: Connection, row: outbox.Row) -> bool:
        """Sends one message; answers whether the connection is good for another one."""
        house = self.house
        with reading(house.engine) as session:
            mail = posting.write(session, house.context(), server, house.settings.base_url, row.id)
        if isinstance(mail, posting.NotWritten):
            state, cause = mail.state, mail.cause
            self._write(lambda session: outbox.close(session, row, state, cause, house.clock()))
            return True
        if not self._write(lambda session: outbox.claim(session, row, house.clock())):
            return True  # somebody else has it
        answer = line.send(mail.message, server.sender, mail.recipient)
        self._write(lambda session: outbox.note(session, row, answer, house.clock()))
        _LOG.info("message handed over", message=str(row.id), answer=answer.said.value, cause=answer.cause)
        return answer.goes_on

    def _write(self, change: Callable[[Any], Any]) -> Any:
        with writing(self.house.engine) as session:
            done = change(session)
            session.commit()
        return done


def _event(session: Any, house: House) -> LoadedEvent:
    event = find_event(session, house.settings.event)
    if event is None:
        raise CannotBeDone("no single event is loaded; load one, or name one in ACCREDIT_EVENT")
    return event


def _print(house: House, task: Task, progress: Progress) -> dict[str, Any]:
    """Prints badges into files of the state folder, and sends them where desks have printers; goes on where it stopped."""
    order = _order(task.arguments)
    try:
        report = print_batch(_workshop(house, order.template), task.id, order, progress)
    except (FileNotWritten, PrintNotPossible) as fault:
        raise CannotBeDone(str(fault)) from None
    if isinstance(report, PrintRefused):
        raise CannotBeDone(report.message)
    files = [str(file) for file in report.files]
    return {"file": files[0] if files else "", "files": files, "badges": report.badges, "notes": list(report.notes)}


def _order(arguments: Mapping[str, Any]) -> Order:
    return Order(
        template=str(arguments["template"]),
        size=str(arguments["size"]),
        sheet=str(arguments.get("sheet", "")),
        which=Which(arguments["which"]),
        sort=Sort(arguments["sort"]),
        references=tuple(arguments.get("references", ())),
        reason=str(arguments.get("reason", "")),
        desks=tuple(arguments.get("desks", ())),
        to_printers=bool(arguments.get("to_printers", False)),
    )


def _workshop(house: House, template: str) -> Workshop:
    return Workshop(
        outlet=_outlet(house),
        context=house.context(),
        event_key=house.settings.event,
        template=load_template(templates_folder() / template),
        fonts=FontBook(system_font_folders()),
        room=house.settings.state,
    )


def _outlet(house: House) -> Outlet:
    return Outlet(
        reading=lambda: reading(house.engine),
        writing=lambda: writing(house.engine),
        clock=house.clock,
        folder=house.settings.state / "made",
        send=print_server.send,
    )


def _send(house: House, task: Task, _progress: Progress) -> dict[str, Any]:
    """Sends one file to its printer, as somebody asked for."""
    run = send_one(_outlet(house), UUID(str(task.arguments["run"])))
    if run is None:
        return {"notes": ["this file waits for no printer any more"]}
    return {"file": run.file, "badges": run.badges, "notes": [run.cause] if run.cause else []}


def _outlook(house: House, _task: Task, progress: Progress) -> dict[str, Any]:
    """Whose outcome would be another one by the lists of now. It only reads, so that nobody waits for it."""
    with reading(house.engine) as session:
        changed = screening.outlook(session, _event(session, house), progress=progress)
    named = [
        {"reference": one.reference, "state": one.state.value, "before": one.before.value, "after": one.after.value}
        for one in changed[:MOST_NAMED]
    ]
    return {"count": len(changed), "changed": named}


KINDS: dict[str, Callable[[House, Task, Progress], dict[str, Any]]] = {
    "print": _print,
    "send": _send,
    "outlook": _outlook,
}
