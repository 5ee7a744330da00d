"""Every statement sent to the node database: none."""
