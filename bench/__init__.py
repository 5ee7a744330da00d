"""Side-by-side benchmarks; never part of the tests."""
