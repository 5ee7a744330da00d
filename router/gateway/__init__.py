"""The pipeline: request → document → operation → plan → data → answer."""
