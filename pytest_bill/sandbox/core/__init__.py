"""What all parts of BILL's API share: operations, fields, records, sessions, limits."""
