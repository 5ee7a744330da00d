"""Every subgraph's SDL → one supergraph and its API schema; needs Node, serving not.

* ``node``     Node and npm: which, and the composer they run
* ``compose``  export, compose, write or compare
"""
