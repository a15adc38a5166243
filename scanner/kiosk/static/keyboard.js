// Every key of the page. Readers may type at any moment, wherever the focus is: a code that begins like one of ours is
// taken out of whatever field it ran into. The officer's own keys are ones that no reader sends.

import { Reading } from "./keys.js";

const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);
const PRESSABLE = "button, a[href], select, summary, [role=button]";
const FIELD = "input, textarea";

export class Keyboard {
  constructor({ actions, read, isInDialog, zoneSign }) {
    Object.assign(this, { actions, read, isInDialog, zoneSign });
    this.reading = new Reading();
    this.zone = new Reading();
    this.field = { of: null, values: [] };
    this.swallowUp = false;
  }

  listen() {
    addEventListener("keydown", (event) => this.down(event), { capture: true });
    addEventListener("keyup", (event) => this.up(event), { capture: true });
  }

  down(event) {
    if (event.isTrusted === false && !event.code) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1) {
      if (this.named(event)) return;
    }
    if (ENDS.has(event.code) || ENDS.has(event.key)) this.end(event);
    else if (!event.ctrlKey && !event.metaKey && !event.altKey) this.sign(event);
  }

  // A pressed key of a reader must not press the button that has the focus when it comes up.
  up(event) {
    if (this.swallowUp && (event.code === "Space" || ENDS.has(event.code))) stop(event);
  }

  named(event) {
    const name = event.ctrlKey ? `Control+${event.key.toUpperCase()}` : event.key;
    const action = this.actions[name];
    const isEditing = event.target.matches?.(FIELD) && !/^F\d/.test(name);
    if (!action || isEditing || event.repeat) return false;
    if (this.isInDialog() && !/^F\d/.test(name)) return false;
    stop(event);
    this.reading.clear();
    action();
    return true;
  }

  sign(event) {
    const inField = event.target.matches?.(FIELD) ?? false;
    if (event.repeat || event.key === "Dead" && !event.code) {
      if (!inField) event.preventDefault();
      return;
    }
    if (event.code === "Space" && !this.reading.isCode && event.target.matches?.(PRESSABLE)) {
      this.reading.clear();
      this.swallowUp = false;
      return;
    }
    if (inField) this.remember(event.target);
    const wasCode = this.reading.isCode;
    if (!this.reading.take(event)) return;
    if (inField && event.target.id === "zone") this.zone.take(event);
    if (this.reading.isCode && !wasCode && inField) this.restore();
    this.swallowUp = this.reading.isCode;
    if (this.reading.isCode || !inField && !event.target.matches?.("select")) stop(event);
  }

  end(event) {
    const isTab = event.key === "Tab";
    const target = event.target;
    const isField = target.matches?.(FIELD);
    if (this.reading.isCode) {
      stop(event);
      this.swallowUp = true;
      this.zone.clear();
      this.read(this.reading.end());
    } else if (target.id === "zone" && !isTab) {
      stop(event);
      this.zoneLine();
    } else if (isField || isTab || this.reading.isEmpty || target.matches?.(PRESSABLE) && !this.reading.isShortCode) {
      this.reading.clear();
      this.swallowUp = false;
    } else {
      stop(event);
      this.swallowUp = true;
      this.read(this.reading.end());
    }
  }

  // One line of a document's zone came to its end.
  zoneLine() {
    this.reading.clear();
    if (this.zone.isEmpty) this.zoneSign({ end: true });
    else {
      this.zoneSign({ physical: this.zone.physical, written: this.zone.written });
      this.zone.clear();
    }
  }

  remember(field) {
    if (this.field.of !== field) this.field = { of: field, values: [] };
    this.field.values = [...this.field.values.slice(-7), field.value];
  }

  // The prefix of a code had run into a field: the field gets back what it held before.
  restore() {
    const { of: field, values } = this.field;
    if (field !== null && values.length) field.value = values[Math.max(0, values.length - 5)];
  }
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
