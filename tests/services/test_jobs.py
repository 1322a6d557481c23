"""Jobs: one at a time, the same key once, stopped at their next word, and remembered for a while."""

import threading

from crm_core.errors import CrmError
from crm_core.services.jobs import KEPT, Job, Jobs, JobState


def test_a_job_tells_how_far_it_is_and_keeps_its_result() -> None:
    told, go_on = threading.Event(), threading.Event()

    def work(job: Job) -> int:
        job.tell(0.5, "Halfway")
        told.set()
        go_on.wait(5)
        return 42

    job = Jobs().start("sum", work)
    assert told.wait(5)
    assert (job.state, job.progress, job.words, job.is_over) == (JobState.RUNNING, 0.5, "Halfway", False)
    go_on.set()
    assert job.wait(5)
    assert (job.state, job.result, job.progress) == (JobState.DONE, 42, 1.0)


def test_the_same_key_is_not_started_twice_while_it_runs() -> None:
    go_on, jobs = threading.Event(), Jobs()
    first = jobs.start("import", lambda _job: go_on.wait(5))
    assert jobs.start("import", lambda _job: None) is first
    go_on.set()
    assert first.wait(5)
    second = jobs.start("import", lambda _job: "again")
    assert second is not first
    assert second.wait(5)
    assert jobs.find("import") is second


def test_a_cancelled_job_stops_at_its_next_word() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(job: Job) -> str:
        begun.set()
        go_on.wait(5)
        job.tell(0.9, "Too late")
        return "finished"

    job = Jobs().start("long", work)
    assert begun.wait(5)
    job.cancel()
    go_on.set()
    assert job.wait(5)
    assert (job.state, job.result) == (JobState.CANCELLED, None)


def test_a_failure_is_a_sentence_and_the_worker_lives_on() -> None:
    jobs = Jobs()

    def expected(_job: Job) -> None:
        raise CrmError("orders.csv is empty.")

    def bug(_job: Job) -> None:
        raise ZeroDivisionError("secret@example.org")

    first, second = jobs.start("a", expected), jobs.start("b", bug)
    assert first.wait(5)
    assert second.wait(5)
    assert (first.state, first.error) == (JobState.FAILED, "orders.csv is empty.")
    assert "is in the log" in second.error
    assert "secret" not in second.error
    assert jobs.start("c", lambda _job: 1).wait(5)


def test_only_so_many_finished_jobs_are_remembered() -> None:
    jobs = Jobs()
    for number in range(KEPT + 10):
        assert jobs.start(str(number), lambda _job: None).wait(5)
    assert jobs.find("0") is None
    assert jobs.find(str(KEPT + 9)) is not None


def test_short_work_is_done_at_once_and_remembered() -> None:
    jobs = Jobs()
    done = jobs.do_now("sum", lambda job: job.tell(0.5, "Halfway") or 42)
    assert (done.state, done.result) == (JobState.DONE, 42)
    assert jobs.find("sum") is done
    failed = jobs.do_now("sum", lambda _job: 1 / 0)
    assert failed.state is JobState.FAILED
    assert "Something went wrong" in failed.error


def test_what_is_dropped_is_forgotten_and_stopped() -> None:
    begun, go_on, jobs = threading.Event(), threading.Event(), Jobs()

    def work(job: Job) -> None:
        begun.set()
        go_on.wait(5)
        job.tell(0.9, "Nearly")

    running = jobs.start("old | backtest", work)
    assert begun.wait(5)
    kept = jobs.do_now("new | base", lambda _job: 1)
    jobs.drop(lambda key: key.startswith("old"))
    go_on.set()
    assert running.wait(5)
    assert running.state is JobState.CANCELLED
    assert jobs.find("old | backtest") is None
    assert jobs.find("new | base") is kept


def test_fewer_are_remembered_where_asked_for() -> None:
    jobs = Jobs(kept=2)
    for name in "abcd":
        jobs.do_now(name, lambda job: job.key)
    assert [name for name in "abcd" if jobs.find(name)] == ["c", "d"]
