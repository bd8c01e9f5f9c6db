"""Every attack, in the order of the list of attacks that a competition platform meets."""

from tests.sandbox.hostile import evaluator, files_in, output, privileges, resources, state, surroundings

THEMES = (files_in, resources, surroundings, privileges, state, output, evaluator)
ATTACKS = sorted((attack for theme in THEMES for attack in theme.ATTACKS), key=lambda attack: attack.item)
# Those that concern labels, boards and scores have tests of their own, beside what they concern.
ITEMS = {*range(1, 30), *range(36, 42)}
