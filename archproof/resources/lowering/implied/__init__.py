"""What links imply beyond roles and security-group rules: one module for each `implies` of the verb table."""
