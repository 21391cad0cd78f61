"""The screenshots of README.md and the site: ``make pictures`` takes them anew, from real runs.

A picture cannot be compared with the code, and two machines draw the same page with other fonts.
So beside the pictures lies ``docs/pictures/taken.json``, with two things about each, as they were
when it was taken:

- the hashes of the templates, styles and scripts that its page is made of. CI compares these
  without a browser (tests/docs/test_pictures.py): a change of looks asks for ``make pictures``;
- the lines that the page said. The night opens the page again and compares them
  (tests/browser/test_pictures.py): a change of what is told asks for it, wherever it was made.

What a picture shows is the same in each run: the local sandbox's seed, and a clock that begins at
``AT``. Only durations differ, and times within the hour; ``taken.lines_of`` leaves them out.
"""
