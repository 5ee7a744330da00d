"""Arguments are written into the call where they are known."""

from inline_snapshot import snapshot

from tests.support.jit_tickets import source


def test_arguments_are_written_where_they_are_known() -> None:
    assert source(
        "query ($n: Int) { ticket(id: 1) { a: comments { id } "
        ' b: comments(first: 3, after: "x") { id } c: comments(first: $n) { id } } }'
    ) == snapshot("""\
def Query_1(run, source, path):
    data = data_3.copy()
    waiting = {}
    plain = run.plain
    try:
        # Query.ticket: Ticket
        at = source.get('ticket') if type(source) is dict else lookup(source, 'ticket')
        if callable(at):
            at = at(info(run, ticket_4, path_5), id='1')
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
        # Ticket.comments: [Ticket]
        at = source.get('comments') if type(source) is dict else lookup(source, 'comments')
        if callable(at):
            at = at(info(run, comments_11, new(Path, (path, 'a', 'Ticket'))), first=10)
        if at is None:
            data['a'] = None
        else:
            data['a'] = complete_field(run, comments_11, path, waiting, at)
        # Ticket.comments: [Ticket]
        at = source.get('comments') if type(source) is dict else lookup(source, 'comments')
        if callable(at):
            at = at(info(run, comments_12, new(Path, (path, 'b', 'Ticket'))), first=3, after='x')
        if at is None:
            data['b'] = None
        else:
            data['b'] = complete_field(run, comments_12, path, waiting, at)
        # Ticket.comments: [Ticket]
        given = arguments(run, comments_13)
        at = source.get('comments') if type(source) is dict else lookup(source, 'comments')
        if callable(at):
            at = at(info(run, comments_13, new(Path, (path, 'c', 'Ticket'))), **given)
        if at is None:
            data['c'] = None
        else:
            data['c'] = complete_field(run, comments_13, path, waiting, at)
    except Exception:
        go_on(run, fields_14, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_7(run, source, path):
    data = data_15.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_16, new(Path, (path, 'id', 'Ticket'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_16, path, waiting, at)
    except Exception:
        go_on(run, fields_17, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_8(run, source, path):
    data = data_18.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_19, new(Path, (path, 'id', 'Ticket'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_19, path, waiting, at)
    except Exception:
        go_on(run, fields_20, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_9(run, source, path):
    data = data_21.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_22, new(Path, (path, 'id', 'Ticket'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_22, path, waiting, at)
    except Exception:
        go_on(run, fields_23, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def execute_operation(run, source, path):
    return Query_1(run, source, path)
""")  # noqa: E501 - generated text
