"""Whether what was recorded is still so: by BILL's documentation, and by asking BILL again."""
