"""What an import reads like: fields, roles, what belongs to a component, links, names."""

from __future__ import annotations

import textwrap

from archproof.errors import Location
from archproof.model.architecture import loads
from archproof.resources.lowering import lower_model
from archproof.resources.resource import Resource, Resources
from archproof.sources.lifting import lift
from archproof.sources.lifting.writer import write
from lifting.lifted import imported, resources

_TRUST = "{Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}"  # noqa: E501


def _reads(template: str, expected: str) -> None:
    assert imported(template) == textwrap.dedent(expected).lstrip("\n")


def test_properties_become_fields_with_their_units() -> None:
    _reads(
        """
        Jobs:
          Type: AWS::SQS::Queue
          Properties: {VisibilityTimeout: '60', MessageRetentionPeriod: 345600, FifoQueue: true}
        """,
        """
        components:
          jobs: {kind: sqs_queue, fifo: true, visibility_s: 60, retention_days: 4}
        """,
    )


def test_what_is_known_only_after_deployment_stays_in_the_properties() -> None:
    _reads(
        """
        Jobs:
          Type: AWS::SQS::Queue
          Properties: {QueueName: {'Fn::Sub': '${AWS::StackName}-jobs'}, VisibilityTimeout: 60}
        """,
        """
        components:
          jobs: {kind: sqs_queue, visibility_s: 60, properties: {QueueName: !Sub "${AWS::StackName}-jobs"}}
        """,
    )


def test_a_type_without_a_kind_stays_as_it_is() -> None:
    _reads(
        """
        Search:
          Type: AWS::OpenSearchService::Domain
          DeletionPolicy: Retain
          Properties: {EngineVersion: OpenSearch_2.19}
        """,
        """
        components:
          search: {type: AWS::OpenSearchService::Domain, attributes: {DeletionPolicy: Retain},
            properties: {EngineVersion: OpenSearch_2.19}}
        """,
    )


def test_the_role_and_the_log_group_of_one_function_are_its_own_and_its_rights_are_links() -> None:
    _reads(
        f"""
        OrdersFn:
          Type: AWS::Lambda::Function
          Properties: {{Runtime: python3.13, Handler: app.h, Role: {{'Fn::GetAtt': [OrdersRole, Arn]}},
                       Environment: {{Variables: {{TOPIC: {{Ref: News}}}}}}}}
        OrdersRole:
          Type: AWS::IAM::Role
          Properties:
            AssumeRolePolicyDocument: {_TRUST}
            Policies:
              - PolicyName: send
                PolicyDocument:
                  Statement: {{Effect: Allow, Action: ['sqs:SendMessage'], Resource: {{'Fn::GetAtt': [Jobs, Arn]}}}}
        OrdersFnLogGroup:
          Type: AWS::Logs::LogGroup
          Properties: {{LogGroupName: {{'Fn::Sub': '/aws/lambda/${{OrdersFn}}'}}, RetentionInDays: 14}}
        Jobs: {{Type: AWS::SQS::Queue}}
        News: {{Type: AWS::SNS::Topic}}
        """,
        """
        components:
          orders_fn: {kind: lambda, runtime: python3.13, handler: app.h, environment: {TOPIC: !Ref news},
            role: {policies: {send: {allow: sqs:SendMessage, on: jobs}}}, log_retention_days: 14,
            resources: {LogGroup: {LogGroupName: !Sub "/aws/lambda/${orders_fn}"}}}
          jobs: {kind: sqs_queue}
          news: {kind: sns_topic}
        links:
          - {from: orders_fn, to: jobs, verb: send}
          - {from: orders_fn, to: news, verb: publish}
        stack: {logical_ids: {OrdersFnRole: OrdersRole}}
        """,
    )


def test_a_role_of_two_functions_is_a_component() -> None:
    _reads(
        f"""
        One: {{Type: AWS::Lambda::Function, Properties: {{Role: {{'Fn::GetAtt': [Shared, Arn]}}}}}}
        Two: {{Type: AWS::Lambda::Function, Properties: {{Role: {{'Fn::GetAtt': [Shared, Arn]}}}}}}
        Shared:
          Type: AWS::IAM::Role
          Properties:
            AssumeRolePolicyDocument: {_TRUST}
            ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']
        """,
        """
        defaults: {lambda: {role: shared}}
        components:
          one: {kind: lambda}
          two: {kind: lambda}
          shared: {kind: iam_role, trust: lambda.amazonaws.com, managed: ReadOnlyAccess}
        """,
    )


def test_statements_that_the_language_has_no_words_for_are_verbatim() -> None:
    _reads(
        """
        Policy:
          Type: AWS::IAM::ManagedPolicy
          Properties:
            PolicyDocument:
              Version: '2012-10-17'
              Statement:
                - {Effect: Deny, NotAction: 'iam:*', Resource: '*'}
                - {Sid: Read, Effect: Allow, Action: ['s3:GetObject'], Resource: {'Fn::Sub': '${Files.Arn}/*'}}
        Files: {Type: AWS::S3::Bucket}
        """,
        """
        components:
          policy:
            kind: iam_policy
            statements:
              - {verbatim: {Effect: Deny, NotAction: iam:*, Resource: "*"}}
              - {allow: s3:GetObject, on: files/*, sid: Read}
          files: {kind: s3_bucket}
        """,
    )


def test_logical_ids_that_the_tool_would_make_otherwise_are_said() -> None:
    _reads(
        "HTTPQueue: {Type: AWS::SQS::Queue}",
        """
        components:
          http_queue: {kind: sqs_queue}
        stack: {logical_ids: {HttpQueue: HTTPQueue}}
        """,
    )


def test_every_resource_names_its_component_and_every_field_its_place() -> None:
    def locate(path: tuple[str | int, ...] | None) -> Location:
        return Location("template.yaml", 1 if path is None else 1 + len(path), 1)

    source = Resources()
    queue = Resource("Jobs", "AWS::SQS::Queue", {"VisibilityTimeout": 5}, origins={(): ()}, locate=locate)
    source.add(queue)
    architecture = lift(source)
    assert queue.component == "jobs"
    assert architecture.given is source
    assert architecture.locate("jobs", "visibility_s") == Location("template.yaml", 2, 1)
    assert architecture.locate("jobs") == Location("template.yaml", 1, 1)


def test_a_reference_to_nothing_and_properties_of_a_wrong_shape_are_kept() -> None:
    imported(
        """
        Fn:
          Type: AWS::Lambda::Function
          Properties: {Role: 5, Environment: none, VpcConfig: [1], Layers: {a: b}, Code: x}
        Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: text, Policies: {a: b}}}
        Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: '{}', Tags: {a: b}, VisibilityTimeout: soon}}
        """
    )


def test_tables_say_their_keys_and_queues_their_dead_letters() -> None:
    _reads(
        """
        Orders:
          Type: AWS::DynamoDB::Table
          Properties:
            AttributeDefinitions: [{AttributeName: at, AttributeType: N}, {AttributeName: id, AttributeType: S}]
            KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]
            ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 2}
            StreamSpecification: {StreamViewType: NEW_IMAGE}
        Jobs:
          Type: AWS::SQS::Queue
          Properties: {RedrivePolicy: {deadLetterTargetArn: {'Fn::GetAtt': [Dead, Arn]}, maxReceiveCount: 3}}
        Dead: {Type: AWS::SQS::Queue}
        """,
        """
        components:
          orders: {kind: dynamodb_table, keys: {id: string, at: number}, read_units: 5, write_units: 2, stream: new}
          jobs: {kind: sqs_queue, dead_letter: {queue: dead, max_receives: 3}}
          dead: {kind: sqs_queue}
        """,
    )


def test_what_belongs_to_one_component_stands_with_it() -> None:
    _reads(
        """
        Fn: {Type: AWS::Lambda::Function, Condition: Full, Properties: {Runtime: python3.13, Handler: a.b}}
        FnVersion:
          Type: AWS::Lambda::Version
          DeletionPolicy: Retain
          Properties: {FunctionName: {Ref: Fn}}
        """,
        """
        components:
          fn:
            kind: lambda
            runtime: python3.13
            handler: a.b
            resource_attributes: {Condition: Full}
            resources:
              Version: {type: AWS::Lambda::Version, FunctionName: !Ref fn,
                attributes: {DeletionPolicy: Retain, Condition: null}}
        """,
    )


def test_a_secret_in_plain_text_becomes_a_parameter_of_the_stack() -> None:
    wanted = resources(
        """
        Fn:
          Type: AWS::Lambda::Function
          Properties: {Runtime: python3.13, Environment: {Variables: {DB_PASSWORD: hunter2hunter2, STAGE: test}}}
        """
    )
    wanted.parameters = {"AdminPassword": {"Type": "String", "Default": "hunter2hunter2"}}
    text = write(lift(wanted))
    assert "hunter2" not in text
    made = lower_model(loads(text))
    assert made["Fn"].get("Environment", "Variables") == {"DB_PASSWORD": {"Ref": "FnDbPassword"}, "STAGE": "test"}
    assert made.parameters["AdminPassword"] == {"Type": "String", "NoEcho": True}


def test_what_is_beside_a_component_is_called_after_its_logical_id() -> None:
    _reads(
        f"""
        SNSFn:
          Type: AWS::Lambda::Function
          Properties: {{Runtime: python3.13, Role: {{'Fn::GetAtt': [SNSFnRole, Arn]}}}}
        SNSFnRole: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {_TRUST},
                     ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']}}}}
        """,
        """
        components:
          sns_fn: {kind: lambda, runtime: python3.13, role: {managed: ReadOnlyAccess}}
        stack: {logical_ids: {SnsFn: SNSFn}}
        """,
    )


def test_policies_that_are_called_after_the_role_need_no_names() -> None:
    _reads(
        f"""
        Fn: {{Type: AWS::Lambda::Function, Properties: {{Role: {{'Fn::GetAtt': [FnRole, Arn]}}}}}}
        FnRole:
          Type: AWS::IAM::Role
          Properties:
            AssumeRolePolicyDocument: {_TRUST}
            Policies:
              - PolicyName: FnRolePolicy0
                PolicyDocument: {{Statement: [{{Effect: Allow, Action: ['sqs:SendMessage'], Resource: '*'}}]}}
              - PolicyName: FnRolePolicy1
                PolicyDocument: {{Statement: [{{Effect: Allow, Action: ['sns:Publish'], Resource: '*'}}]}}
        """,
        """
        components:
          fn: {kind: lambda, role: {policies: [{allow: sqs:SendMessage, on: "*"}, {allow: sns:Publish, on: "*"}]}}
        """,
    )
