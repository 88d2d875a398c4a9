"""Statistics of the product: pure functions of arrays and frames, no store, no page.

Each question of the methods table has one module: `intervals` (how sure is a rate), `shrinkage` and `bands`
(is it below the threshold), `funnel` (what is unusual), `scheme` and `composite` (the index), `ranks` and
`contributions` (how firm a rank is and what moves it), `gates` (who may be ranked at all).
"""
