"""REST APIs."""

from __future__ import annotations

from .cfn import findings, lowered, problems

FULL = """
pool: {kind: cognito_user_pool}
cert: {kind: certificate, domain: api.example.com}
api:
  kind: rest_api
  authorizer: {cognito: pool}
  cors: https://app.example.com
  domain: {name: api.example.com, certificate: cert, path: v1}
  throttle: {rps: 100, burst: 200}
  cache_gb: 0.5
  usage_plans: {partners: {throttle: {rps: 10}, quota: 1000, keys: [acme]}}
  waf: acl
  routes:
    GET /orders: {to: fn, scopes: [orders/read], required: querystring.page}
    POST /orders: {to: fn, body_schema: {type: object}}
    "GET /orders/{id}/lines/{line}": {to: fn, api_key: true, timeout_ms: 3000}
    POST /reports: jobs
    POST /events: bus
    POST /notes: ops
    POST /runs: machine
    GET /health: {to: fn, auth: open}
    "ANY /out/{proxy+}": out
    GET /: fn
acl: {kind: waf}
bus: {kind: event_bus}
ops: {kind: sns_topic}
machine: {kind: state_machine, steps: [fn]}
fn: {kind: lambda, runtime: python3.13}
jobs: {kind: sqs_queue}
out: {kind: external_system, url: "https://x.example.com/"}
"""


def test_paths_become_a_tree() -> None:
    resources = lowered(FULL)
    assert resources["ApiOrdersResource"].get("ParentId") == {"Fn::GetAtt": ["Api", "RootResourceId"]}
    assert resources["ApiOrdersIdResource"].get("ParentId") == {"Ref": "ApiOrdersResource"}
    assert resources["ApiOrdersIdLinesLineResource"].get("PathPart") == "{line}"
    assert resources["ApiGETMethod"].get("ResourceId") == {"Fn::GetAtt": ["Api", "RootResourceId"]}


def test_every_method_needs_the_authorizer_but_the_open_one() -> None:
    resources = lowered(FULL)
    orders = resources["ApiGETOrdersMethod"]
    assert orders.get("AuthorizationType") == "COGNITO_USER_POOLS"
    assert orders.get("AuthorizerId") == {"Ref": "ApiAuthorizer"}
    assert orders.get("AuthorizationScopes") == ["orders/read"]
    assert resources["ApiAuthorizer"].get("ProviderARNs") == [{"Fn::GetAtt": ["Pool", "Arn"]}]
    health = resources["ApiGETHealthMethod"]
    assert health.get("AuthorizationType") == "NONE"
    assert str(health.location("AuthorizationType")) == "architecture.yaml:22:29"


def test_requests_are_checked_where_a_route_says_so() -> None:
    resources = lowered(FULL)
    assert resources["ApiGETOrdersMethod"].get("RequestParameters") == {"method.request.querystring.page": True}
    assert resources["ApiPOSTOrdersMethod"].get("RequestModels") == {"application/json": {"Ref": "ApiPOSTOrdersModel"}}
    assert resources["ApiAllValidator"].get("ValidateRequestBody") is True


def test_services_are_called_without_a_function_between() -> None:
    resources = lowered(FULL)
    queue = resources["ApiPOSTReportsMethod"].get("Integration")
    assert queue["Uri"] == {
        "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Jobs.QueueName}"
    }
    assert queue["RequestTemplates"] == {
        "application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"
    }
    statements = resources["ApiIntegrationRole"].get("Policies", 0, "PolicyDocument", "Statement")
    assert [s["Action"] for s in statements] == [
        ["sqs:SendMessage"], ["events:PutEvents"], ["sns:Publish"], ["states:StartExecution"],
    ]  # fmt: skip


def test_a_deployment_has_a_new_id_whenever_the_api_changes() -> None:
    (one,) = lowered(FULL).of_type("AWS::ApiGateway::Deployment")
    (same,) = lowered(FULL).of_type("AWS::ApiGateway::Deployment")
    (other,) = lowered(FULL.replace("GET /health", "GET /alive")).of_type("AWS::ApiGateway::Deployment")
    assert one.logical_id == same.logical_id
    assert one.logical_id != other.logical_id
    assert "ApiGETOrdersMethod" in one.attributes["DependsOn"]


def test_a_stage_logs_traces_and_limits() -> None:
    resources = lowered(FULL)
    stage = resources["ApiStage"]
    assert stage.get("TracingEnabled") is True
    assert stage.get("MethodSettings") == [
        {
            "HttpMethod": "*",
            "ResourcePath": "/*",
            "MetricsEnabled": True,
            "LoggingLevel": "ERROR",
            "DataTraceEnabled": False,
            "ThrottlingRateLimit": 100,
            "ThrottlingBurstLimit": 200,
            "CachingEnabled": True,
            "CacheDataEncrypted": True,
            "CacheTtlInSeconds": 300,
        }
    ]
    assert stage.attributes["DependsOn"] == ["ApiAccount"]


def test_a_plan_limits_the_holders_of_its_keys() -> None:
    resources = lowered(FULL)
    assert resources["ApiPartnersPlan"].get("Quota") == {"Limit": 1000, "Period": "MONTH"}
    assert resources["ApiPartnersAcmeKey"].get("Name") == "acme"
    assert resources["ApiPartnersAcmePlanKey"].get("UsagePlanId") == {"Ref": "ApiPartnersPlan"}
    assert resources["ApiGETOrdersIdLinesLineMethod"].get("ApiKeyRequired") is True


def test_browsers_may_ask_before_they_call() -> None:
    resources = lowered(FULL)
    preflight = resources["ApiOPTIONSOrdersMethod"]
    assert preflight.get("AuthorizationType") == "NONE"
    assert preflight.get("Integration", "Type") == "MOCK"
    assert "ApiOPTIONSOutProxyMethod" not in resources


def test_a_web_acl_stands_before_the_stage() -> None:
    assert lowered(FULL)["AclApiAssociation"].get("ResourceArn") == {
        "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/${ApiStage}"
    }


def test_a_private_api_answers_its_endpoints_only() -> None:
    text = """
api: {kind: rest_api, endpoint: private, vpc_endpoints: vpce, routes: {GET /a: fn}}
vpce:
  type: AWS::EC2::VPCEndpoint
  properties: {VpcId: vpc-0123456789abcdef0, ServiceName: com.amazonaws.us-east-1.execute-api}
fn: {kind: lambda, runtime: python3.13}
"""
    api = lowered(text)["Api"]
    assert api.get("EndpointConfiguration") == {"Types": ["PRIVATE"], "VpcEndpointIds": [{"Ref": "Vpce"}]}
    deny = api.get("Policy", "Statement", 0)
    assert deny["Condition"] == {"StringNotEquals": {"aws:SourceVpce": [{"Ref": "Vpce"}]}}
    assert problems("api: {kind: rest_api, endpoint: private}") == [
        "architecture.yaml:3:8: 'api': a private API needs 'vpc_endpoints' or a 'policy'"
    ]


def test_two_apis_share_the_one_account_setting() -> None:
    resources = lowered(
        "a: {kind: rest_api, routes: {GET /: fn}}\nb: {kind: rest_api, routes: {GET /: fn}}\n"
        "fn: {kind: lambda, runtime: python3.13}"
    )
    assert [r.logical_id for r in resources.of_type("AWS::ApiGateway::Account")] == ["AAccount"]


def test_the_template_is_valid() -> None:
    assert findings(lowered(FULL)) == []
