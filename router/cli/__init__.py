"""The command line: serve, and one command for each stage of the pipeline."""
