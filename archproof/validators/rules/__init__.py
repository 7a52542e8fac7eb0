"""The rules: one module a service, each listing in `TYPES` the CloudFormation types that it looks at.

A module is imported only where one of its types occurs; `*` stands for every system.
"""
