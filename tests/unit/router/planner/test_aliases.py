from router.operation.model import Argument
from router.plan.nodes import Rename
from router.planner.aliases import resolve_aliases
from router.planner.documents import Writer
from router.planner.selections import Selected, Selection
from router.planner.sites import Entry


def field(key: str, type_text: str, inner: Selection | None = None) -> Selected:
    entry = Entry.__new__(Entry)
    entry.key, entry.name, entry.when = key, "f", ()
    entry.arguments = ()
    return Selected(entry, type_text, inner)


def cases(**types: Selected) -> Selection:
    selection = Selection("Pet")
    for name, selected in types.items():
        selection.cases[name] = Selection(name)
        selection.cases[name].add(selected)
    return selection


def test_two_shapes_of_one_key_get_two_keys_and_a_rename() -> None:
    selection = cases(Cat=field("x", "ID!"), Dog=field("x", "ID"))

    renames = resolve_aliases(selection)

    assert renames == (Rename((), "x_1", "x"),)
    text = Writer([selection]).write(selection)
    assert text == "{...on Cat{x:f} ...on Dog{x_1:f}}"


def test_equal_shapes_stay_as_they_are() -> None:
    selection = cases(Cat=field("x", "[ID!]"), Dog=field("x", "[ID!]"))

    assert resolve_aliases(selection) == ()


def test_objects_agree_whatever_their_types_until_their_fields_do_not() -> None:
    inside = [Selection("A"), Selection("B")]
    inside[0].add(field("y", "Int"))
    inside[1].add(field("y", "String"))
    selection = cases(Cat=field("x", "A", inside[0]), Dog=field("x", "B", inside[1]))

    assert resolve_aliases(selection) == (Rename(("x",), "y_1", "y"),)


def test_an_alias_never_takes_a_key_that_is_in_use() -> None:
    selection = cases(Cat=field("x", "Int"), Dog=field("x", "Int!"))
    selection.add(field("x_1", "Int"))

    assert resolve_aliases(selection) == (Rename((), "x_2", "x"),)


def test_deeper_renames_come_first() -> None:
    inside = [Selection("A"), Selection("B")]
    inside[0].add(field("y", "Int"))
    inside[1].add(field("y", "Int!"))
    selection = cases(Cat=field("x", "A", inside[0]), Dog=field("x", "B", inside[1]))
    selection.cases["Cat"].add(field("z", "Int"))
    selection.cases["Dog"].add(field("z", "Int!"))

    assert resolve_aliases(selection) == (
        Rename(("x",), "y_1", "y"),
        Rename((), "z_1", "z"),
    )


def test_arguments_are_written_without_spaces() -> None:
    selection = Selection("Pet")
    selected = field("x", "Int")
    selected.arguments = (Argument("a", "1"), Argument("b", "$b", ("b",)))
    selection.add(selected)

    assert Writer([selection]).write(selection) == "{x:f(a:1,b:$b)}"
