"""Where a caller changes comments: nowhere yet."""
