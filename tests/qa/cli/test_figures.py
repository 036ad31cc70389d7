"""`releaseqa figures`."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.ingest.update import update_collection

Run = Callable[..., Any]


def records(run: Run, *words: str) -> list[dict[str, Any]]:
    """The figures of a command, as JSON."""
    result = run("figures", "--json", *words)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_figure_stands_in_its_sentence_with_a_citation(run: Run) -> None:
    """It is normalised, and the words are those of the release."""
    found = records(run, "bridge", "--words", "--unit", "money")
    paid = next(figure for figure in found if figure["value"] == 175_000_000)

    assert (paid["text"], paid["currency"], paid["inferred"]) == ("$175 million", "USD", True)
    assert (paid["who"], paid["what"]) == ("Washington", "the job")
    assert paid["sentence"]["text"] == "Washington is paying $175 million toward the job."
    start, stop = paid["sentence"]["figure"]
    assert paid["sentence"]["text"][start:stop] == paid["text"]
    assert run("cite", paid["citation"]).exit_code == 0


def test_limits_currency_and_order(run: Run) -> None:
    """All of them narrow or sort the same list."""
    money = records(run, "--unit", "money", "--sort", "amount")
    over = records(run, "--unit", "money", "--sort", "amount", "--over", "1e8")

    assert [figure["value"] for figure in money] == sorted(
        (figure["value"] for figure in money), reverse=True
    )
    assert over == [figure for figure in money if figure["value"] > 100_000_000]
    assert {"CAD"} == {
        figure["currency"] for figure in records(run, "--unit", "money", "--currency", "cad")
    }
    dates = [figure["release"]["date"] for figure in records(run)]
    assert dates == sorted(dates, reverse=True)


def test_cents_are_written_with_two_digits(run: Run) -> None:
    """An hourly wage of 15.2 dollars is read as $15.20."""
    lines = run("figures", "minimum wage", "--unit", "money").stdout.splitlines()

    assert "• $15.20 per hour" in lines


def test_text_shows_value_and_sentence(run: Run) -> None:
    """The value comes first, marked where the currency is inferred, then the sentence."""
    lines = run("figures", "bridge", "--words", "--unit", "money", "--cite").stdout.splitlines()
    value = "• 175,000,000 USD (currency from the release) · who: Washington · what: the job"
    place = lines.index(value)

    assert lines[place + 1].strip() == "Washington is paying $175 million toward the job."
    assert lines[place + 3].strip().startswith("“")
    few = run("figures", "--limit", "2").stdout
    assert few.endswith("… and more; --limit 0 shows all\n")


def test_csv_has_a_row_for_each_figure(run: Run) -> None:
    """The numbers are plain."""
    rows = list(csv.DictReader(io.StringIO(run("figures", "--csv", "--unit", "money").stdout)))

    assert "175000000" in {row["value"] for row in rows}
    assert len(rows) == len(records(run, "--unit", "money"))


def test_nothing_found_and_wrong_options(run: Run) -> None:
    """The exit codes are those of `find`."""
    assert run("figures", "--over", "1e30").exit_code == 4
    assert run("figures", "--unit", "furlongs").exit_code == 2
    wrong = run("figures", "--over", "much")
    assert wrong.exit_code == 2
    assert "'much' is not a number; write 2000000, 2,000,000, '2 million' or 2m." in wrong.stderr
    assert run("figures", "--over", "nan").exit_code == 2
    assert run("figures", "--over", "2 to 3 million").exit_code == 2
    assert run("figures", "--csv", "--json").exit_code == 2


@pytest.mark.parametrize("number", ["175,000,000", "175 million", "175m", "$175M", "0.175bn"])
def test_a_number_is_written_as_people_do(run: Run, number: str) -> None:
    """With grouping commas, a word or a letter for the scale, and a dollar sign."""
    over = records(run, "--unit", "money", "--over", number)
    under = records(run, "--unit", "money", "--under", number)

    assert over == records(run, "--unit", "money", "--over", "175000000")
    assert max(figure["value"] for figure in under) < 175_000_000


def test_an_unknown_dollar_stays_a_dollar(tmp_path: Path, run: Run) -> None:
    """Without a country the sign is shown, and can be asked for."""
    record = {"id": "a", "title": "Road", "text": "The road costs $5 million.", "issuer": "Acme"}
    (tmp_path / "in.jsonl").write_text(json.dumps(record))
    update_collection(tmp_path / "x", [tmp_path / "in.jsonl"])

    result = run("--index", str(tmp_path / "x"), "figures", "--currency", "$")
    assert "• $5,000,000 · what: The road\n" in result.stdout
