"""What the surveys and the workspace say of themselves."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import pandas as pd

from bluecarbon_map.store.base import WorkspaceInfo
from bluecarbon_map.tables import Surveys, columns
from data.build.zones import PROVINCE_ID

SURVEYS: Final[tuple[dict[str, Any], ...]] = (
    {
        "survey_id": "ZJ-2022",
        "title_zh": "2022 年基础调查（示意绘制；互花米草为 2015 年图）",
        "title_en": "2022 baseline survey (drawn for illustration; Spartina of a 2015 map)",
        "mode": "baseline",
        "means": "none",
        "year": 2022,
        "base_survey_id": None,
        "organisation": None,
        "method": (
            "按已发布或示意面积沿 DCW 1:1,000,000 海岸线绘制，未作观测"
            " / strips of published, indicative or demonstration area along the DCW 1:1,000,000"
            " coast; nothing was observed for it"
        ),
        "provenance": "indicative",
        "source": (
            "红树林为已发布市级合计的分摊，互花米草为 2015 年图上面积，其余为演示"
            " / mangrove shares of published city totals, Spartina areas of a 2015 map, the rest"
            " demonstration"
        ),
    },
    {
        "survey_id": "ZJ-2025",
        "title_zh": "2025 年变更调查（演示）",
        "title_en": "2025 change survey (demonstration)",
        "mode": "change",
        "means": "none",
        "year": 2025,
        "base_survey_id": "ZJ-2022",
        "organisation": None,
        "method": (
            "同 ZJ-2022 的画法；消退的盐沼先变为光滩"
            " / drawn like ZJ-2022; ground that lost its marsh becomes bare flat first"
        ),
        "provenance": "demonstration",
        "source": "为本图绘制的演示数据 / demonstration data drawn for this map",
    },
)

WORKSPACE: Final = WorkspaceInfo(
    workspace_id="zhejiang",
    name_zh="浙江省",
    name_en="Zhejiang",
    zone_id=PROVINCE_ID,
    default_survey_id="ZJ-2022",
    default_plan_id="zhejiang-ocean-carbon-2025",
    factor_set="zhejiang",
    map_review_number=None,
    zones_label_zh="示意分区（非法定界线）",
    zones_label_en="indicative zones (not legal boundaries)",
)


def surveys() -> pd.DataFrame:
    """Passports of the surveys, contract ``tables.Surveys``."""
    return pd.DataFrame(list(SURVEYS), columns=columns(Surveys))  # unsaid is empty


def workspace_json() -> str:
    """The workspace's own description, as the text of ``workspace.json``."""
    return json.dumps(asdict(WORKSPACE), ensure_ascii=False, indent=2) + "\n"
