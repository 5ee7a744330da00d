"""``helpnest new-subgraph``: a domain that starts, composes and passes the house rules.

* ``name``       what it is called, and whether that is free
* ``templates``  the files of its own
* ``entries``    its entries in files that all domains share
* ``command``    write all of it, or nothing
"""
