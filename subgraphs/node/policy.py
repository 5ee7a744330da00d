"""Who may know whether there is an object: whom its owner lets see it.

Nothing is decided here. `service` asks the owner, with the caller's own token.
"""
