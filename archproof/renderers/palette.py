"""The colours of both themes. AWS's own for its containers and categories; the rest is built around them."""

from __future__ import annotations

from archproof.renderers.options import Theme

LIGHT = {
    "page": "#ffffff", "card": "#ffffff", "card_line": "#d5dbe3", "ink": "#16202e", "muted": "#5b6a7e",
    "faint": "#8a97a8", "pill": "#ffffff", "shadow": "#0f172a",
    "cloud": "#242f3e", "account": "#e7157b", "region": "#00898b", "vpc": "#8c4fff", "subnet_public": "#5f8a00",
    "subnet_private": "#008587", "subnet_isolated": "#1873b8", "auto_scaling_group": "#d86613",
    "security_group": "#d13212", "dead_letter": "#b0107f", "waf": "#c62a2f", "zone": "#6b7a8d", "generic": "#6b7a8d",
    "fill_cloud": "#fbfcfd", "fill_account": "#fffbfd", "fill_region": "#f7fbfb", "fill_vpc": "#faf7ff",
    "fill_subnet_public": "#f1f6e2", "fill_subnet_private": "#e4f5f4", "fill_subnet_isolated": "#e7f1fb",
    "fill_auto_scaling_group": "#fff6ee", "fill_security_group": "#fff6f4", "fill_dead_letter": "#fdf2f9",
    "fill_waf": "#fff4f4", "fill_zone": "#f4f6f9", "fill_generic": "#f4f6f9",
    "data": "#44546a", "network": "#2563eb", "async": "#b0107f", "permission": "#c62a2f", "reference": "#94a0b0",
    "fill_missing": "#fdf1f1", "fill_extra": "#fdf3ec", "fill_changed": "#fdf8e6",
    "proved": "#15803d", "refuted": "#c81e1e", "missing": "#c81e1e", "extra": "#c2570c", "changed": "#a16207",
    "broken": "#c81e1e", "doubtful": "#a16207", "undeclared": "#c2570c", "way": "#15803d",
    "info": "#3b6fb6", "low": "#5b7a99", "medium": "#b7791f", "high": "#d9480f", "critical": "#b91c1c",
    "on_mark": "#ffffff", "failure": "#b42318", "fill_failure": "#fef1f0", "icon": "#39475a", "plate": "#ffffff",
}  # fmt: skip
DARK = {
    "page": "#0e141c", "card": "#1a2330", "card_line": "#344255", "ink": "#f0f4f9", "muted": "#a9b6c6",
    "faint": "#7c8a9c", "pill": "#0e141c", "shadow": "#000000",
    "cloud": "#9fb0c5", "account": "#ff5fa9", "region": "#2fc4c6", "vpc": "#b18cff", "subnet_public": "#a3cf3b",
    "subnet_private": "#2fc4c6", "subnet_isolated": "#5cb0f2", "auto_scaling_group": "#ff9f4a",
    "security_group": "#ff7a6b", "dead_letter": "#ff7ccb", "waf": "#ff8a86", "zone": "#93a3b6", "generic": "#93a3b6",
    "fill_cloud": "#121a24", "fill_account": "#1c1420", "fill_region": "#111d25", "fill_vpc": "#181a2c",
    "fill_subnet_public": "#1a2616", "fill_subnet_private": "#0f2a2d", "fill_subnet_isolated": "#10263b",
    "fill_auto_scaling_group": "#271d14", "fill_security_group": "#2a1718", "fill_dead_letter": "#2a1525",
    "fill_waf": "#2b1618", "fill_zone": "#17202b", "fill_generic": "#17202b",
    "data": "#b4c1d1", "network": "#6ea8ff", "async": "#ff7ccb", "permission": "#ff8a86", "reference": "#76869a",
    "fill_missing": "#2a1719", "fill_extra": "#2b1d13", "fill_changed": "#2a2413",
    "proved": "#4ade80", "refuted": "#ff6b6b", "missing": "#ff6b6b", "extra": "#ffa257", "changed": "#f2c14e",
    "broken": "#ff6b6b", "doubtful": "#f2c14e", "undeclared": "#ffa257", "way": "#4ade80",
    "info": "#6fa3e8", "low": "#9db3c9", "medium": "#f0b849", "high": "#ff8a4c", "critical": "#ff5c5c",
    "on_mark": "#10161f", "failure": "#ff8d84", "fill_failure": "#2b1618", "icon": "#cdd8e5", "plate": "#f3f6fa",
}  # fmt: skip


class Palette:
    """Colours by name: plain values for one theme, CSS variables where the reader's scheme decides."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._plain = DARK if theme == "dark" else LIGHT

    def __getitem__(self, name: str) -> str:
        return f"var(--ap-{name})" if self.theme == "auto" else self._plain[name]

    def get(self, name: str, other: str) -> str:
        """The colour, or another one's if there is none of that name."""
        return self[name if name in self._plain else other]

    def css(self, selector: str) -> str:
        """The rules that define the variables for an element, following the page's or the system's scheme."""
        if self.theme != "auto":
            return ""
        light, dark = (";".join(f"--ap-{k}:{v}" for k, v in p.items()) for p in (LIGHT, DARK))
        return (
            f"{selector}{{{light}}}@media (prefers-color-scheme:dark){{{selector}{{{dark}}}}}"
            f":root[data-theme=light] {selector}{{{light}}}:root[data-theme=dark] {selector}{{{dark}}}"
        )
