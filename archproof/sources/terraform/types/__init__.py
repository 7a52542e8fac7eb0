"""Mappings of Terraform's types to CloudFormation's, one module a service; the package above explains them."""
