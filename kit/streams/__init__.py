"""Many answers to one request: subscriptions, and what is delivered in parts.

Events wait in a `Mailbox` of bounded size; `over_http` and `over_socket` carry them
to a client. Subgraphs and the router serve the same protocols with the same code.
"""
