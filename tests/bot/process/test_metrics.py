"""The numbers the program publishes."""

import asyncio
from datetime import timedelta

import pytest

from bot.process.metrics import Metrics


def test_two_programs_in_one_process_do_not_share_their_numbers() -> None:
    first, second = Metrics(), Metrics()
    first.refused(401)
    assert b'seguito_slack_refused_total{status="401"}' in first.render()
    assert b'seguito_slack_refused_total{status="401"}' not in second.render()


def test_a_vendor_without_an_answer_counts_as_an_error() -> None:
    metrics = Metrics()
    metrics.vendor("fathom", "meetings", 200, 0.2)
    metrics.vendor("fathom", "meetings", 0, 10.0)
    page = metrics.render().decode()
    assert 'seguito_vendor_seconds_count{operation="meetings",vendor="fathom"} 2.0' in page
    assert 'seguito_vendor_errors_total{status="0",vendor="fathom"} 1.0' in page


def test_jobs_queues_and_tokens_are_there() -> None:
    metrics = Metrics()
    metrics.job("followups.write", timedelta(seconds=4))
    metrics.queue("work", 3)
    metrics.tokens("claude", "input", 12_000)
    page = metrics.render().decode()
    assert 'seguito_job_age_seconds_sum{workflow="followups.write"} 4.0' in page
    assert 'seguito_queue_depth{queue="work"} 3.0' in page
    assert 'seguito_model_tokens_total{kind="input",model="claude"} 12000.0' in page


async def test_the_loops_lag_is_sampled_until_the_sampler_is_stopped() -> None:
    metrics = Metrics(lag_period=timedelta(milliseconds=1))
    sampler = asyncio.create_task(metrics.watch_loop())
    for _ in range(1_000):
        await asyncio.sleep(0.001)
        if b"seguito_loop_lag_seconds_count 0.0" not in metrics.render():
            break
    else:
        pytest.fail("never sampled")
    sampler.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sampler
