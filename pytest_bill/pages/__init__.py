"""What all pages for a browser share: how one is made of its parts, its style, its first script."""
