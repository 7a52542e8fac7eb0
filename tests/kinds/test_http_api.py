"""HTTP APIs."""

from __future__ import annotations

from archproof.resources.resource import Resources

from .cfn import findings, lowered, problems
from .lowered import complaints
from .lowered import lowered as whole

CAST3 = """
pool: {kind: cognito_user_pool}
web_client: {kind: cognito_app_client, pool: pool}
api:
  kind: http_api
  authorizer: {jwt: web_client}
  routes:
    GET /orders: {to: orders_fn, scopes: [orders.read]}
    POST /reports: {to: jobs}
    GET /health: {to: orders_fn, auth: open}
orders_fn: {kind: lambda, runtime: python3.13}
jobs: {kind: sqs_queue}
"""


def auth(resources: Resources, route: str) -> tuple[object, object, object]:
    found = resources[route]
    return found.get("AuthorizationType"), found.get("AuthorizerId"), found.get("AuthorizationScopes")


def test_the_authorizer_takes_the_issuer_from_the_pool_and_the_client_as_audience() -> None:
    authorizer = lowered(CAST3)["ApiAuthorizer"]
    assert authorizer.get("AuthorizerType") == "JWT"
    assert authorizer.get("JwtConfiguration") == {
        "Issuer": {"Fn::GetAtt": ["Pool", "ProviderURL"]},
        "Audience": [{"Ref": "WebClient"}],
    }
    assert str(authorizer.location("JwtConfiguration")) == "architecture.yaml:7:18"


def test_the_authorizer_covers_every_route_that_is_not_said_to_be_open() -> None:
    resources = lowered(CAST3)
    assert auth(resources, "ApiGETOrdersRoute") == ("JWT", {"Ref": "ApiAuthorizer"}, ["orders.read"])
    assert auth(resources, "ApiPOSTReportsRoute") == ("JWT", {"Ref": "ApiAuthorizer"}, None)
    assert auth(resources, "ApiGETHealthRoute") == ("NONE", None, None)
    assert str(resources["ApiGETHealthRoute"].location("AuthorizationType")) == "architecture.yaml:11:36"


def test_without_an_authorizer_requests_are_signed() -> None:
    resources = lowered("api: {kind: http_api, routes: {GET /a: fn}}\nfn: {kind: lambda, runtime: python3.13}")
    assert resources["ApiGETARoute"].get("AuthorizationType") == "AWS_IAM"


def test_routes_to_one_function_share_its_integration_and_its_permission() -> None:
    resources = lowered(CAST3)
    assert resources["ApiOrdersFnIntegration"].get("PayloadFormatVersion") == "2.0"
    assert resources["ApiGETOrdersRoute"].get("Target") == {"Fn::Sub": "integrations/${ApiOrdersFnIntegration}"}
    assert resources["ApiGETHealthRoute"].get("Target") == {"Fn::Sub": "integrations/${ApiOrdersFnIntegration}"}
    (permission,) = resources.of_type("AWS::Lambda::Permission")
    assert permission.get("SourceArn") == {
        "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"
    }


def test_a_queue_is_sent_to_without_a_function_between() -> None:
    resources = lowered(CAST3)
    integration = resources["ApiJobsIntegration"]
    assert integration.get("IntegrationSubtype") == "SQS-SendMessage"
    assert integration.get("RequestParameters") == {"QueueUrl": {"Ref": "Jobs"}, "MessageBody": "$request.body"}
    assert integration.get("CredentialsArn") == {"Fn::GetAtt": ["ApiIntegrationRole", "Arn"]}
    assert resources["ApiIntegrationRole"].get("Policies", 0, "PolicyDocument", "Statement") == [
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": {"Fn::GetAtt": ["Jobs", "Arn"]}}
    ]


def test_a_stage_logs_and_measures() -> None:
    stage = lowered(CAST3)["ApiStage"]
    assert stage.get("StageName") == "$default"
    assert stage.get("AutoDeploy") is True
    assert stage.get("AccessLogSettings", "DestinationArn") == {"Fn::GetAtt": ["ApiAccessLogs", "Arn"]}
    assert stage.get("DefaultRouteSettings") == {"DetailedMetricsEnabled": True}


FULL = """
api:
  kind: http_api
  authorizer: {lambda: decide}
  cors: https://app.example.com
  domain: {name: api.example.com, certificate: cert, path: v1}
  throttle: {rps: 100, burst: 200}
  stage: live
  routes:
    GET /a: {to: fn, timeout_ms: 2000, throttle: {rps: 5}}
    POST /events: bus
    POST /runs: machine
    PUT /records: stream
    "PUT /fifo/{id}": fifo
    "GET /out/{proxy+}": out
    $default: fn
cert: {kind: certificate, domain: api.example.com}
bus: {kind: event_bus}
machine: {kind: state_machine, type: express, steps: [fn]}
stream: {kind: kinesis_stream}
decide: {kind: lambda, runtime: python3.13}
fn: {kind: lambda, runtime: python3.13}
fifo: {kind: sqs_queue, fifo: true}
out: {kind: external_system, url: "https://x.example.com/"}
"""


def test_every_kind_of_target_is_reached() -> None:
    resources = lowered(FULL)
    assert resources["ApiFn2000Integration"].get("TimeoutInMillis") == 2000
    subtypes = [i.get("IntegrationSubtype") for i in resources.of_type("AWS::ApiGatewayV2::Integration")]
    assert [s for s in subtypes if s] == [
        "EventBridge-PutEvents", "StepFunctions-StartSyncExecution", "Kinesis-PutRecord", "SQS-SendMessage",
    ]  # fmt: skip
    assert resources["ApiFifoIntegration"].get("RequestParameters", "MessageGroupId") == "api"
    assert resources["ApiGETOutProxyIntegration"].get("IntegrationUri") == "https://x.example.com/out/{proxy}"
    assert auth(resources, "ApiDefaultRoute")[0] == "CUSTOM"


def test_an_api_with_a_name_of_its_own_does_not_answer_to_another() -> None:
    resources = lowered(FULL)
    assert resources["Api"].get("DisableExecuteApiEndpoint") is True
    configuration = resources["ApiDomain"].get("DomainNameConfigurations", 0)
    assert configuration["SecurityPolicy"] == "TLS_1_2"
    assert configuration["CertificateArn"] == {"Ref": "Cert"}
    assert resources["ApiMapping"].get("ApiMappingKey") == "v1"


def test_limits_are_those_of_the_stage_and_of_the_route() -> None:
    stage = lowered(FULL)["ApiStage"]
    assert stage.get("DefaultRouteSettings", "ThrottlingRateLimit") == 100
    assert stage.get("RouteSettings") == {"GET /a": {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 5}}
    assert stage.attributes["DependsOn"] == ["ApiGETARoute"]


def test_a_load_balancer_is_reached_through_a_private_link() -> None:
    resources = whole("""
  api: {kind: http_api, routes: {"ANY /{proxy+}": web}, in: {subnets: app, security_groups: [app_sg]}}
  web: {kind: alb, to: svc, certificate: cert, internal: true, in: {subnets: app, security_groups: [web_sg]}}
  cert: {kind: certificate, domain: web.example.com}
  images: {kind: ecr_repository}
  svc: {kind: ecs_service, launch: fargate, image: images, port: 8080, in: {subnets: app, security_groups: [data_sg]}}
""")
    integration = resources["ApiWebIntegration"]
    assert integration.get("ConnectionType") == "VPC_LINK"
    assert integration.get("IntegrationUri") == {"Ref": "WebListener"}
    assert integration.get("TlsConfig") == {"ServerNameToVerify": "web.example.com"}
    assert resources["ApiVpcLink"].get("SubnetIds") == [{"Ref": "AppSubnetA"}, {"Ref": "AppSubnetB"}]
    assert complaints(resources) == []


def test_the_templates_are_valid() -> None:
    assert findings(lowered(CAST3)) == []
    assert findings(lowered(FULL)) == []


def test_wrong_routes_are_errors_with_their_place() -> None:
    head = "fn: {kind: lambda, runtime: x}\nb: {kind: s3_bucket}\n"
    assert problems(head + "api: {kind: http_api, routes: {GET /a: b}}")[0].startswith(
        "architecture.yaml:5:42: 'b' is a s3 bucket; expected a lambda or sqs queue or state machine or event bus"
    )
    assert problems(head + "api: {kind: http_api, routes: {GET /a: {to: fn, auth: none}}}") == [
        "architecture.yaml:5:57: 'auth' is one of open, iam; found the text 'none'"
    ]
    assert problems(head + "api: {kind: http_api, authorizer: {jwt: fn}}") == [
        "architecture.yaml:5:43: 'fn' is a lambda; expected a cognito app client"
    ]
