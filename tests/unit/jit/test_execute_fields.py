"""The text of functions that execute fields."""

from inline_snapshot import snapshot

from tests.support.jit_tickets import source


def test_leaves_are_read_checked_and_sent() -> None:
    assert source("{ __typename ticket(id: 7) { key: id } }") == snapshot("""\
def Query_1(run, source, path):
    data = data_3.copy()
    waiting = {}
    plain = run.plain
    try:
        # Query.ticket: Ticket
        at = source.get('ticket') if type(source) is dict else lookup(source, 'ticket')
        if callable(at):
            at = at(info(run, ticket_4, path_5), id='7')
        if type(at) in plain:
            here = path_5
            at = Ticket_2(run, at, here)
            if type(at) is not dict:
                at = hold(run, ticket_4, at, here, waiting)
            data['ticket'] = at
        elif at is None:
            data['ticket'] = None
        else:
            data['ticket'] = complete_field(run, ticket_4, path, waiting, at)
    except Exception:
        go_on(run, fields_6, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_2(run, source, path):
    data = data_7.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_8, new(Path, (path, 'key', 'Ticket'))))
        if type(at) is str:
            data['key'] = at
        else:
            data['key'] = complete_field(run, id_8, path, waiting, at)
    except Exception:
        go_on(run, fields_9, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def execute_operation(run, source, path):
    return Query_1(run, source, path)
""")


def test_each_kind_of_value_has_its_short_way() -> None:
    assert source(
        "query ($id: ID!) { ticket(id: $id)"
        " { weight status at tags assignee { name } parent { id } } }"
    ) == snapshot("""\
def Query_1(run, source, path):
    data = data_3.copy()
    waiting = {}
    plain = run.plain
    try:
        # Query.ticket: Ticket
        at = source.get('ticket') if type(source) is dict else lookup(source, 'ticket')
        if callable(at):
            at = at(info(run, ticket_4, path_5), id=run.variables['id'])
        if type(at) in plain:
            here = path_5
            at = Ticket_2(run, at, here)
            if type(at) is not dict:
                at = hold(run, ticket_4, at, here, waiting)
            data['ticket'] = at
        elif at is None:
            data['ticket'] = None
        else:
            data['ticket'] = complete_field(run, ticket_4, path, waiting, at)
    except Exception:
        go_on(run, fields_6, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_2(run, source, path):
    data = data_10.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.weight: Float
        at = source.get('weight') if type(source) is dict else lookup(source, 'weight')
        if callable(at):
            at = at(info(run, weight_11, new(Path, (path, 'weight', 'Ticket'))))
        if type(at) is float and at - at == 0:
            data['weight'] = at
        elif at is None:
            data['weight'] = None
        else:
            data['weight'] = complete_field(run, weight_11, path, waiting, at)
        # Ticket.status: Status!
        at = source.get('status') if type(source) is dict else lookup(source, 'status')
        if callable(at):
            at = at(info(run, status_12, new(Path, (path, 'status', 'Ticket'))))
        if type(at) is str and at in names_13:
            data['status'] = names_13[at]
        else:
            data['status'] = complete_field(run, status_12, path, waiting, at)
        # Ticket.at: Instant
        at = source.get('at') if type(source) is dict else lookup(source, 'at')
        if callable(at):
            at = at(info(run, at_14, new(Path, (path, 'at', 'Ticket'))))
        if type(at) in plain:
            text = serialize_15(at)
            if type(text) is not str:
                given = at, text, scalar_16
                text = complete_serialized(run, at_14, path, waiting, *given)
            data['at'] = text
        elif at is None:
            data['at'] = None
        else:
            data['at'] = complete_field(run, at_14, path, waiting, at)
        # Ticket.tags: [String!]!
        at = source.get('tags') if type(source) is dict else lookup(source, 'tags')
        if callable(at):
            at = at(info(run, tags_17, new(Path, (path, 'tags', 'Ticket'))))
        if type(at) is list and classes_18.issuperset(map(type, at)):
            data['tags'] = at.copy()
        else:
            data['tags'] = complete_field(run, tags_17, path, waiting, at)
        # Ticket.assignee: User
        at = source.get('assignee') if type(source) is dict else lookup(source, 'assignee')
        if callable(at):
            at = at(info(run, assignee_19, new(Path, (path, 'assignee', 'Ticket'))))
        if type(at) in plain:
            here = new(Path, (path, 'assignee', 'Ticket'))
            at = User_7(run, at, here)
            if type(at) is not dict:
                at = hold(run, assignee_19, at, here, waiting)
            data['assignee'] = at
        elif at is None:
            data['assignee'] = None
        else:
            data['assignee'] = complete_field(run, assignee_19, path, waiting, at)
        # Ticket.parent: Node
        at = source.get('parent') if type(source) is dict else lookup(source, 'parent')
        if callable(at):
            at = at(info(run, parent_20, new(Path, (path, 'parent', 'Ticket'))))
        if at is None:
            data['parent'] = None
        else:
            data['parent'] = complete_field(run, parent_20, path, waiting, at)
    except Exception:
        go_on(run, fields_21, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def User_7(run, source, path):
    data = data_22.copy()
    waiting = {}
    plain = run.plain
    try:
        # User.name: String
        at = source.get('name') if type(source) is dict else lookup(source, 'name')
        if callable(at):
            at = at(info(run, name_23, new(Path, (path, 'name', 'User'))))
        if type(at) is str:
            data['name'] = at
        elif at is None:
            data['name'] = None
        else:
            data['name'] = complete_field(run, name_23, path, waiting, at)
    except Exception:
        go_on(run, fields_24, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def User_8(run, source, path):
    data = data_25.copy()
    waiting = {}
    plain = run.plain
    try:
        # User.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_26, new(Path, (path, 'id', 'User'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_26, path, waiting, at)
    except Exception:
        go_on(run, fields_27, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_9(run, source, path):
    data = data_28.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_29, new(Path, (path, 'id', 'Ticket'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_29, path, waiting, at)
    except Exception:
        go_on(run, fields_30, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def execute_operation(run, source, path):
    return Query_1(run, source, path)
""")  # noqa: E501 - generated text
