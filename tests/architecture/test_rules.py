"""Every rule of the house is kept, passes its good sample and finds its bad one."""

import pytest
import rules_doors
import rules_flow
import rules_rooms
import rules_shapes
import rules_sizes
import rules_words
from rule import Rule
from source import Source, house

RULES = (
    *rules_sizes.RULES,
    *rules_words.RULES,
    *rules_flow.RULES,
    *rules_shapes.RULES,
    *rules_rooms.RULES,
    *rules_doors.RULES,
)
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)


@every_rule
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    breaches = [line for source in house() for line in rule.look(source)]
    assert not breaches, "\n".join([f"{type(rule).__doc__}", *breaches])


@every_rule
def test_the_rule_lets_its_good_sample_pass(rule: Rule) -> None:
    sample = Source.of(*rule.good)
    assert rule.governs(sample)
    assert rule.look(sample) == []


@every_rule
def test_the_rule_finds_every_line_of_its_bad_sample(rule: Rule) -> None:
    sample = Source.of(*rule.bad)
    assert rule.governs(sample)
    assert rule.look(sample)


@every_rule
def test_the_rule_tells_the_pain_it_prevents(rule: Rule) -> None:
    assert len(str(type(rule).__doc__).split()) >= 8
