"""What a page is to those who do not see it, or not well: names, the Tab order, contrasts, and what juts out."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

NAMED_ROLES = {
    "button", "checkbox", "combobox", "image", "img", "link", "listbox", "progressbar", "radio", "searchbox", "slider",
    "spinbutton", "switch", "tab", "textbox", "Canvas", "DisclosureTriangle",
}  # fmt: skip

STOP = """() => {
  const element = document.activeElement;
  const place = element.closest('.nst-header, .nst-runs-place, .nst-panel');
  const seen = element.type === 'radio' ? element.parentElement : element;
  const box = seen.getBoundingClientRect(), root = (element.closest('.nst') ?? element).getBoundingClientRect();
  const style = getComputedStyle(seen);
  return {
    isInside: element.closest('.nst') !== null,
    panel: place ? place.className.match(/nst-(header|runs|images|result|network|recipe|inspect)/)[1] : 'top',
    name: element.textContent.trim() || element.title || (element.labels?.[0]?.textContent ?? ''),
    isRinged: style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2,
    box: [box.left - root.left, box.top - root.top, box.right - root.left, box.bottom - root.top].map(Math.round),
  };
}"""

# What is in the way of the plain rule: colors may be `color(srgb …)`, half transparent, and lie over one another.
CONTRASTS = """() => {
  const parse = text => {
    const numbers = text.match(/[\\d.]+(e-?\\d+)?/g).map(Number);
    return text.startsWith('color') ? [...numbers.slice(0, 3).map(each => each * 255), numbers[3] ?? 1]
      : [...numbers.slice(0, 3), numbers[3] ?? 1];
  };
  const lay = (over, under) => under.map((each, index) => over[index] * over[3] + each * (1 - over[3]));
  const ground = element => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reverse().reduce((under, over) => lay(over, under), [255, 255, 255]);
  };
  const light = color => {
    const [red, green, blue] = color.map(each => each / 255)
      .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const faint = [];
  const walker = document.createTreeWalker(document.querySelector('.nst'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement, style = getComputedStyle(element);
    if (!node.textContent.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    const isSmall = parseFloat(style.fontSize) < 4 || element.closest('.nst-spoken, :disabled, style, option');
    if (isSmall || element.closest('.nst-hit')) continue;
    const isDrawn = element instanceof SVGElement;
    const color = parse(isDrawn ? style.fill : style.color);
    const chip = isDrawn && element.matches('.nst-letter') ? element.previousElementSibling : null;
    const under = chip ? parse(getComputedStyle(chip).fill)
      : ground(element);
    const [one, other] = [light(lay(color, under)), light(under)].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    const least = node.textContent.trim() === '●' ? 3 : 4.5;
    if (contrast < least) faint.push(`${node.textContent.trim().slice(0, 30)} (${contrast.toFixed(2)})`);
  }
  return [...new Set(faint)];
}"""

# Beyond the dashboard's edge, text that is cut off though nothing scrolls, and what lies over something else.
OVERFLOWS = """() => {
  const root = document.querySelector('.nst'), right = root.getBoundingClientRect().right + 1;
  const found = [];
  for (const element of root.querySelectorAll('*')) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest('svg, math, style, .nst-spoken')) continue;
    const scroller = element.closest('.nst-table, .nst-explain div, .nst-glossary-scroll');
    if (scroller && scroller !== element) continue;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    const name = `${element.className} ${element.textContent.trim().slice(0, 40)}`;
    if (box.width > 1 && box.right > right) found.push(`${name}: ${Math.round(box.right - right)} px beyond the edge`);
    const isCut = element.matches('button, .widget-label, th, td, dd, label, h2, h3, p, .nst-tile-sentences')
      && !element.matches('.nst-hit') && style.overflowX !== 'visible' && style.overflowX !== 'auto'
      && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1;
    if (isCut) found.push(`${name}: ${element.scrollWidth - element.clientWidth} px cut off`);
  }
  const texts = [...root.querySelectorAll('button, label, input, select, h2, h3, h4, dt, dd, .nst-caption')]
    .filter(each => each.checkVisibility({ visibilityProperty: true }) && !each.closest('.nst-stack'))
    .filter(each => parseFloat(getComputedStyle(each).clipPath.slice(6)) !== 50)
    .map(each => {
      const range = document.createRange();
      range.selectNodeContents(each);
      const box = each.matches('h2, h3, h4, dt, dd, label') ? range.getBoundingClientRect()
        : each.getBoundingClientRect();
      return [each, box];
    }).filter(([, box]) => box.width > 2 && box.height > 2);
  texts.forEach(([one, a], index) => texts.slice(index + 1).forEach(([other, b]) => {
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (width > 2 && height > 3 && !one.contains(other) && !other.contains(one))
      found.push(`${one.textContent.trim() || one.title} lies over ${other.textContent.trim() || other.className}`);
  }));
  return [...new Set(found)];
}"""


@dataclass(frozen=True)
class Stop:
    """Where Tab stops: in which panel, at what, whether a ring is seen around it, and its box in the dashboard, px."""

    panel: str
    name: str
    is_ringed: bool
    left: int
    top: int
    right: int
    bottom: int


def list_nameless(page: Page) -> list[str]:
    """Returns the role of every control and picture of the first dashboard that has no name, with its HTML."""
    client = page.context.new_cdp_session(page)
    try:
        nodes = {node["nodeId"]: node for node in client.send("Accessibility.getFullAXTree")["nodes"]}
        found = client.send("Runtime.evaluate", {"expression": "document.querySelector('.nst')"})["result"]["objectId"]
        root = client.send("DOM.describeNode", {"objectId": found})["node"]["backendNodeId"]
        (top,) = [node for node in nodes.values() if node.get("backendDOMNodeId") == root]
        below = [top]
        for node in below:
            below += [nodes[each] for each in node.get("childIds", []) if each in nodes]
        named = [node for node in below if not node["ignored"] and node["role"]["value"] in NAMED_ROLES]
        assert len(named) > 100, "The tree that was looked at is not that of a dashboard."
        return [_describe(client, node) for node in named if node["name"]["value"].strip() in ("", "null")]
    finally:
        client.detach()


def list_stops(page: Page, most: int = 400) -> list[Stop]:
    """Returns where Tab stops, from the dashboard's first control until it leaves the dashboard."""
    page.locator(".nst select").first.focus()
    stops = []
    for _ in range(most):
        found = page.evaluate(STOP)
        if not found["isInside"]:
            return stops
        stops.append(Stop(found["panel"], found["name"], found["isRinged"], *found["box"]))
        page.keyboard.press("Tab")
    raise AssertionError(f"After {most} times Tab the focus is still in the dashboard.")


def _describe(client: Any, node: dict[str, Any]) -> str:
    html = client.send("DOM.getOuterHTML", {"backendNodeId": node["backendDOMNodeId"]})["outerHTML"]
    return f"{node['role']['value']}: {html[:200]}"
