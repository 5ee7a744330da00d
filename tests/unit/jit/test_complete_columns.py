"""The text of a function that executes a whole list."""

import graphql as g
from inline_snapshot import snapshot

import jit
from tests.support.jit_lists import SCHEMA


def together(text: str) -> str:
    source = jit.compile_operation(SCHEMA, g.parse(text)).source
    begin = source.index("(items, plain):")
    return source[source.rindex("def ", 0, begin) : source.index("def execute_op")]


def test_columns_are_read_checked_and_put_together() -> None:
    assert together(
        "{ plain { __typename textOr number shareOr colorOr atOr tags"
        " innerOr { id } } }"
    ) == snapshot("""\
def Inner_52(items, plain):
    id_50 = tuple(map(read_53, items))
    # Inner.id: ID!
    if not classes_21.issuperset(map(type, id_50)):
        return None
    return [
        {
            'id': at_51,
        }
        for at_51 in id_50
    ]


def Plain_57(items, plain):
    text_or_27, number_30, share_or_33, color_or_37, at_or_41, tags_46, inner_or_49 = zip(*map(read_58, items))
    # Plain.textOr: String
    if not classes_28.issuperset(map(type, text_or_27)):
        return None
    # Plain.number: Int!
    if not classes_31.issuperset(map(type, number_30)):
        return None
    if not all(-0x80000000 <= at <= 0x7FFFFFFF for at in number_30):
        return None
    # Plain.shareOr: Float
    if not classes_34.issuperset(map(type, share_or_33)):
        return None
    given_35 = [at for at in share_or_33 if at is not None]
    if not all(at - at == 0 for at in given_35):
        return None
    # Plain.colorOr: Color
    if not classes_38.issuperset(map(type, color_or_37)):
        return None
    # Plain.atOr: DateTime
    given_42 = [at for at in at_or_41 if at is not None]
    if not plain.issuperset(map(type, given_42)):
        return None
    texts_44 = each_43(given_42)
    if not classes_21.issuperset(map(type, texts_44)):
        return None
    # Plain.tags: [String!]!
    if not classes_47.issuperset(map(type, tags_46)):
        return None
    if not all(classes_21.issuperset(map(type, at)) for at in tags_46):
        return None
    # Plain.innerOr: Inner
    given_54 = [at for at in inner_or_49 if at is not None]
    if not plain.issuperset(map(type, given_54)):
        return None
    objects_55 = Inner_52(given_54, plain) if given_54 else []
    if objects_55 is None:
        return None
    return [
        {
            '__typename': 'Plain',
            'textOr': at_29,
            'number': at_32,
            'shareOr': at_36,
            'colorOr': at_40,
            'atOr': at_45,
            'tags': at_48,
            'innerOr': at_56,
        }
        for at_29, at_32, at_36, at_40, at_45, at_48, at_56 in zip(
            text_or_27,
            number_30,
            share_or_33,
            [names_39[at] for at in color_or_37],
            spread(texts_44, at_or_41),
            [at.copy() for at in tags_46],
            spread(objects_55, inner_or_49),
            strict=True,
        )
    ]


""")  # noqa: E501 - generated text


def test_a_view_is_read_by_its_records_keys() -> None:
    assert together(
        "{ shown { key: id at flag inner { id note } link { __typename id } } }"
    ) == snapshot("""\
def Shown_44(items, plain):
    id_27, at_30, flag_34, inner_id_37, inner_note_38, link_id_42 = zip(*map(read_46, map(record_45, items)))
    # Shown.id: ID!
    if not classes_28.issuperset(map(type, id_27)):
        return None
    # Shown.at: DateTime!
    if not plain.issuperset(map(type, at_30)):
        return None
    texts_32 = each_31(at_30)
    if not classes_28.issuperset(map(type, texts_32)):
        return None
    # Shown.flag: Boolean!
    if not classes_35.issuperset(map(type, flag_34)):
        return None
    # Shown.inner: Inner!
    # Inner.id: ID!
    if not classes_28.issuperset(map(type, inner_id_37)):
        return None
    # Inner.note: String
    if not classes_40.issuperset(map(type, inner_note_38)):
        return None
    # Shown.link: Inner
    if not classes_40.issuperset(map(type, link_id_42)):
        return None
    return [
        {
            'key': at_29,
            'at': at_33,
            'flag': at_36,
            'inner': {'id': at_39, 'note': at_41},
            'link': None if at_43 is None else {'__typename': 'Inner', 'id': at_43},
        }
        for at_29, at_33, at_36, at_39, at_41, at_43 in zip(
            id_27,
            texts_32,
            flag_34,
            inner_id_37,
            inner_note_38,
            link_id_42,
            strict=True,
        )
    ]


""")  # noqa: E501 - generated text
