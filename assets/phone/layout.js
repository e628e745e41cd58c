// Where the nodes of a drawing stand: in columns from the start, and between them the arrows that
// pass by a column.

const kPassHeight = 12;
const kMostPasses = 5000;

/** By the fewest arrows from the first node; -1 for what none lead to. */
function nearest(next) {
  const depth = next.map((_, at) => (at === 0 ? 0 : -1));
  const order = next.length ? [0] : [];
  for (const at of order) {
    for (const to of next[at]) {
      if (depth[to] >= 0) continue;
      depth[to] = depth[at] + 1;
      order.push(to);
    }
  }
  return depth;
}

/** By the most arrows from the first node, of those that do not lead back; -1 for what none lead to. */
function farthest(next) {
  const ahead = next.map(() => []);
  const state = next.map(() => 'new');
  const finished = [];
  const way = next.length ? [{at: 0, tried: 0}] : [];
  if (way.length) state[0] = 'under way';
  while (way.length) {
    const {at, tried} = way.at(-1);
    if (tried === next[at].length) {
      state[at] = 'done';
      finished.push(at);
      way.pop();
      continue;
    }
    way.at(-1).tried += 1;
    const to = next[at][tried];
    if (state[to] === 'under way') continue;  // leads back
    ahead[at].push(to);
    if (state[to] === 'done') continue;
    state[to] = 'under way';
    way.push({at: to, tried: 0});
  }
  const depth = next.map((_, at) => (at === 0 ? 0 : -1));
  for (const at of finished.reverse()) {
    for (const to of ahead[at]) depth[to] = Math.max(depth[to], depth[at] + 1);
  }
  return depth;
}

/** The column of each node; those that nothing leads to have the last one. */
function columnsOf(count, arrows, isSpread) {
  const next = Array.from({length: count}, () => []);
  for (const arrow of arrows) next[arrow.from].push(arrow.to);
  let depth = isSpread ? farthest(next) : nearest(next);
  const passes = arrows.reduce((sum, {from, to}) => sum + Math.max(depth[to] - depth[from] - 1, 0), 0);
  if (passes > kMostPasses) depth = nearest(next);  // where no arrow passes by a column
  const last = Math.max(...depth) + 1;
  return depth.map((one) => (one < 0 ? last : one));
}

/** Each cell of a column at the height of what leads to it from the column before. */
function sortByOrigin(column, before) {
  const row = new Map(before.map((cell, at) => [cell, at]));
  const wish = new Map(column.map((cell, at) => {
    const rows = cell.origins.map((origin) => row.get(origin)).filter((one) => one !== undefined);
    return [cell, rows.length ? rows.reduce((sum, one) => sum + one, 0) / rows.length : at];
  }));
  column.sort((one, other) => wish.get(one) - wish.get(other));
}

/**
 * Places `count` nodes. `size` has their `height`, the `gapY` between them, and `left(column)`. With
 * `isSpread`, a node stands behind all that lead to it, as far as arrows do not lead back; otherwise
 * as near to the start as it can.
 * Returns the `place` of each node, {x, y}, and for each arrow the places `via` which it leads; and
 * how many `columns` there are, and the `height` of all.
 */
export function layoutOf(count, arrows, size, isSpread) {
  const at = columnsOf(count, arrows, isSpread);
  const columns = Array.from({length: Math.max(...at, 0) + 1}, () => []);
  const nodes = at.map((column) => ({height: size.height, origins: [], column}));
  for (const cell of nodes) columns[cell.column].push(cell);
  const passing = arrows.map(({from, to}) => {
    const cells = [];
    for (let column = at[from] + 1; column < at[to]; ++column) {
      const cell = {height: kPassHeight, origins: [cells.at(-1) ?? nodes[from]], column};
      cells.push(cell);
      columns[column].push(cell);
    }
    if (at[to] > at[from]) nodes[to].origins.push(cells.at(-1) ?? nodes[from]);
    return cells;
  });
  columns.forEach((column, place) => { if (place > 0) sortByOrigin(column, columns[place - 1]); });
  const heightOf = (column) =>
    column.reduce((sum, cell) => sum + cell.height + size.gapY, -size.gapY);
  const height = Math.max(...columns.map(heightOf), 0);
  columns.forEach((column, place) => {
    let y = (height - heightOf(column)) / 2;
    for (const cell of column) {
      Object.assign(cell, {x: size.left(place), y});
      y += cell.height + size.gapY;
    }
  });
  return {
    place: nodes,
    via: passing.map((cells) => cells.map(({x, y}) => ({x, y: y + kPassHeight / 2}))),
    columns: columns.length, height};
}
