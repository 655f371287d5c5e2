"use strict";
// The interactive parts of a report: searching, filtering and sorting outputs, sorting tables, copying the command.
// Texts of models and files are only set as textContent. Nothing is loaded over the network.
(() => {
  const PAGE = 50;
  const LONGEST = 400; // maximum words of a text in which differences are marked
  const CUT = 600; // maximum characters of a cell that is not collapsed

  const IDEOGRAPH = "[\\u2e80-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]";
  const WORD = new RegExp(`${IDEOGRAPH}|(?:(?!${IDEOGRAPH})[\\p{L}\\p{N}\\p{M}_])+|\\s+|.`, "gsu");
  const words = (text) => text.match(WORD) || [];

  // Table of longest common subsequence lengths for all suffixes of two word lists.
  function common(a, b) {
    const width = b.length + 1;
    const table = new Uint16Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        table[i * width + j] = a[i] === b[j]
          ? table[(i + 1) * width + j + 1] + 1
          : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
      }
    }
    return table;
  }

  // Mark the output words outside the longest common subsequence with the closest reference.
  function marked(cell, output, references) {
    const a = words(output);
    const known = references.map(words).filter((b) => b.length <= LONGEST);
    if (a.length > LONGEST || !known.length) {
      cell.append(output);
      return;
    }
    const pairs = known.map((b) => ({ b, table: common(a, b) }));
    const closeness = ({ b, table }) => table[0] / Math.max(1, a.length + b.length);
    const { b, table } = pairs.reduce((best, pair) => (closeness(pair) > closeness(best) ? pair : best));
    const width = b.length + 1;
    let i = 0, j = 0, held = "", heldMark = false;
    const flush = () => {
      if (held) {
        if (heldMark && held.trim()) {
          const mark = document.createElement("mark");
          mark.textContent = held;
          cell.append(mark);
        } else {
          cell.append(held);
        }
      }
      held = "";
    };
    const put = (text, isMarked) => {
      if (isMarked !== heldMark) flush();
      heldMark = isMarked;
      held += text;
    };
    while (i < a.length) {
      if (j < b.length && a[i] === b[j]) {
        put(a[i], false);
        i++;
        j++;
      } else if (j < b.length && table[i * width + j + 1] >= table[(i + 1) * width + j]) {
        j++;
      } else {
        put(a[i], true);
        i++;
      }
    }
    flush();
  }

  function filled(cell, text, fill) {
    if (text.length <= CUT) {
      fill(cell, text);
      return;
    }
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = text.slice(0, CUT / 2) + "…";
    const whole = document.createElement("div");
    details.append(summary, whole);
    details.addEventListener("toggle", () => {
      if (details.open && !whole.hasChildNodes()) fill(whole, text);
    });
    cell.append(details);
  }

  function browser(root) {
    const held = JSON.parse(document.getElementById(root.dataset.rows).textContent);
    const rows = held.rows, columns = held.columns, say = held.say;
    const find = (name) => root.querySelector(`[data-role="${name}"]`);
    const body = find("body"), count = find("count"), place = find("place");
    const back = find("back"), on = find("on"), search = find("search"), filter = find("filter"), sort = find("sort");
    const heads = [...root.querySelectorAll("th[data-column]")];
    const texts = columns.flatMap((column, number) => (column.kind === "text" ? [number] : []));
    const lower = rows.map((row) => texts.map((number) => [row[number]].flat().join("\n")).join("\n").toLowerCase());
    const flag = columns.length; // index of the filter names, after the cells
    let shown = rows.map((_, number) => number), start = 0, by = { column: 0, falls: false };

    const value = (row, column) => {
      const cell = rows[row][column];
      return columns[column].kind === "text" ? [cell].flat()[0].length : cell;
    };
    // Sort the chosen rows, and show the first page.
    function order() {
      const sign = by.falls ? -1 : 1;
      shown.sort((a, b) => sign * (value(a, by.column) - value(b, by.column)) || a - b);
      start = 0;
      draw();
    }
    function choose() {
      const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const name = filter.value;
      shown = [];
      for (let row = 0; row < rows.length; row++) {
        if ((!name || rows[row][flag].includes(name)) && wanted.every((word) => lower[row].includes(word))) {
          shown.push(row);
        }
      }
      order();
    }
    function cell(row, number) {
      const td = document.createElement("td"), column = columns[number], content = rows[row][number];
      td.dataset.label = column.name;
      if (column.kind !== "text") {
        td.className = "n";
        td.textContent = number === 0 ? content.toLocaleString() : content.toFixed(column.digits);
        return td;
      }
      const list = [content].flat();
      list.forEach((text, position) => {
        if (position) td.append(document.createElement("br"));
        if (!text) {
          const empty = document.createElement("span");
          empty.className = "empty";
          empty.textContent = say.empty;
          td.append(empty);
        } else if (column.against === undefined) {
          filled(td, text, (where, all) => where.append(all));
        } else {
          filled(td, text, (where, all) => marked(where, all, [rows[row][column.against]].flat()));
        }
      });
      return td;
    }
    function draw() {
      body.replaceChildren(...shown.slice(start, start + PAGE).map((row) => {
        const line = document.createElement("tr");
        line.append(...columns.map((_, number) => cell(row, number)));
        return line;
      }));
      count.textContent = say.count.replace("{0}", shown.length.toLocaleString())
        .replace("{1}", rows.length.toLocaleString());
      const last = Math.min(start + PAGE, shown.length);
      place.textContent = shown.length ? `${(start + 1).toLocaleString()}–${last.toLocaleString()}` : "";
      back.disabled = start === 0;
      on.disabled = last >= shown.length;
      sort.value = `${by.column}${by.falls ? "-" : "+"}`;
      heads.forEach((head) => {
        const isThis = Number(head.dataset.column) === by.column;
        head.setAttribute("aria-sort", isThis ? (by.falls ? "descending" : "ascending") : "none");
      });
    }
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(choose, 120);
    });
    filter.addEventListener("change", choose);
    sort.addEventListener("change", () => {
      by = { column: parseInt(sort.value, 10), falls: sort.value.endsWith("-") };
      order();
    });
    heads.forEach((head) => head.querySelector("button").addEventListener("click", () => {
      const column = Number(head.dataset.column);
      by = { column, falls: by.column === column && !by.falls };
      order();
    }));
    const turn = (step) => {
      start = Math.max(0, start + step * PAGE);
      draw();
      root.scrollIntoView({ block: "start" });
    };
    back.addEventListener("click", () => turn(-1));
    on.addEventListener("click", () => turn(1));
    root.hidden = false;
    draw();
  }

  // A table with sort keys in data-sort, and its search box.
  function sortable(table) {
    const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = head.querySelector("button");
      if (!button) return;
      button.addEventListener("click", () => {
        const falls = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.querySelector("button") && other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", falls ? "descending" : "ascending");
        const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
        const compare = (row, other) => {
          const a = key(row), b = key(other);
          if (a === "" || b === "") return (a === "") - (b === ""); // rows without a value sort last
          const both = a - b;
          return (falls ? -1 : 1) * (Number.isNaN(both) ? a.localeCompare(b) : both);
        };
        body.append(...[...body.rows].sort(compare));
      });
    });
    const search = document.querySelector(`[data-search~="${table.id}"]`); // one box may search several tables
    if (search) {
      search.closest(".tools").hidden = false;
      search.addEventListener("input", () => {
        const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        for (const row of body.rows) {
          const text = row.textContent.toLowerCase();
          row.hidden = !wanted.every((word) => text.includes(word));
        }
      });
    }
  }

  function copier(button) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copies).textContent;
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const area = document.createElement("textarea"); // pages from file:// may have no clipboard
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
      }
      button.textContent = button.dataset.done;
    });
  }

  document.querySelectorAll("[data-rows]").forEach(browser);
  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelectorAll("button.copy").forEach(copier);
})();
