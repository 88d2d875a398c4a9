"""Survey waves: small samples, uneven answers, some waves skipped by the worse compounds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.chance import Bools, Floats, Ints, logistic, stream
from data.demo.clock import METHOD_CHANGED_IN, WAVES, month_number
from data.demo.compounds import Compounds
from data.demo.frames import table_frame
from data.demo.satisfaction_truth import ANSWER_IF_NOT, ANSWER_IF_SATISFIED, SatisfactionTruth
from data.schema.vocabulary import Question, SurveyMethod

INVITED_MEDIAN, INVITED_SPREAD = 63.0, 0.36
# So many compounds, mostly small ones, can only ever reach a handful.
TINY_SAMPLES = 34
# The other three questions against the overall one, in points, and the spread of a compound's difference.
SENSES = {Question.GAIN: (1.5, 0.03), Question.HAPPY: (0.5, 0.03), Question.SAFE: (4.0, 0.035)}


def survey_rows(seed: int, city: Compounds, truth: SatisfactionTruth, z: Floats, open_: Bools) -> pd.DataFrame:
    """`survey` rows: compound × wave × question with counts of five answers.

    Args:
        truth: planted shares; `valid` answers are satisfied independently with the respondents' share.
        open_: (managed, months) whether the register held the compound.
    """
    luck = stream(seed, "surveys")
    managed, waves = city.managed, len(WAVES)
    columns = [month_number(w) for w in WAVES]
    invited = INVITED_MEDIAN * np.exp(luck.normal(0, INVITED_SPREAD, (managed, waves)))
    invited *= (city.households[:managed, None] / 420) ** 0.12
    tiny = luck.choice(managed, TINY_SAMPLES, replace=False, p=_small_first(city))
    invited[tiny] = luck.integers(9, 26, (TINY_SAMPLES, waves))
    invited = np.minimum(np.round(invited), np.maximum(city.households[:managed, None] * 0.8, 6)).astype(np.int64)
    answers = truth.residents * ANSWER_IF_SATISFIED + (1 - truth.residents) * ANSWER_IF_NOT
    valid = luck.binomial(invited, answers)
    held = open_[:, columns] & (luck.random((managed, waves)) >= logistic(-2.9 - 0.55 * z[:managed])[:, None])
    held &= valid > 0
    overall = luck.binomial(valid, truth.respondents)
    parts = [_question(luck, city, Question.OVERALL, invited, valid, overall, held)]
    for question, (points, spread) in SENSES.items():
        # A few skip a question; the senses follow the overall share with a difference of their own.
        asked = luck.binomial(valid, 0.985)
        share = truth.respondents + points / 100 + luck.normal(0, spread, (managed, 1))
        satisfied = luck.binomial(asked, np.clip(share, 0.05, 0.99))
        parts.append(_question(luck, city, question, invited, asked, satisfied, held & (asked > 0)))
    return pd.concat(parts, ignore_index=True)


def _small_first(city: Compounds) -> Floats:
    weight = 1 / np.sqrt(city.households[: city.managed])
    return np.asarray(weight / weight.sum())


def _question(
    luck: np.random.Generator, city: Compounds, question: Question, invited: Ints, valid: Ints, satisfied: Ints,
    held: Bools,
) -> pd.DataFrame:  # fmt: skip
    compound, wave = np.nonzero(held)
    yes, asked = satisfied[held], valid[held]
    no = asked - yes
    fifth = luck.binomial(yes, 0.42)
    first = luck.binomial(no, 0.2)
    second = luck.binomial(no - first, 0.4)
    scores = np.stack([first, second, no - first - second, yes - fifth, fifth]).astype(np.float64)
    # Some streets only hand in the two totals.
    scores[:, luck.random(len(asked)) < 0.05] = np.nan
    names = np.array(WAVES, dtype=object)[wave]
    method = np.where(names < METHOD_CHANGED_IN, SurveyMethod.PHONE.value, SurveyMethod.VISIT.value)
    return table_frame(
        "survey",
        {
            "compound_id": city.ids[compound], "wave": names, "question": np.full(len(asked), question.value, dtype=object),
            "method": method, "invited": invited[held], "valid": asked, "satisfied": yes,
            **{f"score{i + 1}": scores[i] for i in range(5)},
        },
    )  # fmt: skip
