"""Benchmarks: `python -m bench [SCENARIO …]`. Ratios taken in one run on one machine; see docs/performance.md."""
