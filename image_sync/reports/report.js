
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const report = document.getElementById("report");
  const made = (tag, cls, text) => {
    const one = document.createElement(tag);
    if (cls) one.className = cls;
    if (text !== undefined) one.textContent = text;
    return one;
  };
  const units = ["KiB", "MiB", "GiB", "TiB"];
  const size = (bytes) => {
    if (bytes < 1024) return bytes + " bytes";
    let value = bytes / 1024, unit = 0;
    while (value >= 999.5 && unit < units.length - 1) { value /= 1024; unit++; }
    return value.toFixed(value >= 99.95 ? 0 : 1) + " " + units[unit];
  };
  const rules = data.sheets.map((one, number) => `.s${number}{background-image:url(data:image/webp;base64,${one})}`);
  const style = made("style");
  style.textContent = rules.join("\n");
  document.head.append(style);

  report.append(made("h1", "", data.title));
  for (const line of data.lines) report.append(made("p", "", line));
  report.append(made("p", "faint", `${data.program}, ${data.made}`));
  const folded = (title, texts, cls) => {
    if (!texts.length) return;
    const box = made("details");
    box.append(made("summary", cls, `${title} (${texts.length})`));
    const list = made("ul");
    for (const text of texts) list.append(made("li", "", text));
    box.append(list);
    report.append(box);
  };
  folded("Problems", data.problems, "alarm");
  folded("Notes", data.notes, "");

  const sections = data.sections.map(([title, note, rows], order) => ({
    title, note: data.texts[note], order, bytes: rows.reduce((sum, row) => sum + row[2], 0),
    rows: rows.map(([name, folder, bytes, facts, fate, pic]) => ({
      name, folder: data.texts[folder], bytes, facts: data.texts[facts], fate: data.texts[fate], pic,
    })),
  }));
  for (const one of sections) {
    for (const row of one.rows) row.all = [one.title, row.name, row.folder, row.facts, row.fate].join("\n").toLowerCase();
  }
  const bar = made("div", "bar"), search = made("input"), sort = made("select"), fates = made("select");
  search.type = "search";
  search.placeholder = "Filter: words of a name, a folder, a reason";
  search.setAttribute("aria-label", "Filter");
  const option = (box, value, text) => { const one = made("option", "", text); one.value = value; box.append(one); };
  for (const [value, text] of [["order", "In order"], ["bytes", "Largest first"], ["number", "Most files first"],
    ["title", "By name"]]) option(sort, value, text);
  sort.setAttribute("aria-label", "Sort");
  option(fates, "", "All files");
  const verbs = [...new Set(sections.flatMap((one) => one.rows.map((row) => row.fate.split(" \u2192 ")[0])))].sort();
  for (const verb of verbs) option(fates, verb, verb);
  fates.setAttribute("aria-label", "What becomes of them");
  const count = made("span", "faint"), list = made("div"), end = made("div");
  bar.append(search, fates, sort, count);
  report.append(bar, list, end);

  const picture = (row) => {
    const pic = made("div", "pic");
    pic.style.width = pic.style.height = data.box + "px";
    if (row.pic >= 0) {
      const place = row.pic % data.perSheet;
      pic.classList.add("s" + Math.floor(row.pic / data.perSheet));
      pic.style.backgroundPosition =
        `-${(place % data.columns) * data.box}px -${Math.floor(place / data.columns) * data.box}px`;
    }
    return pic;
  };
  const drawn = (one) => {
    const box = made("section");
    box.append(made("h2", "", `${one.title} \u00b7 ${one.shown.length} \u00b7 ${size(one.bytes)}`));
    if (one.note) box.append(made("p", "note", one.note));
    for (const row of one.shown) {
      const line = made("div", "row"), what = made("div", "what");
      what.append(made("div", "name", row.name), made("div", "folder", row.folder), made("div", "fate", row.fate));
      line.append(picture(row), what, made("div", "facts", row.facts), made("div", "size", size(row.bytes)));
      box.append(line);
    }
    return box;
  };
  let wanted = [], next = 0;
  const more = () => {
    let rows = 0;
    while (next < wanted.length && rows < 120) {
      rows += wanted[next].shown.length;
      list.append(drawn(wanted[next++]));
    }
  };
  const orders = {
    order: (a, b) => a.order - b.order, bytes: (a, b) => b.bytes - a.bytes,
    number: (a, b) => b.rows.length - a.rows.length, title: (a, b) => a.title.localeCompare(b.title),
  };
  const arrange = () => {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (row) => terms.every((term) => row.all.includes(term)) &&
      (!fates.value || row.fate.split(" \u2192 ")[0] === fates.value);
    const grouped = data.title === "Organize";
    wanted = [];
    for (const one of sections) {
      const fitting = one.rows.filter(fits);
      if (fitting.length) wanted.push({ ...one, shown: grouped ? one.rows : fitting });
    }
    wanted.sort(orders[sort.value]);
    const files = wanted.reduce((sum, one) => sum + one.shown.length, 0);
    count.textContent = `${wanted.length.toLocaleString()} of ${sections.length.toLocaleString()} \u00b7 ` +
      `${files.toLocaleString()} files`;
    list.textContent = "";
    next = 0;
    more();
  };
  for (const one of [search, sort, fates]) one.addEventListener("input", arrange);
  new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) more(); },
    { rootMargin: "900px" }).observe(end);
  arrange();
})();
