"""Service levels: how long things may take, in the hours that count."""
