"""A live account, read with boto3: lists first, details where they are needed, and nothing but reads."""
