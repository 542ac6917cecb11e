"""Make the pictures of the report page: a real run, in a real Chromium, light and dark.

    python docs/_made/screenshots.py

Needs Chromium. The verified fakes play a cloud's extensions; two of them have a planted defect: a
filter for nobody, and totals without a lock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT / "tests"))

EXTENSIONS = '''
"""The extensions of a cloud repository."""

from luminescent_cluster.contracts import AuditSubject, TenantSubject, UsageSubject, fakes

GRANTS = [("acme", "ada", "kb"), ("globex", "bob", "kb")]


class CloudTenantProvider(fakes.InMemoryTenantProvider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$eq": tenant_id}}


class CloudUsageTracker:
    __protocols__ = ("UsageTracker>=1.0,<2",)

    def __init__(self) -> None:
        self.totals: dict[str, int] = {}
        self.queries: dict[str, int] = {}

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        tenant = metadata.get("tenant_id")
        if isinstance(tenant, str) and tokens >= 0:
            before = self.totals.get(tenant, 0)
            self.totals[tenant] = before + tokens
            self.queries[tenant] = self.queries.get(tenant, 0) + 1

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        return True, None

    def get_usage_summary(self, tenant_id: str, start_date=None, end_date=None) -> dict:
        return {
            "total_tokens": self.totals.get(tenant_id, 0),
            "total_queries": self.queries.get(tenant_id, 0),
        }


def tenant_provider():
    provider = CloudTenantProvider(GRANTS)
    return TenantSubject(
        provider,
        tenants=["acme", "globex"],
        allowed=GRANTS,
        denied=[("acme", "bob", "kb"), ("globex", "ada", "kb")],
        resources_closed=True,
        break_backend=provider.break_backend,
    )


def usage_tracker():
    return UsageSubject(CloudUsageTracker(), tenants=["acme", "globex"])


def audit_logger():
    logger = fakes.InMemoryAuditLogger()
    return AuditSubject(
        logger,
        recorded=logger.recorded,
        alerts=logger.alerts,
        break_backend=logger.break_backend,
        break_alerts=logger.break_alerts,
        tamper_evident=logger.tamper_evident,
        tamper=logger.tamper,
        verify=logger.verify,
    )
'''
TABLE = """
[project]
name = "luminescent-cloud"
version = "2.3.0"

[tool.luminescent.contracts]
tenant_provider = "cloud:tenant_provider"
usage_tracker = "cloud:usage_tracker"
audit_logger = "cloud:audit_logger"
profile = "smoke"
seed = 0
"""
_SHOW_RACE = """
    const card = [...document.querySelectorAll("details.card")].find(
        (card) => card.querySelector(".ids").textContent.includes("THR-02"));
    for (const other of document.querySelectorAll("details.card")) other.open = other === card;
    card.scrollIntoView();
    scrollBy(0, -75); // the toolbar stays at the top
"""


def made(folder: Path) -> Path:
    """Check the extensions, and give the page of the report."""
    (folder / "cloud.py").write_text(EXTENSIONS, "utf-8")
    (folder / "pyproject.toml").write_text(TABLE, "utf-8")
    command = [sys.executable, "-m", "luminescent_cluster.contracts"]
    environment = {k: v for k, v in os.environ.items() if k != "GITHUB_ACTIONS"}
    subprocess.run(
        [*command, "check", "--report", "json=report.json,html=report.html"],
        cwd=folder,
        env=environment | {"CI": "true"},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return folder / "report.html"


def main() -> None:
    """Write the pictures."""
    from contracts.reports.reports_browser import Browser

    with tempfile.TemporaryDirectory() as folder:
        page = made(Path(folder))
        browser = Browser(Path(folder, "profile"))
        try:
            for dark in (False, True):
                name = "dark" if dark else "light"
                browser.open(page, dark=dark, width=1180, height=760)
                browser.screenshot(IMAGES / f"report-{name}.png")
                browser.open(page, dark=dark, width=1180, height=1330)
                browser.ask(_SHOW_RACE)
                browser.screenshot(IMAGES / f"finding-{name}.png")
        finally:
            browser.close()


if __name__ == "__main__":
    main()
