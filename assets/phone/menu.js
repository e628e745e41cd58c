// The drawing of a menu, or of a flow that the application tells: questions or states in columns, one
// for each act or event from the start, and arrows between them. Where callers are lights up.

import {byId, fileOf, h, s, setText} from './dom.js';
import {layoutOf} from './layout.js';
import {command} from './live.js';

const kWidth = 204;
const kStartWidth = 56;
const kHeight = 74;
const kGapX = 108;
const kGapY = 32;
const kMargin = 16;
const kTop = 26;     // for who is where
const kBottom = 60;  // for arrows that lead back
const kLineLength = 29;
const kLetterWidth = 6.4;  // of a label, about
const kLabelHeight = 13;
const kLabelLength = 15;
const kMostMoves = 10;  // of a label that stands on others
// Events have longer names than keys.
const kFlowGapX = 170;
const kFlowLabelLength = 24;

const kActs = {
  silence: 'silence', wait: 'wait', hangUp: 'hang up', othersAnswer: 'they answer',
  othersRefuse: 'they refuse', othersHangUp: 'they hang up',
};

/** The acts between two nodes, keys in a row together: `1, 3-9, silence`. */
function labelOf(edges) {
  const keys = new Set();
  const others = [];
  for (const edge of edges) {
    const times = edge.times > 1 ? ` (${edge.times}×)` : '';
    if (edge.act === 'press' && edge.text.length === 1 && edge.times === 1) keys.add(edge.text);
    else if (edge.act === 'press') others.push(edge.text + times);
    else if (edge.act === 'event') others.push(...edge.text.split('\n'));
    else if (edge.act === 'say') others.push(`“${edge.text}”${times}`);
    else others.push((kActs[edge.act] ?? edge.act) + times);
  }
  const parts = [];
  const digits = '0123456789';
  for (let first = 0; first < digits.length; ++first) {
    if (!keys.has(digits[first])) continue;
    let last = first;
    while (last + 1 < digits.length && keys.has(digits[last + 1])) ++last;
    parts.push(last > first + 1 ? `${first}–${last}` : last > first ? `${first}, ${last}` : `${first}`);
    first = last;
  }
  for (const key of ['*', '#']) if (keys.has(key)) parts.push(key);
  return [...parts, ...others].join(', ');
}

/** Edges by where they lead, without hanging up, which is possible everywhere. */
function arrowsOf(menu) {
  const arrows = new Map();
  for (const edge of menu.edges) {
    if (edge.act === 'hangUp') continue;
    const key = `${edge.from} ${edge.to}`;
    if (!arrows.has(key)) arrows.set(key, {from: edge.from, to: edge.to, edges: []});
    arrows.get(key).edges.push(edge);
  }
  return [...arrows.values()].map((arrow) => ({...arrow, label: labelOf(arrow.edges)}));
}

const short = (text, most = kLineLength) =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;

const widthOf = (node) => (node.isStart ? kStartWidth : kWidth);

function titleOf(node) {
  if (node.title) return node.title;
  if (node.isStart) return 'Start';
  const detail = node.isEnd ? '' : node.detail;
  return [`${node.id} ${node.states?.at(-1) ?? node.kind}`, detail].filter(Boolean).join(': ');
}

function twoLines(text) {
  if (text.length <= kLineLength) return [text];
  const cut = text.lastIndexOf(' ', kLineLength);
  const at = cut > 8 ? cut : kLineLength;
  return [text.slice(0, at), short(text.slice(at).trimStart())];
}

function nodeOf(node, x, y) {
  const lines = twoLines((node.heard ?? []).map((one) =>
    (/^(https?:|\/)/.test(one) ? fileOf(one) : one)).join(' / '));
  const width = widthOf(node);
  const group = s('g', {
    className: node.isEnd ? 'node is-end' : 'node', 'data-node': node.id, transform: `translate(${x} ${y})`});
  group.append(
    s('title', {}, [`${titleOf(node)} ${node.address ?? ''}`.trim(), ...(node.heard ?? [])].join('\n')),
    s('rect', {width, height: kHeight, rx: 8}),
    s('text', {x: 12, y: 22, className: 'node-title'}, short(titleOf(node), 25)),
    ...lines.map((line, at) => s('text', {x: 12, y: 42 + at * 16, className: 'node-text'}, line)),
    s('text', {x: width - 4, y: -6, className: 'node-here', 'text-anchor': 'end'}));
  return group;
}

/** The line of an arrow, and where its label stands. */
function arrowOf(arrow, {place, via}, menu) {
  const widthAt = (at) => widthOf(menu.nodes[at]);
  const from = place[arrow.from];
  const to = place[arrow.to];
  const right = from.x + widthAt(arrow.from);
  if (arrow.from === arrow.to) {
    return {
      path: `M ${right} ${from.y + 20} C ${right + 34} ${from.y + 4}, ${right + 34} ${from.y + kHeight - 4}, ${right} ${from.y + kHeight - 20}`,
      x: right + 5, y: from.y + 10, anchor: 'start'};
  }
  if (to.x > from.x) {
    const end = {x: to.x, y: to.y + kHeight / 2};
    let [x, y] = [right, from.y + kHeight / 2];
    let path = `M ${x} ${y}`;
    for (const next of [...via, end]) {
      const middle = (x + next.x) / 2;
      path += ` C ${middle} ${y}, ${middle} ${next.y}, ${next.x} ${next.y}`;
      [x, y] = [next.x, next.y];
      if (next !== end) path += ` H ${x += kWidth}`;
    }
    return {path, x: end.x - 10, y: end.y - 6, anchor: 'end'};  // fewer arrows are near its end
  }
  if (to.x === from.x) {  // to another of the same column: around the right side
    const isDown = to.y > from.y;
    const [y1, x2, y2] = [from.y + (isDown ? kHeight - 10 : 10), to.x + widthAt(arrow.to),
      to.y + (isDown ? 10 : kHeight - 10)];
    return {
      path: `M ${right} ${y1} C ${right + 40} ${y1}, ${x2 + 40} ${y2}, ${x2} ${y2}`,
      x: x2 + 24, y: y2 + (isDown ? -4 : 12), anchor: 'start'};
  }
  // Back: around the bottom.
  const [x1, y1, x2, y2] = [from.x + 20, from.y + kHeight, to.x + widthAt(arrow.to) - 20,
    to.y + kHeight];
  const low = Math.max(y1, y2) + 26;
  return {
    path: `M ${x1} ${y1} C ${x1} ${low}, ${x2} ${low}, ${x2} ${y2}`,
    x: x1 - 4, y: y1 + 14, anchor: 'end'};
}

/** Moves labels down that would stand on others, in the order of the arrows. Where arrows meet, they
    share a label that says the same. */
function spread(labels) {
  const placed = [];
  const seen = new Set();
  const free = new Map();  // where arrows meet: the first free height
  for (const label of labels) {
    const spot = `${label.x} ${label.y}`;
    const what = `${spot} ${label.text}`;
    if (seen.has(what)) label.text = '';
    if (!label.text) continue;
    seen.add(what);
    label.width = label.text.length * kLetterWidth;
    label.left = label.anchor === 'end' ? label.x - label.width : label.x;
    label.y = free.get(spot) ?? label.y;
    const isOn = (other) => Math.abs(other.y - label.y) < kLabelHeight &&
      other.left < label.left + label.width && label.left < other.left + other.width;
    for (let moves = 0; moves < kMostMoves; ++moves) {
      const below = placed.find(isOn);
      if (!below) break;
      label.y = Math.ceil(below.y) + kLabelHeight;
    }
    placed.push(label);
    free.set(spot, Math.ceil(label.y) + kLabelHeight);
  }
}

function arrowsAndLabels(arrows, {place, via}, menu, head) {
  const most = menu.isFlow ? kFlowLabelLength : kLabelLength;
  const labels = arrows.map((arrow, at) => ({
    ...arrowOf(arrow, {place, via: via[at]}, menu), whole: arrow.label,
    text: menu.nodes[arrow.from].isStart ? '' : short(arrow.label, most)}));
  spread(labels);
  return labels.flatMap(({path, x, y, anchor, text, whole}) => [
    s('path', {d: path, className: 'arrow', 'marker-end': `url(#${head})`}, s('title', {}, whole)),
    ...(text ? [s('text', {x, y, className: 'arrow-label', 'text-anchor': anchor},
      s('title', {}, whole), text)] : [])]);
}

let drawings = 0;

function draw(menu, name) {
  const head = `arrow-head-${++drawings}`;  // ids are the page's own
  const arrows = arrowsOf(menu);
  const gapX = menu.isFlow ? kFlowGapX : kGapX;
  const first = menu.nodes[0]?.isStart ? kStartWidth + gapX / 2 : kWidth + gapX;
  const left = (column) => (column === 0 ? 0 : first + (column - 1) * (kWidth + gapX));
  const layout = layoutOf(menu.nodes.length, arrows, {height: kHeight, gapY: kGapY, left}, menu.isFlow);
  for (const one of [...layout.place, ...layout.via.flat()]) {
    one.x += kMargin;
    one.y += kTop;
  }
  const width = kMargin * 2 + left(layout.columns) + 20;
  const height = kTop + layout.height + kBottom;
  return s('svg', {
    width, height, viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': `${name}: ${menu.nodes.length} places; the list below tells the same`},
  s('defs', {}, s('marker', {
    id: head, viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 8, markerHeight: 8,
    orient: 'auto'}, s('path', {d: 'M 0 0 L 8 4 L 0 8 z', className: 'arrow-head'}))),
  ...arrowsAndLabels(arrows, layout, menu, head),
  ...menu.nodes.map((node, at) => nodeOf(node, layout.place[at].x, layout.place[at].y)));
}

function listOf(menu) {
  const arrows = arrowsOf(menu);
  return h('details', {}, h('summary', {}, 'As a list'), h('ul', {}, ...menu.nodes.map((node, at) =>
    h('li', {'data-node': node.id}, h('strong', {}, titleOf(node)), ' ',
      (node.heard ?? []).join(' / '), h('span', {className: 'node-here'}),
      h('ul', {}, ...arrows.filter((arrow) => arrow.from === at).map((arrow) =>
        h('li', {}, `${arrow.label}: ${titleOf(menu.nodes[arrow.to])}`)))))));
}

function drawingOf(menu, name) {
  return h('div', {className: 'drawing', tabindex: '0', role: 'region', 'aria-label': `Drawing: ${name}`},
    draw(menu, name));
}

export class MenuView {
  /** `page` gives numbers() and placesOf(number): node ids with the labels of who is there. */
  constructor(page) {
    this.page = page;
    this.menus = new Map();
    this.flows = new Map();  // number -> the flows that its application tells
    this.box = byId('menu');
    this.number = byId('menu-number');
    this.crawlButton = byId('crawl');
    this.stopButton = byId('stop-crawl');
    this.progress = byId('crawl-progress');
    this.dialog = byId('crawl-dialog');
    this.number.addEventListener('change', () => this.show());
    this.crawlButton.addEventListener('click', () => this.dialog.showModal());
    this.stopButton.addEventListener('click', () => this.run('stopCrawl'));
    this.dialog.addEventListener('close', () => {
      if (this.dialog.returnValue === 'go') {
        this.run('crawl', {number: this.number.value, isConfirmed: true});
      }
      this.dialog.returnValue = '';
    });
  }

  async run(name, values) {
    try {
      await command(name, values);
    } catch (error) {
      setText(this.progress, `That did not work: ${error.message}.`);
    }
  }

  setNumbers(numbers) {
    this.number.replaceChildren(...numbers.map((one) =>
      h('option', {value: one.number}, one.name || one.number)));
    this.show();
  }

  setCrawl(crawl) {
    const isRunning = crawl.state === 'running';
    this.crawlButton.disabled = isRunning;
    this.stopButton.hidden = !isRunning;
    setText(this.progress, isRunning ? `${crawl.questions} questions, ${crawl.calls} calls …`
      : crawl.state === 'failed' ? `The menu was not explored: ${crawl.why}.` : '');
  }

  setMenu(menu) {
    this.menus.set(menu.number, menu);
    this.number.value = menu.number;
    this.show();
  }

  setFlows({number, flows}) {
    this.flows.set(number, flows);
    this.show();
  }

  show() {
    this.box.replaceChildren(
      ...(this.flows.get(this.number.value) ?? []).flatMap((flow) => {
        const name = `The flow ${flow.name}`;
        return [h('h3', {}, name), drawingOf({...flow, isFlow: true}, name), listOf(flow)];
      }),
      ...this.menuParts());
    this.light();
  }

  menuParts() {
    const menu = this.menus.get(this.number.value);
    const canCrawl = this.page.numbers().find((one) => one.number === this.number.value)?.canCrawl;
    if (!menu) {
      return [h('p', {className: 'hint'}, canCrawl === false
        ? 'Only an application on this machine is explored from here.'
        : 'The menu is drawn once it has been explored.')];
    }
    const count = menu.findings.length;
    return [
      ...(this.flows.has(this.number.value) ? [h('h3', {}, 'The menu')] : []),
      drawingOf(menu, 'The menu'),
      listOf(menu),
      h('p', {className: 'quiet'}, `${menu.calls} calls. ` +
        (count === 0 ? 'Nothing found to mend.' : count === 1 ? '1 finding:' : `${count} findings:`)),
      h('ul', {className: 'findings'}, ...menu.findings.map((one) => h('li', {}, one)),
        ...menu.bounds.map((one) => h('li', {}, `Not all was tried: ${one}`)))];
  }

  /** Scrolls the drawing, and nothing else. */
  reveal(node) {
    const drawing = node.closest('.drawing');
    const [box, seen] = [node.getBoundingClientRect(), drawing.getBoundingClientRect()];
    if (box.right > seen.right) drawing.scrollLeft += box.right - seen.right + kMargin;
    if (box.left < seen.left) drawing.scrollLeft -= seen.left - box.left + kMargin;
    if (box.bottom > seen.bottom) drawing.scrollTop += box.bottom - seen.bottom + kMargin;
    if (box.top < seen.top) drawing.scrollTop -= seen.top - box.top + 2 * kMargin;
  }

  /** Shows who is where. */
  light() {
    const places = this.page.placesOf(this.number.value);
    for (const node of this.box.querySelectorAll('[data-node]')) {
      const here = places.get(node.dataset.node);
      const isNew = Boolean(here) && !node.classList.contains('here');
      node.classList.toggle('here', Boolean(here));
      if (isNew && node.tagName === 'g') this.reveal(node);
      const label = node.querySelector('.node-here');
      setText(label, here ? `${node.tagName === 'LI' ? ' — here: ' : '▼ '}${here.join(', ')}` : '');
    }
  }
}
