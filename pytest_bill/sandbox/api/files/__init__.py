"""Files: attachments, documents, exports, and the links that they are downloaded by."""

MODULES = (
    "attachments",
    "documents",
    "exports",
)
