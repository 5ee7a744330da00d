"""Every field and mutation of the graph has a rule of who sees and does it.

The rules are tried by tests/e2e/rights. Whoever adds a field adds a word to
tests/support/rights/fields.yaml, whoever adds a mutation an entry to mutations.yaml;
a later domain has files of its own, in tests/support/rights/domains.
"""

from pathlib import Path

from tests.support.rights.rules import (
    field_rules,
    fields_of,
    mutation_rules,
    rule_of,
    schema,
)

ROOT = Path(__file__).parents[2]
GRAPH = schema()


def test_every_field_has_a_rule_and_every_rule_a_field() -> None:
    there, ruled = set(fields_of(GRAPH)), set(field_rules())
    assert sorted(there - ruled) == [], "say in fields.yaml who sees them"
    assert sorted(ruled - there) == [], "fields.yaml speaks of what is gone"


def test_every_rule_that_is_named_is_one() -> None:
    for name in set(field_rules().values()):
        assert callable(rule_of(name))


def test_every_mutation_has_an_entry_and_every_entry_a_mutation() -> None:
    kind = GRAPH.mutation_type
    assert kind is not None
    entries = {name.split()[0] for name in mutation_rules()}
    assert sorted(set(kind.fields) - entries) == [], "say who does them: mutations.yaml"
    assert sorted(entries - set(kind.fields)) == [], "mutations.yaml has what is gone"


def test_what_is_tested_elsewhere_is_tested_there() -> None:
    for name, entry in mutation_rules().items():
        if "tested" in entry:
            assert name in (ROOT / entry["tested"]).read_text(), name
        else:
            assert set(entry) == {"input", "done"}
