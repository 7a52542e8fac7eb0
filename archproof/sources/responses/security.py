"""What watches over an account: Security Hub, GuardDuty, Inspector's analyzers, backups and budgets."""

from __future__ import annotations

from archproof.sources.responses._call import Call, Per, listing
from archproof.sources.responses._item import Item, Props, capital
from archproof.sources.responses._snapshot import Snapshot, detail, plain

KEYS = {
    ".HubArn": "HubArn", "StandardsSubscriptions": "StandardsArn", "DetectorIds": "", "analyzers": "arn",
    "BackupVaultList": "BackupVaultArn", "BackupPlansList": "BackupPlanArn", "Budgets": "BudgetName",
    "BackupSelectionsList": "SelectionId",
}  # fmt: skip
LATER = (
    "StandardsSubscriptions", "guardduty:GetDetector", "backup:GetBackupPlan", "backup:GetBackupSelection",
    "backup:ListTags",
)  # fmt: skip
_HUB, _STANDARD, _DETECTOR = "AWS::SecurityHub::Hub", "AWS::SecurityHub::Standard", "AWS::GuardDuty::Detector"
_VAULT, _PLAN, _SELECTION = "AWS::Backup::BackupVault", "AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection"
_ANALYZER, _BUDGET = "AWS::AccessAnalyzer::Analyzer", "AWS::Budgets::Budget"
_OFF = ("InvalidAccessException",)
"""What Security Hub answers where it is not enabled."""
CALLS = (
    Call("securityhub", "DescribeHub", ".HubArn", (_HUB,), absent=(*_OFF, "ResourceNotFoundException"),
         gives={_HUB: ("AutoEnableControls", "ControlFindingGenerator")}),
    Call("securityhub", "ListTagsForResource", ".Tags", gives={_HUB: ("Tags",)},
         per=Per("DescribeHub", "[HubArn][?@]", {"ResourceArn": "@"})),
    Call("securityhub", "GetEnabledStandards", "StandardsSubscriptions", (_STANDARD,), absent=_OFF,
         gives={_STANDARD: ("StandardsArn",)}),
    Call("guardduty", "ListDetectors", "DetectorIds", (_DETECTOR,)),
    Call("guardduty", "GetDetector", ".Status", gives={_DETECTOR: ("Enable", "FindingPublishingFrequency", "Features",
                                                                  "DataSources", "Tags")},
         per=Per("ListDetectors", "DetectorIds[]", {"DetectorId": "@"})),
    Call("accessanalyzer", "ListAnalyzers", "analyzers", (_ANALYZER,),
         gives={_ANALYZER: ("AnalyzerName", "Type", "AnalyzerConfiguration", "Tags")}),
    Call("backup", "ListBackupVaults", "BackupVaultList", (_VAULT,), gives={_VAULT: ("BackupVaultName",
                                                                                   "EncryptionKeyArn")}),
    Call("backup", "ListBackupPlans", "BackupPlansList", (_PLAN,)),
    Call("backup", "GetBackupPlan", "BackupPlan", gives={_PLAN: ("BackupPlan",)},
         per=Per("ListBackupPlans", "BackupPlansList[]", {"BackupPlanId": "BackupPlanId"})),
    Call("backup", "ListBackupSelections", "BackupSelectionsList", (_SELECTION,),
         gives={_SELECTION: ("BackupPlanId",)},
         per=Per("ListBackupPlans", "BackupPlansList[]", {"BackupPlanId": "BackupPlanId"})),
    Call("backup", "GetBackupSelection", "BackupSelection", gives={_SELECTION: ("BackupSelection",)},
         per=Per("ListBackupSelections", "BackupSelectionsList[]",
                 {"BackupPlanId": "BackupPlanId", "SelectionId": "SelectionId"})),
    listing("budgets", "DescribeBudgets", "Budgets", _BUDGET, gives={_BUDGET: ("Budget",)}, once=True,
            parameters={"AccountId": "{account}"}),
)  # fmt: skip


def _hub(item: Item, snapshot: Snapshot) -> None:
    arn = item.text("HubArn")
    props = item.props("AutoEnableControls", "ControlFindingGenerator")
    snapshot.add(item, _HUB, arn, props, arn=arn, call="SecurityHub")


def _standard(item: Item, snapshot: Snapshot) -> None:
    props = Props(item)
    props.take("StandardsArn", "StandardsArn")
    arn = item.text("StandardsSubscriptionArn") or item.text("StandardsArn")
    name = str(item.get("StandardsArn")).partition("/")[2].replace("/", " ")
    snapshot.add(item, _STANDARD, arn, props, call=f"{name} Standard")


def _detector(item: Item, snapshot: Snapshot) -> None:
    id = item.value if isinstance(item.value, str) else None
    snapshot.add(item, _DETECTOR, id, Props(item), name=id, call="GuardDuty Detector")


def _detector_settings(item: Item, snapshot: Snapshot) -> None:
    found = snapshot.told_by_path(item, _DETECTOR)
    if found is not None:
        props = item.props("FindingPublishingFrequency", "Features", "DataSources")
        props.set("Enable", item.get("Status") == "ENABLED", "Status")
        snapshot.extend(found, item, props)


def _vault(item: Item, snapshot: Snapshot) -> None:
    name = item.text("BackupVaultName")
    made_by = "aws" if str(name).startswith("aws/") or name == "Default" else None
    snapshot.add(item, _VAULT, name, item.props("BackupVaultName", "EncryptionKeyArn"), name=name,
                 attributes={"BackupVaultArn": item.text("BackupVaultArn")}, made_by=made_by)  # fmt: skip


def _plan(item: Item, snapshot: Snapshot) -> None:
    id = item.text("BackupPlanId")
    snapshot.add(item, _PLAN, id, Props(item), name=id, call=f"{item.get('BackupPlanName')} BackupPlan",
                 attributes={"BackupPlanArn": item.text("BackupPlanArn"), "BackupPlanId": id,
                             "VersionId": item.text("VersionId")})  # fmt: skip


def _plan_settings(item: Item, snapshot: Snapshot) -> None:
    """The rules of a plan, which CloudFormation calls otherwise."""
    found = snapshot.told_by_path(item, _PLAN)
    if found is None:
        return
    said = {k: v for k, v in item.value.items() if k not in ("Rules", "AdvancedBackupSettings")}
    said["BackupPlanRule"] = [
        {{"TargetBackupVaultName": "TargetBackupVault"}.get(k, k): v for k, v in rule.items() if k != "RuleId"}
        for _, rule in item.entries("Rules")
    ]
    if item.get("AdvancedBackupSettings"):
        said["AdvancedBackupSettings"] = item.get("AdvancedBackupSettings")
    props = Props(item)
    props.set("BackupPlan", said)
    snapshot.extend(found, item, props)


def _selection(item: Item, snapshot: Snapshot) -> None:
    id, plan = item.text("SelectionId"), item.text("BackupPlanId") or item.asked.get("BackupPlanId")
    props = Props(item)
    props.set("BackupPlanId", plan)
    snapshot.add(item, _SELECTION, id, props, ref=f"{id}_{plan}", name=id,
                 call=f"{item.get('SelectionName')} BackupSelection")  # fmt: skip


def _selection_settings(item: Item, snapshot: Snapshot) -> None:
    found = snapshot.find(_SELECTION, item.asked.get("SelectionId"))
    if found is not None:
        props = Props(item)
        props.set("BackupSelection", dict(item.value))
        snapshot.extend(found, item, props)


def _budget(item: Item, snapshot: Snapshot) -> None:
    """A budget; what was spent is no part of it."""
    name = item.text("BudgetName")
    props = Props(item)
    held = {k: v for k, v in item.value.items() if k not in ("CalculatedSpend", "LastUpdatedTime", "HealthStatus")}
    props.set("Budget", capital(held))
    snapshot.add(item, _BUDGET, name, props, name=name, call=f"{name} Budget")


READERS = {
    ".HubArn": _hub,
    "securityhub:ListTagsForResource": detail(_HUB),
    "StandardsSubscriptions": _standard,
    "DetectorIds": _detector,
    "guardduty:GetDetector": _detector_settings,
    "analyzers": plain(
        _ANALYZER, "arn", "Type", arn="arn", name="name", AnalyzerName="name", AnalyzerConfiguration="configuration"
    ),
    "BackupVaultList": _vault,
    "BackupPlansList": _plan,
    "backup:GetBackupPlan": _plan_settings,
    "BackupSelectionsList": _selection,
    "backup:GetBackupSelection": _selection_settings,
    "Budgets": _budget,
}
