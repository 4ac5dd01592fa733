"""Use cases: one function each, the same for pages, API and jobs."""
