"""AWS resources in CloudFormation shape: the one vocabulary of rules, proofs, drift and exports."""
