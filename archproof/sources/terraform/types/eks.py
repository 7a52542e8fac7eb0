"""EKS: clusters, node groups, Fargate profiles, add-ons, who has access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.convert import pairs
from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, to

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_eks_cluster", "aws_eks_node_group", "aws_eks_fargate_profile", "aws_eks_addon", "aws_eks_access_entry",
    "aws_eks_access_policy_association", "aws_eks_identity_provider_config", "aws_eks_pod_identity_association",
)  # fmt: skip


def _logged(value: Any) -> Any:
    return [{"Type": v} for v in value] if isinstance(value, list) else value


def _access_policy(made: Made) -> None:
    """A policy is an entry of who has it."""
    scope = made.value("access_scope", 0) or {}
    said = {"Type": scope.get("type"), "Namespaces": scope.get("namespaces")}
    policy = {"PolicyArn": made.value("policy_arn"), "AccessScope": {k: v for k, v in said.items() if v}}
    made.add("AccessPolicies", policy, "policy_arn")


def _oidc(made: Made) -> None:
    made.set("Type", "oidc")
    name = made.value("oidc", 0, "identity_provider_config_name")
    made.set("IdentityProviderConfigName", name, "oidc", 0, "identity_provider_config_name")


MAPPINGS = {
    "aws_eks_cluster": Mapping(
        "AWS::EKS::Cluster",
        "name role_arn bootstrap_self_managed_addons deletion_protection -force_update_version version",
        {
            "vpc_config": block(
                "ResourcesVpcConfig",
                "subnet_ids endpoint_private_access endpoint_public_access public_access_cidrs security_group_ids",
            ),
            "access_config": block("AccessConfig", "authentication_mode bootstrap_cluster_creator_admin_permissions"),
            "compute_config": block("ComputeConfig", "enabled node_pools node_role_arn"),
            "control_plane_scaling_config": block("ControlPlaneScalingConfig", "tier"),
            "enabled_cluster_log_types": to("Logging.ClusterLogging.EnabledTypes", _logged),
            "encryption_config": blocks("EncryptionConfig", "resources", {"provider": block("Provider", "key_arn")}),
            "kubernetes_network_config": block(
                "KubernetesNetworkConfig",
                "ip_family service_ipv4_cidr",
                {"elastic_load_balancing": block("ElasticLoadBalancing", "enabled")},
            ),
            "outpost_config": block(
                "OutpostConfig",
                "control_plane_instance_type outpost_arns",
                {"control_plane_placement": block("ControlPlanePlacement", "group_name")},
            ),
            "remote_network_config": block(
                "RemoteNetworkConfig",
                "",
                {
                    "remote_node_networks": blocks("RemoteNodeNetworks", "cidrs"),
                    "remote_pod_networks": blocks("RemotePodNetworks", "cidrs"),
                },
            ),
            "storage_config": block("StorageConfig", "", {"block_storage": block("BlockStorage", "enabled")}),
            "upgrade_policy": block("UpgradePolicy", "support_type"),
            "zonal_shift_config": block("ZonalShiftConfig", "enabled"),
        },
        attributes="id=Ref name=Ref arn=Arn endpoint=Endpoint cluster_id=Id",
    ),
    "aws_eks_node_group": Mapping(
        "AWS::EKS::Nodegroup",
        "cluster_name node_role_arn=NodeRole subnet_ids=Subnets ami_type "
        "capacity_type disk_size -force_update_version instance_types "
        "labels node_group_name=NodegroupName -node_group_name_prefix "
        "release_version version",
        {
            "scaling_config": block("ScalingConfig", "desired_size max_size min_size"),
            "launch_template": block("LaunchTemplate", "version id name"),
            "node_repair_config": block(
                "NodeRepairConfig",
                "enabled max_parallel_nodes_repaired_count "
                "max_parallel_nodes_repaired_percentage "
                "max_unhealthy_node_threshold_count "
                "max_unhealthy_node_threshold_percentage",
                {
                    "node_repair_config_overrides": blocks(
                        "NodeRepairConfigOverrides",
                        "min_repair_wait_time_mins node_monitoring_condition node_unhealthy_reason repair_action",
                    )
                },
            ),
            "remote_access": block("RemoteAccess", "ec2_ssh_key source_security_group_ids=SourceSecurityGroups"),
            "taint": blocks("Taints", "effect key value"),
            "update_config": block("UpdateConfig", "max_unavailable max_unavailable_percentage"),
        },
        attributes="id=Ref arn=Arn node_group_name=NodegroupName",
        tags="map",
    ),
    "aws_eks_fargate_profile": Mapping(
        "AWS::EKS::FargateProfile",
        "cluster_name fargate_profile_name pod_execution_role_arn subnet_ids=Subnets",
        {"selector": blocks("Selectors", "namespace", {"labels": to("Labels", pairs)})},
        attributes="id=Ref arn=Arn",
    ),
    "aws_eks_addon": Mapping(
        "AWS::EKS::Addon",
        "addon_name cluster_name addon_version configuration_values "
        "preserve=PreserveOnDelete "
        "resolve_conflicts_on_create=ResolveConflicts "
        "-resolve_conflicts_on_update service_account_role_arn",
        {"pod_identity_association": blocks("PodIdentityAssociations", "role_arn service_account")},
        attributes="id=Ref arn=Arn",
    ),
    "aws_eks_access_entry": Mapping(
        "AWS::EKS::AccessEntry",
        "cluster_name principal_arn kubernetes_groups type user_name=Username",
        attributes="id=Ref access_entry_arn=AccessEntryArn",
    ),
    "aws_eks_access_policy_association": Mapping(
        None,
        "-access_scope -cluster_name -policy_arn -principal_arn",
        attributes="id",
        tags="",
        merge=Merge("principal_arn", "aws_eks_access_entry"),
        finish=_access_policy,
    ),
    "aws_eks_identity_provider_config": Mapping(
        "AWS::EKS::IdentityProviderConfig",
        "cluster_name",
        {
            "oidc": block(
                "Oidc",
                "client_id -identity_provider_config_name issuer_url "
                "groups_claim groups_prefix -required_claims username_claim "
                "username_prefix",
            )
        },
        attributes="id=Ref",
        finish=_oidc,
    ),
    "aws_eks_pod_identity_association": Mapping(
        "AWS::EKS::PodIdentityAssociation",
        "cluster_name namespace role_arn service_account -disable_session_tags target_role_arn",
        attributes="id=AssociationId association_arn=AssociationArn",
    ),
}
