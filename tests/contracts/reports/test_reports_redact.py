"""Secrets do not leave a report; what is no secret stays."""

import pytest

from luminescent_cluster.contracts.clauses import Level, Report, Result, Status, Verdict
from luminescent_cluster.contracts.reports.redact import (
    is_secret_name,
    redact,
    redact_data,
    redact_report,
    redact_result,
)

SECRET = "zq8-Xw77.p0/Q"

LEAKS = [
    f"ConnectionError: password={SECRET}",
    f"greet(name='a') raised OSError: db_password={SECRET!r}",
    f"get_tenant_id({{'authorization': '{SECRET}', 'x-tenant-id': 'acme'}}) -> None",
    f"get_tenant_id({{'Authorization': 'Bearer {SECRET}'}})",
    f'track("query", 1, {{"api_key": "{SECRET}"}})',
    f"connect(password='{SECRET}', timeout=3)",
    f"connect(password={SECRET!r})",
    f"https://example.test/?access_token={SECRET}&page=2",
    f"postgres://user:{SECRET.replace('/', '_')}@db.test/x",
    f"{{'headers': [(b'authorization', b'Bearer {SECRET}'), (b'x-tenant', b'acme')]}}",
    f'{{"headers": [["cookie", "sid={SECRET}"]]}}',
    f"Authorization: Bearer {SECRET}",
    f"Set-Cookie: sid={SECRET}; Path=/",
    f"X-Api-Key: {SECRET}",
    f"client_secret={SECRET}",
    f"os.environ['STRIPE_API_KEY'] = '{SECRET}'",
    f"{{'credentials': {{'user': 'u', 'answer': ['{SECRET}', '}}']}}, 'n': 1}}",
    f'{{"body": "{{\\"password\\": \\"{SECRET}\\"}}"}}',
    f"{{'stripeKey': '{SECRET}'}}",
    f"{{'Proxy-Authorization': '{SECRET}'}}",
    f"{{'refresh_token': \"it's {SECRET}\"}}",
    f"{{'password': 'with \\' quote {SECRET}'}}",
    f"{{'pass': '{SECRET}'}}",
    f"{{'pin': '{SECRET}'}}",
    f"{{'access_tokens': ['{SECRET}']}}",
    f"{{'card_number': '{SECRET}'}}",
    f"PGPASSWORD={SECRET}",
    f"authtoken='{SECRET}'",
    f"db_pass={SECRET}",
    f"Authorization=Bearer {SECRET}",
    f"{{'name': 'token', 'value': '{SECRET}'}}",
    f'{{"key": "API_KEY", "value": "{SECRET}"}}',
    f"{{'key': 'password', 'value': '{SECRET}'}}",
    f"run --password {SECRET} --verbose",
    f"run --api-key={SECRET}",
    f"curl -u admin:{SECRET} https://example.test",
    f"Token('{SECRET}')",
    f"Client(Secret(value='{SECRET}'), 3)",
    f"token: str = '{SECRET}'",
    f"assert token == '{SECRET}'",
    f"token='''{SECRET}'''",
    f"PermissionError: token '{SECRET}' is invalid",
    f"Incorrect API key provided: {SECRET}",
    f"https://example.test/blob?sv=2024&sig={SECRET}",
]


@pytest.mark.parametrize("text", LEAKS)
def test_a_value_under_a_telling_name_is_replaced(text):
    """Dicts, keywords, pairs, headers, queries, JSON inside JSON: the value is gone."""
    shown = redact(text)
    assert SECRET not in shown
    assert SECRET.replace("/", "_") not in shown
    assert "[redacted]" in shown


@pytest.mark.parametrize(
    "text",
    [
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdefGHIJ",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
        "sk-proj-4eC39HqLyjWDarjtT1zdp7dc",
        "SG.4eC39HqLyjWDarjtT1.zdp7dc4eC39HqLyjWDarjtT1",
        "npm_4eC39HqLyjWDarjtT1zdp7dc4eC39HqLyj",
        "pypi-AgEIcHlwaS5vcmcCJDRlQzM5SHFM",
    ],
)
def test_what_looks_like_a_credential_is_replaced_wherever_it_stands(text):
    """No name is needed: positional arguments and prose leak them too."""
    assert redact(f"Client({text!r}) raised") != f"Client({text!r}) raised"
    assert text.split("\n")[-1] not in redact(f"got {text} there")


@pytest.mark.parametrize(
    "text",
    [
        "track(operation='query', tokens=12, metadata={'tenant_id': 'acme'})",
        "get_usage_summary('acme') -> {'total_tokens': 7, 'total_queries': 1}",
        "{'primary_key': 'row-1', 'cache_key': 'acme'}",
        "KeyError: 'token'",
        "the parameters are ('token', 'user', 'key')",
        "def f(token: str, key=None, secret='') -> None",
        "{'token': None, 'password': ''}",
        "set key = 3",
        "expected None, or a str that is not blank",
        "{'author': 'x', 'monkey': 'y', 'keyboard': 'z'}",
        "{'token_count': 'many', 'auth_method': 'saml'}",
        "Basic information, and a bearer of news",
        "InvalidToken('no such tenant: acme')",
        "expected token 'END', found key 'x-tenant-id'",
        "log_event('auth', 'alice', 'secrets/list', 'password_reset', 'ok')",
        "{'bypass': 'x', 'compass': 'y', 'tokens': {'acme': 5}}",
        "the expected key: tenant_id",
        "row {'tenant_id': 'acme2'} of another tenant, 'acme2', matches",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text):
    """Tokens are what usage is counted in; evidence must not vanish."""
    assert redact(text) == text


def test_a_long_secret_is_recognised_where_its_name_is_missing():
    """An error message repeats a value without its name; it is replaced there as well."""
    secret = "n8Fj2kQ0x91bZ"
    result = Result(
        "XX-STA-01",
        Level.MUST,
        Status.FAILED,
        f"call({{'token': '{secret}'}})\nLookupError: nobody has {secret}",
        evidence=(f"nobody has {secret}",),
        extra={"seen": [{"text": f"looks {secret} up"}]},
    )
    assert secret not in str(redact_result(result))


def test_a_short_plain_value_is_not_hunted_through_the_evidence():
    """A tenant's name that also stood under a secret's name is still told."""
    result = Result(
        "XX-STA-01", Level.MUST, Status.FAILED, "call({'token': 'acme'})\nanswered for acme"
    )
    assert "answered for acme" in redact_result(result).message


def test_data_is_redacted_by_the_names_of_its_mappings():
    """Facts about subjects and attachments are data, not text."""
    data = {"api_key": ["a", "b"], "n": {"password": 1234, "tokens": 5}, "token": None}
    assert redact_data(data) == {
        "api_key": "[redacted]",
        "n": {"password": "[redacted]", "tokens": 5},
        "token": None,
    }


def test_a_replay_token_is_none_of_those_tokens():
    """What the kit itself puts into extra keeps its names."""
    result = Result(
        "XX-STA-01", Level.MUST, Status.FAILED, "x", extra={"token": "L1.x.0_0.a-3-b.f5"}
    )
    assert redact_result(result).extra["token"] == "L1.x.0_0.a-3-b.f5"


def test_a_whole_report_is_redacted_once_and_for_all():
    """Problems, notes and facts too; doing it again changes nothing."""
    report = Report(
        (Result("XX-STA-01", Level.MUST, Status.NOT_RUN, f"password={SECRET}"),),
        Verdict.INCOMPLETE,
        problems=(f"token={SECRET!r}",),
        notes=(f"Cookie: {SECRET}",),
        subjects={"x": {"place": f"https://u:{SECRET.replace('/', '_')}@h/p.py:1"}},
    )
    once = redact_report(report)
    assert "Xw77" not in str(once)
    assert redact_report(once) == once


def test_addresses_of_objects_do_not_tell_runs_apart():
    """The same run twice gives the same text."""
    assert redact("<Store object at 0x7f12ab>") == redact("<Store object at 0x55cd01>")


@pytest.mark.parametrize("name", ["x-api-key", "apiKey", "SESSION_ID", "set-cookie", "db.password"])
def test_names_are_read_in_every_spelling(name):
    """Dashes, dots, capitals."""
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "text", ["'password': ", "password=", "{'token': '", "{'key': {[(", 'token="\\', "'key':'a\\"]
)
def test_a_text_that_was_cut_off_is_no_trouble(text):
    """Evidence is shortened; whatever is left is redacted without an error."""
    redact(text)
    redact(text + "abc")
    assert "abc" not in redact("{'token': 'abc")
