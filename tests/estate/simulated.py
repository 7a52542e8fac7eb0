"""A simulated estate: snapshots of many account-regions, most of them alike, some drifted, some that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

REGIONS = ("eu-central-1", "eu-west-1")
MODEL = """\
archproof: 1
system: {name: shop, region: eu-central-1}
components:
  jobs: {kind: sqs_queue, physical_name: jobs, visibility_s: 60}
"""


def account(number: int) -> str:
    """The number of an account."""
    return f"{100_000_000_000 + number}"


def make(folder: Path, accounts: int, drifted: tuple[int, ...] = (), broken: tuple[int, ...] = ()) -> Path:
    """Write an estate of so many accounts in two regions each, and return its file."""
    (folder / "model.yaml").write_text(MODEL, encoding="utf-8")
    lines = [
        "estate: 1",
        "name: Simulated",
        "models: {shop: {file: model.yaml}}",
        f"defaults: {{regions: [{', '.join(REGIONS)}], model: shop}}",
        "accounts:",
    ]
    for number in range(accounts):
        id = account(number)
        lines.append(f'  - {{id: "{id}", name: team-{number:03}, live: "live/{id}/{{region}}"}}')
        for region in REGIONS:
            _snapshot(folder / "live" / id / region, id, region, "61" if number in drifted else "60", number in broken)
    file = folder / "estate.yaml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _snapshot(folder: Path, id: str, region: str, visibility: str, broken: bool) -> None:
    folder.mkdir(parents=True)
    if broken:
        (folder / "sqs.list-queues.json").write_text('{"QueueUrls": [', encoding="utf-8")
        return
    queues = {"QueueUrls": [f"https://sqs.{region}.amazonaws.com/{id}/jobs"]}
    (folder / "sqs.list-queues.json").write_text(json.dumps(queues), encoding="utf-8")
    attributes = {
        "QueueArn": f"arn:aws:sqs:{region}:{id}:jobs",
        "VisibilityTimeout": visibility,
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "20",
        "SqsManagedSseEnabled": "true",
    }
    (folder / "sqs.get-queue-attributes.jobs.json").write_text(json.dumps({"Attributes": attributes}), encoding="utf-8")
