"""Boosted trees: how they are grown, and how the scanner reads them. Knows no step and no file."""
from __future__ import annotations

from typing import Any

import numpy as np

Forest = list[Any]
"""Boosters; what a forest says is the mean of their raw scores."""


TREES = ("learning_rate", "num_leaves", "min_data_in_leaf", "feature_fraction", "bagging_fraction", "lambda_l2", "path_smooth")


def boost(x: np.ndarray, target: np.ndarray, weight: np.ndarray, rounds: int, config: dict[str, Any]) -> Any:
    """One booster. `target`: 0 or 1; shares of 1, where the objective is `cross_entropy`."""
    import lightgbm

    parameters = {
        "objective": config.get("objective", "binary"),
        "verbose": -1,
        "deterministic": True,
        "force_row_wise": True,
        "bagging_freq": 1,
        "seed": config["seed"],
        "num_threads": config["threads"],
        "extra_trees": config.get("extra_trees", False),
        **{k: config[k] for k in TREES if k in config},
    }
    return lightgbm.train(parameters, lightgbm.Dataset(x, target, weight=weight), num_boost_round=rounds)


def scores_of(forest: Forest, x: np.ndarray) -> np.ndarray:
    return np.mean([booster.predict(x, raw_score=True) for booster in forest], axis=0)


def flatten(forest: Forest) -> dict[str, Any]:
    """The trees of all boosters as flat arrays, leaves divided by the number of boosters.

    Node i sends a row left when x[feature[i]] <= threshold[i]; a child below 0 is leaf ~child.
    """
    out: dict[str, Any] = {"bias": 0.0, "roots": [], "feature": [], "threshold": [], "left": [], "right": [], "leaf": []}

    def leaf(value: float) -> int:
        out["leaf"].append(float(f"{value / len(forest):.6g}"))
        return ~(len(out["leaf"]) - 1)

    def node(tree: dict[str, Any]) -> int:
        if "leaf_value" in tree:
            return leaf(tree["leaf_value"])
        if tree["decision_type"] != "<=":
            raise RuntimeError(f"unexpected split {tree['decision_type']}")
        at = len(out["feature"])
        out["feature"].append(tree["split_feature"])
        out["threshold"].append(short(tree["threshold"]))
        out["left"].append(0)
        out["right"].append(0)
        out["left"][at] = node(tree["left_child"])
        out["right"][at] = node(tree["right_child"])
        return at

    for booster in forest:
        for tree in booster.dump_model()["tree_info"]:
            out["roots"].append(node(tree["tree_structure"]))
    return out


def short(threshold: float) -> float:
    """The shortest double that single precision cannot tell from `threshold`: rows are compared in single precision."""
    return float(f"{threshold:.9g}")


def evaluate(forest: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """What the scanner computes from the flat arrays, for a few rows."""
    out = []
    for row in x.tolist():
        total = forest["bias"]
        for at in forest["roots"]:
            while at >= 0:
                at = forest["left"][at] if row[forest["feature"][at]] <= forest["threshold"][at] else forest["right"][at]
            total += forest["leaf"][~at]
        out.append(total)
    return np.array(out)
