"""What may be sent, and where to: asked before anything leaves, whatever client sends it."""
