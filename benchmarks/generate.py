"""Writes a model of any size, shaped like a real system: functions, queues, buckets, tables, and links.

usage: python benchmarks/generate.py COMPONENTS > model.yaml
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

HEADER = """archproof: 1
system: {name: generated, title: A generated system, region: eu-west-1}
defaults:
  lambda: {runtime: python3.13, memory_mb: 512, timeout_s: 20}
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 2}
  subnets:
    public: {cidr: 10.0.0.0/22, egress: internet_gateway}
    app: {cidr: 10.0.128.0/17, egress: nat}
    data: {cidr: 10.0.16.0/22, egress: none}
  security_groups:
    fn_sg: {}
    db_sg: {}
components:
  dlq: {kind: sqs_queue, retention_days: 14}
  topic: {kind: sns_topic}
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data, security_groups: [db_sg]}}
"""


def model(components: int) -> Iterator[str]:
    """Yield the lines of a model with about that many components: five to a service."""
    yield HEADER
    links = []
    for number in range(max(1, (components - 3) // 5)):
        service = f"s{number}"
        yield f"  {service}_fn: {{kind: lambda, in: {{subnets: app, security_groups: [fn_sg]}}}}\n"
        yield f"  {service}_worker: {{kind: lambda, timeout_s: 60, dead_letter: dlq}}\n"
        yield f"  {service}_jobs: {{kind: sqs_queue, visibility_s: 400, dead_letter: dlq}}\n"
        yield f"  {service}_files: {{kind: s3_bucket}}\n"
        yield f"  {service}_table: {{kind: dynamodb_table, keys: {{id: string}}}}\n"
        links += [
            f"  - {{from: {service}_fn, to: db, verb: query}}\n",
            f"  - {{from: {service}_fn, to: [{service}_jobs, topic]}}\n",
            f"  - {{from: {service}_jobs, to: {service}_worker, verb: trigger, batch: 10}}\n",
            f"  - {{from: {service}_worker, to: [{service}_files, {service}_table]}}\n",
        ]
    yield "links:\n"
    yield from links


if __name__ == "__main__":
    sys.stdout.writelines(model(int(sys.argv[1])))
