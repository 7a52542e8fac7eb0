"""The form of the ARN of each type of resource, where it is not the attribute `Arn`."""

from __future__ import annotations


def _regional(service: str, rest: str) -> str:
    """The ARN of a resource of this stack's region and account; `${}` in `rest` stands for its `Ref`."""
    return f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}"


ARNS = {
    "AWS::SNS::Topic": "Ref",
    "AWS::SecretsManager::Secret": "Ref",
    "AWS::StepFunctions::StateMachine": "Ref",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Ref",
    "AWS::ElasticLoadBalancingV2::Listener": "Ref",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Ref",
    "AWS::CertificateManager::Certificate": "Ref",
    "AWS::ECS::TaskDefinition": "Ref",
    "AWS::ECS::Service": "Ref",
    "AWS::Lambda::LayerVersion": "Ref",
    "AWS::IAM::ManagedPolicy": "Ref",
    "AWS::EC2::VPC": _regional("ec2", "vpc/${}"),
    "AWS::RDS::DBInstance": "DBInstanceArn",
    "AWS::RDS::DBCluster": "DBClusterArn",
    "AWS::RDS::DBProxy": "DBProxyArn",
    "AWS::ApiGateway::RestApi": _regional("execute-api", "${}"),
    "AWS::ApiGatewayV2::Api": _regional("execute-api", "${}"),
    "AWS::SSM::Parameter": _regional("ssm", "parameter/${}"),
    "AWS::CloudFront::Distribution": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${}",
    "AWS::Cognito::IdentityPool": _regional("cognito-identity", "identitypool/${}"),
    "AWS::Route53::HostedZone": "arn:${AWS::Partition}:route53:::hostedzone/${}",
    "AWS::SecurityHub::Hub": "Ref",
    "AWS::CloudWatch::Dashboard": "arn:${AWS::Partition}:cloudwatch::${AWS::AccountId}:dashboard/${}",
    "AWS::ElastiCache::ReplicationGroup": _regional("elasticache", "replicationgroup:${}"),
    "AWS::EC2::Instance": _regional("ec2", "instance/${}"),
    "AWS::AutoScaling::AutoScalingGroup": _regional("autoscaling", "autoScalingGroup:*:autoScalingGroupName/${}"),
    "AWS::EFS::FileSystem": "Arn",
    "AWS::DynamoDB::Table": "Arn",
}
