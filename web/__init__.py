"""HTTP plumbing around every request: nothing here knows a rule of the product."""
