"""The CI files that ``init`` writes, as text."""

from __future__ import annotations

__all__ = ["github_text", "gitlab_text"]

_KIT = '"luminescent-extensions[contracts]"'


def github_text(install: str) -> str:
    """Give a workflow for GitHub.

    Args:
        install: arguments of ``pip install`` that bring what the project itself needs.
    """
    return f"""name: contracts
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
jobs:
  contracts:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-python@v6
        with:
          python-version: "3.12"
      - name: Install
        run: python -m pip install {_installed(install)}
      - name: Check the contracts
        run: >-
          python -m pytest contract_tests --contracts-profile ci
          --contracts-report "json=contracts-report/report.json,html=contracts-report/report.html"
          --contracts-report "md=$GITHUB_STEP_SUMMARY"
      - name: Block unless the verdict is a success
        if: always()
        run: luminescent-contracts report contracts-report/report.json --format github
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: contracts-report
          path: contracts-report
"""


def gitlab_text(install: str) -> str:
    """Give a file with a job for GitLab, to be included.

    Args:
        install: arguments of ``pip install`` that bring what the project itself needs.
    """
    return f"""contracts:
  stage: test
  image: python:3.12
  script:
    - python -m pip install {_installed(install)}
    - >-
      python -m pytest contract_tests --contracts-profile ci
      --contracts-report "json=contracts-report/report.json,html=contracts-report/report.html"
      --contracts-report "junit=contracts-report/junit.xml"
    # Tests that pass are not enough: what could not be judged blocks, too.
    - luminescent-contracts report contracts-report/report.json
  artifacts:
    when: always
    expose_as: contracts
    paths:
      - contracts-report/
    reports:
      junit: contracts-report/junit.xml
"""


def _installed(install: str) -> str:
    return f"{install} {_KIT}" if install else _KIT
