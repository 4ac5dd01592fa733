"""Benchmarks: `python -m bench [SCENARIO …]`. Ratios, taken in one run; see docs/performance.md."""
