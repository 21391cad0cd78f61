"""No secret in what people read: text, values, errors, reports, and all that pytest puts out."""
