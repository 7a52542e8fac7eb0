"""IAM: what policies permit.

`globs` compares texts with wildcards, `conditions` evaluates a Condition block, `policies` reads policy documents,
`evaluation` decides a request against all policies that bear on it. Everything is three-valued (`archproof.iam.truth`):
what depends on a value that nobody knows before deployment is neither allowed nor denied.
"""
