"""Templates of CloudFormation: what they say, what is wrong with them, and the resources that they make."""
