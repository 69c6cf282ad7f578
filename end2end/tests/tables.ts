// Tables that are made for a test: the same in every run.

/** Numbers between 0 and 1 that look random. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function csv(heads: string[], rows: (string | number)[][]): string {
  return [heads, ...rows].map((row) => row.join(",")).join("\n");
}

/** Numeric columns `f0000`, `f0001`, …; the first `moved` of them lie higher by three of their standard deviations. */
export function columns(seed: number, count: number, rows: number, moved: number): string {
  const roll = dice(seed);
  const heads = Array.from({ length: count }, (_, at) => `f${String(at).padStart(4, "0")}`);
  const value = (at: number) => (10 + roll() + roll() + roll() + roll() + (at < moved ? 1.7 : 0)).toFixed(3);
  return csv(heads, Array.from({ length: rows }, () => heads.map((_, at) => value(at))));
}

/** Predictions of a number of classes, of which a share is right. */
export function classes(count: number, rows: number, right: number): string {
  const roll = dice(count);
  const name = (place: number) => `class ${String(place).padStart(2, "0")}`;
  const lines = Array.from({ length: rows }, (_, row) => {
    const truth = row % count;
    return [name(truth), name(roll() < right ? truth : Math.floor(roll() * count)), ["north", "south"][row % 2] ?? ""];
  });
  return csv(["y_true", "y_pred", "region"], lines);
}

/** Predicted amounts; those of `west` are too high. */
export function amounts(rows: number, off: number): string {
  const roll = dice(rows);
  const lines = Array.from({ length: rows }, (_, row) => {
    const size = 20 + roll() * 100;
    const region = ["north", "south", "east", "west"][row % 4] ?? "";
    const truth = 1000 * size + (roll() - 0.5) * 4000;
    const predicted = 1000 * size + off + (region === "west" ? 6000 : 0) + (roll() - 0.5) * 4000;
    const day = new Date(Date.UTC(2024, 2, 1 + Math.floor((row * 28) / rows), row % 24)).toISOString().slice(0, 19);
    return [day, size.toFixed(1), region, truth.toFixed(1), predicted.toFixed(1)];
  });
  return csv(["time", "size", "region", "y_true", "y_pred"], lines);
}

/** Days of scored loans; from day `since` on, the income arrives a thousand times too small. */
export function scored(seed: number, month: string, since: number): string {
  const roll = dice(seed);
  const lines: (string | number)[][] = [];
  for (let day = 0; day < 30; day++) {
    for (let row = 0; row < 40; row++) {
      const income = Math.exp(10.5 + roll() + roll() - 1);
      const bought = Math.log(income) + (roll() - 0.5) * 0.4 > 10.5 ? 1 : 0;
      const seen = day >= since ? income / 1000 : income;
      const score = 1 / (1 + Math.exp(-8 * (Math.log(seen) - 10.5)));
      const at = `${month}-${String(day + 1).padStart(2, "0")} ${String(Math.floor(row / 2)).padStart(2, "0")}:00:00`;
      const text = `${["call", "mail", "visit", "web"][row % 4]} number ${seed}${day}${row} about a ${["car", "house"][row % 2]}`;
      lines.push([`${seed}x${day}x${row}`, at, seen.toFixed(2), text, score.toFixed(4), score > 0.5 ? 1 : 0, bought]);
    }
  }
  return csv(["id", "at", "income", "remark", "score", "prediction", "bought"], lines);
}

/** The answers of two versions to the same rows, in files of their own; the second answers wrongly in the north. */
export function versions(): { test: string; first: string; second: string } {
  const roll = dice(7);
  const rows = Array.from({ length: 1200 }, (_, row) => {
    const label = roll() < 0.5 ? 1 : 0;
    const region = ["north", "south", "east", "west"][row % 4] ?? "";
    const was = roll() < 0.9 ? label : 1 - label;
    const is = region === "north" && roll() < 0.6 ? 1 - label : was;
    return { id: `r${row}`, region, label, was, is };
  });
  return {
    test: csv(["id", "region", "label"], rows.map(({ id, region, label }) => [id, region, label])),
    first: csv(["id", "label", "prediction"], rows.map(({ id, label, was }) => [id, label, was])),
    second: csv(["id", "label", "prediction"], rows.map(({ id, label, is }) => [id, label, is])),
  };
}

/** Scores of a model for the same rows; the larger the noise, the worse it separates them. */
export function scores(seed: number, noise: number): string {
  const rows = dice(3);
  const roll = dice(seed);
  const lines = Array.from({ length: 900 }, (_, row) => {
    const label = rows() < 0.4 ? 1 : 0;
    const score = 1 / (1 + Math.exp(-(2 * label - 1 + (roll() + roll() - 1) * noise)));
    return [`r${row}`, label, score > 0.5 ? 1 : 0, score.toFixed(4)];
  });
  return csv(["id", "label", "prediction", "score"], lines);
}
