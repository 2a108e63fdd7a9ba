# Copyright The llmcol Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes golden.json: what genai-prices 0.1.8 itself answers. Run with: pip install genai-prices==0.1.8 && python golden.py"""

import json
from datetime import datetime, timedelta, timezone
from decimal import getcontext

from genai_prices import Usage, calc_price
from genai_prices.data import providers
from genai_prices.types import ClauseContains, ClauseEndsWith, ClauseEquals, ClauseOr, ClauseStartsWith, StartDateConstraint, TieredPrices

getcontext().prec = 60


def name(match):
    if isinstance(match, ClauseOr):
        return next((n for n in map(name, match.or_) if n), None)
    for clause, field in ((ClauseEquals, "equals"), (ClauseStartsWith, "starts_with"), (ClauseContains, "contains"), (ClauseEndsWith, "ends_with")):
        if isinstance(match, clause):
            return getattr(match, field)


def times(model):
    yield datetime(2026, 9, 23, 12, tzinfo=timezone.utc)
    for condition in model.prices if isinstance(model.prices, list) else []:
        c = condition.constraint
        if isinstance(c, StartDateConstraint):
            edges = [datetime(c.start_date.year, c.start_date.month, c.start_date.day, tzinfo=timezone.utc)]
        elif c:
            edges = [datetime.combine(datetime(2026, 9, 23), t) for t in (c.start_time, c.end_time)]
        else:
            continue
        for edge in edges:
            yield edge - timedelta(seconds=1)
            yield edge


def usages(model):
    yield dict(input_tokens=1000, output_tokens=500, cache_read_tokens=300, cache_write_tokens=200)
    prices = model.prices[0].prices if isinstance(model.prices, list) else model.prices
    for price in list(prices.__dict__.values()):
        if isinstance(price, TieredPrices):
            for tier in price.tiers:
                yield dict(input_tokens=tier.start, output_tokens=500)
                yield dict(input_tokens=tier.start + 1, output_tokens=500)
            return
    if "audio_hours" in prices.__dict__:
        yield dict(audio_seconds=4, input_audio_seconds=4)
    if "requests_kcount" in prices.__dict__ or "web_searches_kcount" in prices.__dict__:
        yield dict(input_tokens=10, output_tokens=20, web_searches=3)
    if "output_reasoning_mtok" in prices.__dict__:
        yield dict(input_tokens=10, output_tokens=90, output_reasoning_tokens=40)


def interesting(provider, i, model):
    prices = model.prices
    return isinstance(prices, list) or i % 7 == 0 or any(isinstance(p, TieredPrices) for p in prices.__dict__.values()) and i % 3 == 0 or provider.id == "groq" or any(k in prices.__dict__ for k in ("requests_kcount", "audio_hours", "output_reasoning_mtok"))


cases = []
for provider in providers:
    for i, model in enumerate(provider.models):
        reference = name(model.match)
        if not reference or not interesting(provider, i, model):
            continue
        for at in times(model):
            for usage in usages(model):
                price = calc_price(Usage(**usage), reference, provider_id=provider.id, genai_request_timestamp=at)
                owner = next(p.id for p in providers if any(m is price.model for m in p.models))
                cases.append(dict(provider=provider.id, model=reference, at=at.strftime("%Y-%m-%dT%H:%M:%SZ"), usage=usage, found=f"{owner}/{price.model.id}", total=format(price.total_price, "f")))
with open("golden.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases))
