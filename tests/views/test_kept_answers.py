"""Answers that are kept for thousands of keys: what they weigh."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_kept_answer_weighs_little_more_than_it_is_long() -> None:
    command = [sys.executable, "-m", "tests.views.kept_answers"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert float(told.stdout) < 2
