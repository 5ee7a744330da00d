"""Documents that requests name instead of sending them.

* ``manifest``   manifest files → documents by id and client
* ``library``    which document an id means; which texts are listed
* ``automatic``  texts that clients registered by their hash
* ``lookup``     a request → the same request with its text, or a refusal
"""
