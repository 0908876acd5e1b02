import json

from core.adapters.document import Stored, read_document
from core.adapters.slack.realised_line import realised_line
from core.domain.cohort import Cohort
from core.domain.quality import Quality
from core.domain.quality_of_cohorts import quality_of
from tests.unit.cohorts import A, cohort, of_number, outcome


def test_classes_are_told_by_brier_score_and_accuracy() -> None:
    quality = Quality(partitions=1, rows=1200, brier=0.12, accuracy=0.834, known_up_to="2013-02-08")

    assert realised_line(quality, quality.model_copy(update={"brier": 0.13, "accuracy": 0.8})) == (
        "Realised: Brier score 0.1200 (champion 0.1300), accuracy 83 % (champion 80 %) on 1,200 "
        "labelled rows of 1 partition, known up to 2013-02-08"
    )


def test_a_number_is_told_by_its_errors_in_its_unit() -> None:
    quality = quality_of([("2013-02-08", of_number(A, 10, 12.25, 16.5, unit="min"))])

    assert realised_line(quality) == (
        "Realised: mean absolute error 12.2 min, root mean squared error 16.5 min on 10 labelled "
        "rows of 1 partition, known up to 2013-02-08"
    )


def test_a_quantile_is_told_by_its_pinball_loss() -> None:
    update = {"mean_absolute_error": None, "root_mean_squared_error": None}
    quantile = of_number(A, 10, 0, 0, unit="min").model_copy(
        update={**update, "mean_pinball_loss": 3.25, "quantile": 0.9}
    )
    number = of_number(A, 10, 12.25, 16.5, unit="min")

    quality = quality_of([("2013-02-07", number), ("2013-02-08", quantile)])

    assert realised_line(quality) == (
        "Realised: mean pinball loss 3.25 min on 10 labelled rows of 1 partition, known up to "
        "2013-02-08"
    )


def test_a_unit_cannot_call_a_channel() -> None:
    quality = quality_of([("2013-02-08", of_number(A, 10, 12.25, 16.5, unit="<!channel>"))])

    assert "<!channel>" not in realised_line(quality)


def test_a_champion_that_predicted_another_kind_of_target_is_not_set_beside_it() -> None:
    number = quality_of([("2013-02-08", of_number(A, 10, 12.25, 16.5))])
    classes = quality_of([("2013-02-08", outcome(A, 10, 0.1))])

    assert "champion" not in realised_line(number, classes)


def test_a_cohort_of_an_earlier_schema_says_the_same_as_ever() -> None:
    stored = cohort("2013-02-08", outcome(A, 10, 0.25))
    document = json.loads(stored.model_dump_json())
    document["outcomes"] = [
        {
            "version": "ver_a",
            "stage": "champion",
            "key": "ver_a.parquet",
            "predicted": 100,
            "labelled": 10,
            "brier": 0.25,
            "log_loss": 0.25,
            "accuracy": 0.75,
        }
    ]

    assert read_document(Cohort, Stored(document["id"], 0, 1, json.dumps(document))) == stored
