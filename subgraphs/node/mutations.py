"""Where a caller changes nodes: nowhere; their owners change them."""
