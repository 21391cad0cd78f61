"""What signs in to BILL and asks it: the objects that the fixtures give."""
