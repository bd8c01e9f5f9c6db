"""Ranked lists, and what is recommended."""

from functools import partial

from evaluators.catalogue.info import MetricInfo
from evaluators.catalogue.parameters import CATALOGUE, MAX_RELEVANCE, TOP, K
from evaluators.words import N_

TITLE = N_("Rankings and recommendations")
_metric = partial(
    MetricInfo,
    theme="ranking",
    direction="higher",
    low=0,
    high=1,
    needs="ranking",
    degenerate=N_(
        "Queries without a relevant document are left out, since every order of theirs is as good; undefined "
        "where no document is relevant or a relevance is below zero."
    ),
    ties=N_("Among equal scores the less relevant document comes first: equal scores never gain."),
    example={"target": "relevance", "prediction": "score", "group": "query", "k": 10},
    parameters={"k": K},
)
_MANNING = "Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008"

METRICS = (
    _metric(
        "ndcg",
        N_("Normalized discounted cumulative gain"),
        what=N_(
            "What documents gain, less the deeper they stand, by the gain of the best order; gain = "
            "relevance."
        ),
        formula=N_("DCG@k / best DCG@k,  DCG = Σ gain / log₂(rank + 1)"),
        source="Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002",
    ),
    _metric(
        "ndcg_exp",
        N_("Normalized discounted cumulative gain, exponential"),
        what=N_(
            "What documents gain, less the deeper they stand, by the gain of the best order; gain = "
            "2^relevance − 1, so that high grades count far more."
        ),
        formula=N_("DCG@k / best DCG@k,  DCG = Σ (2^relevance − 1) / log₂(rank + 1)"),
        source="Burges et al., Learning to rank using gradient descent, 2005",
    ),
    _metric(
        "err",
        N_("Expected reciprocal rank"),
        what=N_(
            "The mean over queries of 1 / rank where a reader stops, who reads on until a document "
            "satisfies, more likely the more relevant it is."
        ),
        formula=N_(
            "mean over lists of Σ R(rank)/rank · Π (1 − R(before)),  R = (2^relevance − 1) / 2^max_relevance"
        ),
        source="Chapelle et al., Expected reciprocal rank for graded relevance, 2009",
        example={"target": "relevance", "prediction": "score", "group": "query", "max_relevance": 4, "k": 20},
        parameters={"max_relevance": MAX_RELEVANCE, "k": K},
    ),
    _metric(
        "map",
        N_("Mean average precision"),
        what=N_(
            "The mean over queries of the mean precision at each relevant document; with k, divided by k "
            "where more are relevant."
        ),
        formula=N_("mean over lists of average precision@k"),
        source="Buckley and Voorhees, Evaluating evaluation measure stability, 2000",
    ),
    _metric(
        "mrr",
        N_("Mean reciprocal rank"),
        what=N_(
            "The mean over queries of 1 / rank of the first relevant document, 0 where it is after rank k."
        ),
        formula=N_("mean over lists of 1 / rank of the first hit"),
        source="Voorhees, The TREC-8 question answering track report, 1999",
    ),
    _metric(
        "hit_rate_at_k",
        N_("Hit rate at k"),
        what=N_("The share of queries with a relevant document among the first k."),
        formula=N_("share of lists with a hit among the first k"),
        source="Deshpande and Karypis, Item-based top-N recommendation algorithms, 2004",
        example={"target": "bought", "prediction": "score", "group": "customer", "k": 10},
        parameters={"k": TOP},
    ),
    _metric(
        "precision_at_k",
        N_("Precision at k"),
        what=N_(
            "The mean over queries of the share of relevant documents among the first k; a query with fewer "
            "than k relevant ones cannot reach 1."
        ),
        formula=N_("mean over lists of hits among the first k / k"),
        source=_MANNING,
        example={"target": "fraud", "prediction": "score", "k": 100},
        parameters={"k": TOP},
        overall=True,
    ),
    _metric(
        "recall_at_k",
        N_("Recall at k"),
        what=N_(
            "The mean over queries of the share of their relevant documents that is among the first k; a "
            "query with more than k of them cannot reach 1."
        ),
        formula=N_("mean over lists of hits among the first k / all hits"),
        source=_MANNING,
        example={"target": "bought", "prediction": "score", "group": "customer", "k": 12},
        parameters={"k": TOP},
        overall=True,
    ),
    _metric(
        "coverage",
        N_("Catalogue coverage"),
        what=N_(
            "The share of the catalogue that is recommended to anybody: of all items of the rows, or of as "
            "many as the task says, those among the first k of some list."
        ),
        formula=N_("items among the first k of some list / all items"),
        source=(
            "Ge, Delgado-Battenfeld and Jannach, Beyond accuracy: evaluating recommender systems by coverage "
            "and serendipity, 2010"
        ),
        degenerate=N_(
            "Undefined where the catalogue is declared smaller than the items of the rows; each split is "
            "looked at by itself."
        ),
        ties=N_(
            "Rows that share the k-th score with more than fit are not among the first k: equal scores never "
            "gain."
        ),
        example={"target": "item", "prediction": "score", "group": "customer", "k": 10, "catalogue": 5000},
        needs="items",
        parameters={"k": TOP, "catalogue": CATALOGUE},
    ),
)
