// Who was in, and since when: one lane for each ILB, out of the last views.

import { html, svg } from "../lib/lit-html/lit-html.js";
import { moment, plural, span } from "./format.js";
import { read } from "./rest.js";

const LANE = { label: 96, top: 8 };
const LISTED = 40;

export class Timeline {
  #number;
  #views = [];
  #redraw;

  constructor(redraw) {
    this.#redraw = redraw;
  }

  /** Reads the views anew when there is another one in force. */
  async follow(number) {
    if (number === this.#number) return;
    const former = this.#number;
    this.#number = number;
    try {
      this.#views = (await read("views")).views.map((view) => ({ ...view, since: Date.parse(view.since), members: view.members.map(String) }));
      this.#redraw();
    } catch {
      this.#number = former; // The next status is another chance.
    }
  }

  /** The ILBs' lanes in a width. */
  lanes(ilbs, now, width) {
    const views = [...this.#views].reverse();
    if (!views.length) return html`<p class="empty">No view yet: there is no configuration.</p>`;
    const begin = Math.min(views[0].since, now - 60000);
    const scale = (at) => LANE.label + ((Math.max(at, begin) - begin) / Math.max(1, now - begin)) * (width - LANE.label);
    const each = ilbs.length > 24 ? 9 : 20;
    const thick = ilbs.length > 24 ? 6 : 10;
    const height = LANE.top + each * ilbs.length + 22;
    const bars = ilbs.map((ilb, index) => {
      const y = LANE.top + index * each;
      const parts = [];
      views.forEach((view, place) => {
        if (!view.members.includes(ilb.name)) return;
        const end = place + 1 < views.length ? views[place + 1].since : now;
        const last = parts.at(-1);
        if (last && last.end === view.since) last.end = end;
        else parts.push({ start: view.since, end });
      });
      const drawn = parts.map(({ start, end }) => svg`<rect class="in" x=${scale(start)} y=${y} width=${Math.max(1, scale(end) - scale(start))} height=${thick} rx="2"><title>${`${ilb.name} in from ${moment(start)}, for ${span(end - start)}`}</title></rect>`);
      const label = each > 10 || index % 4 === 0 ? svg`<text class="lane" x="0" y=${y + thick - 1}>${ilb.name}</text>` : "";
      return svg`${label}<rect class="out" x=${LANE.label} y=${y} width=${width - LANE.label} height=${thick} rx="2"></rect>${drawn}`;
    });
    const foot = LANE.top + each * ilbs.length + 12;
    return html`<svg class="timeline" viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label="Which ILBs were in since ${moment(begin)}">
        ${bars}
        ${views.slice(-60).map((view) => svg`<line class="change" x1=${scale(view.since)} x2=${scale(view.since)} y1=${LANE.top - 4} y2=${foot - 10}></line>`)}
        <text class="lane" x=${LANE.label} y=${foot}>${moment(begin)}</text>
        <text class="lane" x=${width} y=${foot} text-anchor="end">now</text>
      </svg>`;
  }

  /** The changes in words, the last one first. */
  changes() {
    const rows = this.#views.slice(0, LISTED).map((view, index) => {
      // What was before the oldest view is not known.
      const former = new Set(this.#views[index + 1]?.members ?? view.members);
      const members = new Set(view.members);
      const came = view.members.filter((member) => !former.has(member));
      const went = [...former].filter((member) => !members.has(member));
      return html`<tr><td class="n">${view.number}</td><td>${moment(view.since)}</td><td class="n">${view.members.length}</td>
        <td>${this.#names(came)}</td><td>${this.#names(went)}</td></tr>`;
    });
    return html`<div class="scroll"><table><thead><tr><th class="n">View</th><th>Since</th><th class="n">In</th><th>Came</th><th>Went</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  }

  #names(members) {
    return members.length > 6 ? `${members.slice(0, 5).join(", ")} and ${plural(members.length - 5, "other")}` : members.join(", ");
  }
}
