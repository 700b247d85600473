"""A class graded on a Dask cluster: submissions go out as text, run results come back, and this process records them.

Whoever reaches a scheduler or a worker of Dask runs code there, so without TLS they must listen on loopback. No more
submissions are out at a time than the workers have work with, whatever the size of the class.
"""

import ipaddress
import json
import queue
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import psutil

from autograder.errors import CourseError, in_words
from autograder.grading import cluster_worker, run_result
from autograder.grading.execute import Execute
from autograder.grading.log import logger
from autograder.grading.mended import MendedSubmission
from autograder.grading.origin import origin, require_same
from autograder.grading.outcome import Outcome, Ran, Task
from autograder.grading.run import Grading
from autograder.grading.run_result import RunResult, file_name
from autograder.grading.submissions import Submission, Submissions, Unreadable
from autograder.limited import READING, within

AHEAD = 2  # tasks that each thread of a worker has or waits for
TRIES = 3  # how often a submission is sent before it counts as failed
SLACK = 60.0  # seconds that a submission may take on its worker beside the time that its cells run
PATIENCE = 60.0  # seconds to wait for a scheduler that is lost, and for a first worker
BEGIN = 300.0  # seconds that a worker may take to start its warm servers
LOOK = 1.0  # seconds between looks at the workers


class NoWorker(CourseError):
    """Nobody is there to grade."""


def require_protected(address: str) -> None:
    """Refuse a scheduler or worker that others could reach and that asks for no certificate.

    Raises:
        CourseError: it says how to start it otherwise.
    """
    parts = urlsplit(address)
    if parts.scheme in ("tls", "inproc"):
        return
    mend = (
        "Whoever reaches it runs code with your rights. Start it with --protocol tls and --tls-ca-file, --tls-cert and "
        "--tls-key, or with --host 127.0.0.1."
    )
    if parts.scheme != "tcp" or not _is_loopback(parts.hostname or ""):
        raise CourseError(f"{address}: is not protected by TLS. {mend}")
    for connection in psutil.net_connections("tcp"):
        listens = connection.status == psutil.CONN_LISTEN and connection.laddr.port == parts.port
        if listens and not _is_loopback(connection.laddr.ip):
            raise CourseError(f"{address}: is not protected by TLS and listens on {connection.laddr.ip}. {mend}")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


@contextmanager
def scheduler(address: str, ca_file: str | None, cert: str | None, key: str | None, patience: float) -> Iterator[Any]:
    """Give a block a client of a running scheduler.

    Args:
        ca_file, cert, key: for TLS; where they are missing, as Dask's own configuration says.
        patience: seconds that a lost connection may take to come back.

    Raises:
        CourseError: nobody answers, or others could reach it.
    """
    from distributed import Client, Security

    require_protected(address)
    given = {"tls_ca_file": ca_file, "tls_client_cert": cert, "tls_client_key": key}
    security = Security(**{name: value for name, value in given.items() if value})
    try:
        if address.startswith("tls://") and security.get_connection_args("client").get("ssl_context") is None:
            raise CourseError(
                f"{address}: TLS needs certificates. Name them with --tls-ca-file, --tls-cert and --tls-key, or in "
                "Dask's configuration."
            )
        client = Client(address, security=security, timeout=patience, set_as_default=False)
    except (OSError, TimeoutError, TypeError, ValueError) as error:
        raise CourseError(f"{address}: no scheduler can be reached there: {error}") from None
    with client:
        yield client


@contextmanager
def local(workers: int) -> Iterator[Any]:
    """Give a block a client of a cluster of processes on this machine; nobody else has the certificate for it."""
    from distributed import Client, LocalCluster, Security

    security = Security.temporary()
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            protocol="tls",
            security=security,
            dashboard_address=None,
            memory_limit=0,
            silence_logs=50,
        ) as cluster,
        Client(cluster, security=security, set_as_default=False) as client,
    ):
        client.register_worker_callbacks(cluster_worker.leave_interrupts)
        yield client


@dataclass
class _Sent:
    """A submission that is out.

    Args:
        allowed: the workers that may run it.
    """

    submission: Submission
    request: str
    end: float
    allowed: frozenset[str]
    tries: int
    future: Any = None


@dataclass
class Remote:
    """Submissions on their way to the workers of a cluster and back.

    Args:
        submissions: taken one by one, as workers have room.
        request: function from a submission to what ``cluster_worker.run`` is sent, or to its run result where there
            is nothing to send.
        about: what ``cluster_worker.begin`` is sent. origin: what every worker's results must come from.
        seconds: how long a run may take on its worker. patience: how long to wait for a worker.
        tell: called with a sentence about a worker that is not used. alone: let only one submission be out at a time.
    """

    client: Any
    submissions: Iterator[Submission]
    request: Callable[[Submission], str | bytes]
    about: str
    origin: dict[str, str]
    seconds: float
    patience: float
    tell: Callable[[str], None]
    alone: bool = False
    _known: dict[str, str] = field(default_factory=dict)  # workers: "begins", "works" or "refused"
    _slots: dict[str, int] = field(default_factory=dict)  # threads of those that are there
    _sent: dict[str, _Sent] = field(default_factory=dict)  # by key
    _again: list[tuple[Submission, str, int]] = field(default_factory=list)  # to be sent again
    _early: list[tuple[Submission, bytes | Exception]] = field(default_factory=list)  # came back without being sent
    _starting: dict[str, str] = field(default_factory=dict)  # keys of calls of ``begin``: their workers
    _held: dict[str, Any] = field(default_factory=dict)  # futures, which Dask forgets when nobody holds them
    # No SimpleQueue: before Python 3.13 its get() waits for ever where a short timeout passes at the wrong moment.
    _ended: "queue.Queue[Any]" = field(default_factory=queue.Queue)
    _exhausted: bool = False
    _looked: float = 0.0
    _alone_since: float = 0.0

    def __post_init__(self) -> None:
        self._alone_since = monotonic()

    @property
    def done(self) -> bool:
        """Whether every submission has come back."""
        return self._exhausted and not self._sent and not self._again and not self._early

    def take(self, block: bool) -> list[tuple[Submission, bytes | Exception]]:
        """Send what workers have room for, and return what came back: run results, and why there is none.

        Args:
            block: wait until something came, unless everything has.

        Raises:
            NoWorker: nobody was there to grade for a while.
        """
        while True:
            self._look()
            self._send()
            arrived = self._arrived(0.2 if block else 0)
            if arrived or not block or self.done:
                return arrived

    # -- Workers -------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """See which workers there are, ask new ones what they are, and take back what lost ones had."""
        now = monotonic()
        if now < self._looked + LOOK:
            return
        self._looked = now
        there = self._workers()
        for address in set(self._known) - set(there):
            del self._known[address]
        self._slots = there
        for address in set(there) - set(self._known):
            self._begin(address)
        working = self._working()
        if working or any(state == "begins" for state in self._known.values()):
            self._alone_since = now
        elif now > self._alone_since + self.patience:
            raise NoWorker("no worker of the cluster can be used. Run the same command again to go on.")
        for key, sent in list(self._sent.items()):
            if now > sent.end:
                self._hung(sent)
                self._retry(key, TimeoutError(f"no answer within {self.seconds:g} s"))
            elif not sent.allowed & working and working:
                self._retry(key, ConnectionError("its workers are gone"), count=False)

    def _workers(self) -> dict[str, int]:
        if self.client.status != "running":  # it would tell of those that were there
            return {}
        with suppress(OSError, TimeoutError, ValueError, RuntimeError):
            workers = self.client.scheduler_info()["workers"]
            return {address: about["nthreads"] for address, about in workers.items()}
        return {}

    def _working(self) -> frozenset[str]:
        return frozenset(address for address, state in self._known.items() if state == "works")

    def _begin(self, address: str) -> None:
        self._known[address] = "begins"
        try:
            require_protected(address)
        except CourseError as problem:
            self._refuse(address, str(problem))
            return
        key = f"begin-{uuid.uuid4()}"
        self._starting[key] = address
        self._submit(cluster_worker.begin, self.about, BEGIN, key, [address])

    def _began(self, address: str, ended: Any) -> None:
        """Use a worker, or say why it is not used."""
        if address not in self._known:
            return
        if isinstance(ended, CancelledError):
            del self._known[address]  # the scheduler is gone; it is asked again if it comes back
            return
        try:
            if isinstance(ended, Exception):
                raise CourseError(f"worker {address}: cannot grade here: {in_words(ended)}")
            theirs = json.loads(ended)
            if not isinstance(theirs, dict):
                raise CourseError(f"worker {address}: does not say what it is")
            require_same(f"worker {address}", theirs, self.origin, "It is not used.")
        except (CourseError, ValueError) as problem:
            self._refuse(address, str(problem))
        else:
            self._known[address] = "works"

    def _refuse(self, address: str, why: str) -> None:
        self._known[address] = "refused"
        logger.error("%s", why)
        self.tell(why)

    def _hung(self, sent: _Sent) -> None:
        """Use a worker no more that has a submission and does not answer."""
        with suppress(OSError, TimeoutError, ValueError, RuntimeError):
            for address, keys in self.client.processing().items():
                if sent.future.key in keys and self._known.get(address) == "works":
                    self._refuse(address, f"worker {address}: does not answer. It is not used any more.")

    # -- Submissions ---------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        working = self._working()
        most = AHEAD * sum(self._slots.get(address, 0) for address in working)
        room = min(most, 1 if self.alone else most) - len(self._sent)
        while room > 0 and (self._again or not self._exhausted):
            room -= 1
            if self._again:
                submission, request, tries = self._again.pop()
            else:
                following = next(self.submissions, None)
                if following is None:
                    self._exhausted = True
                    return
                made = self.request(following)
                if isinstance(made, bytes):
                    self._early.append((following, made))
                    continue
                submission, request, tries = following, made, 0
            key = f"run-{uuid.uuid4()}"  # no student's name on a dashboard
            # Its worker may have others before it, each of which may take its whole time.
            end = monotonic() + (AHEAD + 1) * self.seconds
            self._sent[key] = _Sent(submission, request, end, working, tries + 1)
            self._sent[key].future = self._submit(cluster_worker.run, request, self.seconds, key, list(working))

    def _submit(self, function: Any, request: str, seconds: float, key: str, workers: list[str]) -> Any:
        future = self.client.submit(function, request, seconds, key=key, pure=False, workers=workers)
        self._held[key] = future
        future.add_done_callback(self._ended.put)
        return future

    def _arrived(self, seconds: float) -> list[tuple[Submission, bytes | Exception]]:
        arrived, self._early = self._early, []
        with suppress(queue.Empty):
            while True:
                wait = bool(seconds) and not arrived
                future = self._ended.get(wait, seconds)
                ended = _result(future)
                self._held.pop(future.key, None)
                if future.key in self._starting:
                    self._began(self._starting.pop(future.key), ended)
                elif future.key in self._sent:
                    submission = self._sent[future.key].submission
                    if isinstance(ended, bytes):
                        del self._sent[future.key]
                        arrived.append((submission, ended))
                    elif (failed := self._failed(future.key, ended)) is not None:
                        arrived.append((submission, failed))
        return arrived

    def _failed(self, key: str, error: Exception) -> Exception | None:
        """Send a submission again, or return why it is not."""
        if isinstance(error, CancelledError):  # the connection was lost, so nothing is known about the submission
            self._retry(key, error, count=False)
            return None
        if self._sent[key].tries < TRIES:
            self._retry(key, error)
            return None
        del self._sent[key]
        return error

    def _retry(self, key: str, error: Exception, count: bool = True) -> None:
        sent = self._sent.pop(key)
        self._held.pop(key, None)
        logger.error("%s: sent again: %s: %s", sent.submission, type(error).__name__, error)
        with suppress(OSError, TimeoutError, RuntimeError):
            sent.future.cancel()
        self._again.append((sent.submission, sent.request, sent.tries if count else sent.tries - 1))


def _result(future: Any) -> Any:
    """Return what a future that is done gave, or the exception that it raised."""
    try:
        return future.result(timeout=30)
    except Exception as error:
        return error


class ClusterGrading(Grading):
    """Grades a class on a cluster; what comes back is checked, recorded and written into feedback here."""

    def begin(self, client: Any, labs: list[str], tell: Callable[[str], None], patience: float) -> None:
        """Name the cluster and the labs that its workers must know; see ``Remote``."""
        self.client, self.labs, self.tell, self.patience = client, labs, tell, patience

    def prepare(self, lab: str, size: int = 1) -> None:
        """Prepare recording alone; servers are started by the workers."""
        self._prepare_records(lab)

    def remote(self, submissions: Iterator[Submission], alone: bool) -> Remote:
        """Return what sends submissions to the workers and brings run results back; see ``Remote``."""
        execute = Execute(config=self.config)
        about = {"classroom": str(self.classroom.root), "labs": self.labs, "unsafe": execute.unsafe}
        return Remote(
            self.client,
            submissions,
            lambda submission: self._request(submission, about),
            json.dumps(about),
            origin(self.classroom, self.labs, self.engine),
            2 * execute.limits.submission + SLACK,  # its cells run twice
            self.patience,
            self.tell,
            alone,
        )

    def _round(
        self,
        submissions: list[Submission],
        staged: Path,
        jobs: int,
        again: dict[Submission, Ran | Exception] | None,
    ) -> Iterator[Outcome]:
        """Grade submissions on the cluster; what is tried again is alone on it. See ``Grading._round``."""
        remote = self.remote(iter(submissions), alone=again is None)

        def more(block: bool = False) -> list[Submission]:
            return [self.keep(submission, came, staged) for submission, came in remote.take(block)]

        with self._pool(staged, jobs) as pool:
            while not remote.done:
                for submission in more(block=True):
                    pool.add(Task(submission))
                yield from self._as_they_come(pool, staged, len(submissions), again, more)

    def _request(self, submission: Submission, about: dict[str, Any]) -> str | bytes:
        """Return what a worker is sent, or where there is nothing to send the run result."""
        stamp = self._stamps[submission]
        try:
            files = cluster_worker.pack(submission, Submissions(config=self.config).notebook_limit)
        except Unreadable as problem:
            return RunResult(submission.student, submission.lab, stamp, "unreadable", str(problem)).to_bytes()
        except OSError as error:
            return run_result.failed(submission, stamp, in_words(error)).to_bytes()
        return json.dumps(
            {**about, "student": submission.student, "lab": submission.lab, "stamp": stamp, "files": files}
        )

    def keep(self, submission: Submission, came: bytes | Exception, staged: Path) -> Submission:
        """Write what came back to where ``executed`` finds it."""
        if isinstance(came, Exception):
            came = run_result.failed(submission, self._stamps[submission], in_words(came)).to_bytes()
        (staged / file_name(submission)).write_bytes(came)
        return submission

    def executed(self, submission: Submission, staged: Path) -> tuple[MendedSubmission, bool]:
        """Return a submission as a worker ran it, with its files staged, and whether it had trouble.

        Raises:
            Unreadable, FailedElsewhere: see ``RunResult.executed``.
            Damaged: what came back cannot be used.
        """
        path = staged / file_name(submission)
        content = path.read_bytes()
        path.unlink()
        with within(READING):
            result = run_result.from_bytes(content, submission)
            run_result.check_notebook(self.config, result)
        return result.executed(submission, staged)
