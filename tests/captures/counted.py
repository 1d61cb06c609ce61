"""`python -m tests.captures.counted junit.xml`: fails unless every capture case the project lists has run."""

import sys
from pathlib import Path
from xml.etree import ElementTree

from tests.reading import load

HERE = Path(__file__).parent


def main(report: str) -> int:
    listed = sum(len(load(p)) for p in HERE.glob("*.json"))
    cases = ElementTree.parse(report).getroot().iter("testcase")
    pages = (c for c in cases if c.get("name", "").startswith("test_capture["))
    ran = sum(1 for c in pages if c.find("skipped") is None)
    sys.stdout.write(f"captures: {ran} cases ran, {listed} pages listed\n")
    return 0 if listed and ran >= listed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
