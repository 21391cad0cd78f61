"""What recorders let through: the places and encodings of our property-based test, tried on each.

    make others                            # writes docs/what-others-let-through.md; needs a network
    python -m benchmarks.others --quick    # a tenth of the cases, printed only

Each case is one interaction with a made-up secret in one place and one encoding (`cases`). It is
recorded by pytest-bill, and by vcrpy, pytest-recording and cassetter in a virtual environment of
their own (`tools`, `peers`, `by_cassetter`). Then each cassette is read with a YAML parser and
searched (`finder`). The page (`report`) is written only if the finder misses no secret where
nothing is filtered (`results`).
"""
