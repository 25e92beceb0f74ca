"""What rows must satisfy: Great Expectations suites, one per age of a row, and the gate that judges by them."""
